"""The pages of brokering: they work, they refuse the stranger, they refuse bad input."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.models import ServicePoint
from exchange.brokering.kinds import MatchState
from exchange.brokering.models import Match
from exchange.listings.kinds import Side
from tests.brokering.conftest import Scene
from tests.conftest import Queries
from tests.factories import make_listing


def test_a_step_that_came_too_late_is_refused_with_a_sentence(
    scene: Scene, client: FlaskClient
) -> None:
    page = f"/matches/{scene.proposed()}"
    scene.cast.sign_in(client, scene.cast.officer)
    first = client.post(f"{page}/answer", data={"side": "need", "accept": "yes"})
    assert first.status_code == 302
    client.get(page)
    late = client.post(f"{page}/answer", data={"side": "need", "accept": "no", "reason": "terms"})
    assert late.status_code == 422
    assert "这一步没有办成" in late.text
    assert "This has not been done" not in client.get(page).text


def test_journey_through_the_pages(
    scene: Scene, client: FlaskClient, run_jobs: Callable[[], int]
) -> None:
    cast = scene.cast
    need, offer = scene.listing(Side.NEED).public_id, scene.listing(Side.OFFER).public_id
    cast.sign_in(client, cast.broker)
    answer = client.post("/matches", data={"need": need, "offer": offer})
    page = answer.headers["Location"]
    assert client.post(f"{page}/propose", data={"message": "请看看"}).status_code == 302
    cast.sign_in(client, cast.officer)
    assert "请看看" in client.get(page).text
    client.post(f"{page}/answer", data={"side": "need", "accept": "yes"})
    cast.sign_in(client, cast.enterprise)
    client.post(f"{page}/answer", data={"side": "offer", "accept": "yes"})
    assert cast.officer.phone not in client.get(page).text
    shown = client.post(f"{page}/contact/need")
    assert cast.officer.phone in shown.text
    cast.sign_in(client, cast.broker)
    public_id = page.rsplit("/", 1)[-1]
    assert f'data-keep="match-{public_id}-commit"' in client.get(page).text
    client.post(f"{page}/commit", data={"taken": "30", "covers": "30", "due_on": "2026-12-01"})
    assert f'data-keep-done="match-{public_id}-commit"' in client.get(page).text
    commitment = scene.match(public_id).commitments[0].public_id
    cast.sign_in(client, cast.officer)
    client.post(f"{page}/delivery", data={"commitment": commitment, "amount": "30"})
    client.post(f"{page}/outcome", data={"text": "用上了", "people": "80"})
    cast.sign_in(client, cast.enterprise)
    version = scene.match(public_id).version
    client.post(f"{page}/confirm", data={"side": "offer", "version": version})
    assert scene.match(public_id).state is MatchState.COMPLETED
    cast.sign_in(client, cast.officer)
    assert "双方都同意了" in client.get("/notices").text
    run_jobs()


def test_stranger_gets_404_for_a_match(scene: Scene, client: FlaskClient) -> None:
    public_id = scene.proposed()
    scene.cast.sign_in(client, scene.cast.stranger)
    assert client.get(f"/matches/{public_id}").status_code == 404
    assert client.post(f"/matches/{public_id}/contact/need").status_code == 404
    assert client.get("/today").status_code == 403


def test_refused_form_keeps_what_was_typed(scene: Scene, client: FlaskClient) -> None:
    public_id = scene.introduced()
    scene.cast.sign_in(client, scene.cast.broker)
    answer = client.post(
        f"/matches/{public_id}/commit", data={"taken": "一百零一吨吨", "covers": "7"}
    )
    assert answer.status_code == 422
    assert "一百零一吨吨" in answer.text
    assert "请写一个数字" in answer.text
    more = client.post(f"/matches/{public_id}/commit", data={"taken": "101", "covers": "7"})
    assert more.status_code == 422
    assert "资源剩下的没有这么多了" in more.text


def test_pages_show_in_both_languages(scene: Scene, client: FlaskClient) -> None:
    scene.proposed()
    scene.cast.sign_in(client, scene.cast.broker)
    for language in ("zh", "en"):
        client.get(f"/locale/{language}")
        for path in ("/today", "/matches", "/notices"):
            page = client.get(path)
            assert page.status_code == 200, path
            assert f'<html lang="{language}' in page.text, path


def test_number_of_queries_does_not_grow_with_matches(
    scene: Scene,
    client: FlaskClient,
    catch_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:
    scene.proposed()
    scene.cast.sign_in(client, scene.cast.broker)
    counts = []
    for _ in range(2):
        client.get("/matches")
        with catch_queries() as queries:
            client.get("/matches")
        with catch_queries() as today:
            client.get("/today")
        counts.append((queries.count, today.count))
        for _more in range(3):
            scene.need_id = make_listing(scene.cast.house, scene.cast.officer, Side.NEED).id
            scene.proposed()
    assert counts[0] == counts[1]


BAD_PAIRS = [{}, {"need": "x" * 5000, "offer": "\x00"}, {"need": "a", "offer": "b"}]


def test_bad_pair_is_refused_without_a_fault(scene: Scene, client: FlaskClient) -> None:
    scene.cast.sign_in(client, scene.cast.broker)
    for values in BAD_PAIRS:
        for path in ("/matches", "/today/dismiss"):
            assert client.post(path, data=values).status_code in (302, 404), (path, values)
    assert scene.cast.session.scalars(sa.select(Match)).all() == []


BAD_NUMBERS = ["9" * 30, "-" + "9" * 30, "-1", "x", "9" * 5000]


def test_number_that_no_row_can_have_is_no_fault(scene: Scene, client: FlaskClient) -> None:
    scene.cast.sign_in(client, scene.cast.supervisor)
    point = scene.cast.session.scalars(sa.select(ServicePoint.public_id)).first()
    for number in BAD_NUMBERS:
        paths = (f"/matches?before={number}", f"/notices?before={number}")
        for path in (*paths, f"/verification?after={number}"):
            assert client.get(path).status_code == 200, path[:60]
        for one in (number, point):
            ended = client.post(f"/points/{one}/workers/{number}/end")
            assert ended.status_code == 404, number[:60]
