"""Suggested pairs on the day: taken up, dismissed, set aside, by one or by two windows."""

from datetime import date

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.brokering.desk.aside_models import PairAside
from exchange.brokering.kinds import MatchState
from exchange.brokering.models import Match
from tests.brokering.conftest import Scene
from tests.brokering.test_today import group, look, pair_of, suggest
from tests.conftest import SettableClock


def test_claim_stays_on_the_day_and_is_taken_back(
    scene: Scene, client: FlaskClient, session: Session
) -> None:
    suggest(scene, scene.need_id, scene.offer_id)
    page = look(scene, client)
    assert 'hx-post="/today/claim"' in page
    done = client.post("/today/claim", data=pair_of(scene), follow_redirects=True)
    assert "接下了：要两台微耕机 和 出借微耕机" in done.text
    session.rollback()
    match = session.query(Match).one().public_id
    assert match in group(done.text, "to_ask")
    undone = client.post(
        "/today/undo", data={"act": "claimed", "match": match}, follow_redirects=True
    )
    assert "撤销了" in undone.text
    assert scene.match(match).state is MatchState.WITHDRAWN
    assert "出借微耕机" in group(undone.text, "pairs")


def test_dismissal_by_one_tap_is_taken_back(
    scene: Scene, client: FlaskClient, session: Session
) -> None:
    suggest(scene, scene.need_id, scene.offer_id)
    assert '<button class="btn quiet wide" name="reason" value="too_far">' in look(scene, client)
    without = client.post("/today/dismiss", data=pair_of(scene), follow_redirects=True)
    assert "请选一个不合适的原因" in without.text
    sent = pair_of(scene) | {"reason": "too_far"}
    done = client.post("/today/dismiss", data=sent, follow_redirects=True)
    assert "不再推荐" in done.text
    assert "出借微耕机" not in group(done.text, "pairs")
    session.rollback()
    match = session.query(Match).one()
    assert match.state is MatchState.DISMISSED
    undone = client.post(
        "/today/undo", data={"act": "dismissed", "match": match.public_id}, follow_redirects=True
    )
    assert "出借微耕机" in group(undone.text, "pairs")


def test_pair_set_aside_is_gone_for_me_alone_and_comes_back_by_itself(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    suggest(scene, scene.need_id, scene.offer_id)
    look(scene, client)
    sent = pair_of(scene) | {"until": "tomorrow"}
    done = client.post("/today/aside", data=sent, follow_redirects=True)
    assert "放到 11" in done.text
    assert "出借微耕机" not in group(done.text, "pairs").split("有 1 对先放着")[0]
    assert "有 1 对先放着" in done.text
    scene.cast.sign_in(client, scene.cast.supervisor)
    assert "出借微耕机" in group(client.get("/today").text, "pairs")
    clock.forward(days=1)
    page = look(scene, client)
    assert "出借微耕机" in group(page, "pairs")
    assert "先放着，到日子" not in page


def test_aside_is_taken_back_and_only_by_who_may_take_the_pair_up(
    scene: Scene, client: FlaskClient, session: Session
) -> None:
    suggest(scene, scene.need_id, scene.offer_id)
    look(scene, client)
    for until in ("next_week", "month"):
        client.post("/today/aside", data=pair_of(scene) | {"until": until})
    session.rollback()
    kept = session.scalars(sa.select(PairAside)).one()
    assert kept.until == date(2026, 12, 22)
    client.post("/today/undo", data=pair_of(scene) | {"act": "aside"})
    session.rollback()
    assert session.scalars(sa.select(PairAside)).all() == []
    scene.cast.sign_in(client, scene.cast.officer)
    sent = pair_of(scene) | {"until": "tomorrow"}
    assert client.post("/today/aside", data=sent).status_code == 403


def test_a_second_window_leads_to_the_match_that_one_has_taken_up_already(
    scene: Scene, client: FlaskClient, session: Session
) -> None:
    match = scene.claimed()
    scene.cast.sign_in(client, scene.cast.broker)
    said = "这一对您已经接下了"
    day = client.post("/today/claim", data=pair_of(scene), follow_redirects=True)
    assert said in day.text
    assert match in day.text
    answer = client.post("/matches", data=pair_of(scene))
    assert answer.location == f"/matches/{match}"
    assert said in client.get(answer.location).text
    session.rollback()
    assert session.query(Match).count() == 1
    scene.cast.sign_in(client, scene.cast.supervisor)
    other = client.post("/matches", data=pair_of(scene), follow_redirects=True).text
    assert "已经有人接下了" in other
    assert said not in other


def test_what_another_has_taken_up_is_refused_with_a_sentence(
    scene: Scene, client: FlaskClient
) -> None:
    scene.claimed()
    scene.cast.sign_in(client, scene.cast.supervisor)
    answer = client.post("/today/claim", data=pair_of(scene), follow_redirects=True)
    assert answer.status_code == 200
    assert 'class="flash warning"' in answer.text
