"""The day: every group has its line and its act; three acts on a suggestion, each taken back."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.absence.service import set_absence
from exchange.accounts.models import Person
from exchange.accounts.tokens.service import create_token
from exchange.brokering.centre.caseload_service import Receiver, assign_need
from exchange.brokering.deeds import fulfilling
from exchange.brokering.deeds.delivering import deliveries_of, dispute_delivery, record_delivery
from exchange.brokering.desk.aside_models import PairAside
from exchange.brokering.kinds import CloseReason
from exchange.brokering.life import proposing
from exchange.kernel.act import House
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.undertakings.service import make_undertaking
from exchange.matching.models import Suggestion
from exchange.notifications.models import Notice
from tests.brokering.conftest import Scene
from tests.brokering.test_caseload import colleague
from tests.conftest import Queries, SettableClock
from tests.factories import make_listing

Catch = Callable[[], AbstractContextManager[Queries]]


def suggest(scene: Scene, need_id: int, offer_id: int, score: float = 0.9) -> None:
    """A pair as matching would have stored it."""
    with scene.open() as act:
        act.session.add(
            Suggestion(
                need_id=need_id, offer_id=offer_id, score_micro=round(score * 1e6), reasons=[],
                engine="hand", computed_at=act.now,
            )
        )  # fmt: skip


def look(scene: Scene, client: FlaskClient, query: str = "") -> str:
    scene.cast.sign_in(client, scene.cast.broker)
    answer = client.get(f"/today{query}")
    assert answer.status_code == 200
    return answer.text


def group(page: str, code: str) -> str:
    """The lines of one group; empty where it does not stand there."""
    until = '(?=<details class="group"|<aside)'
    inside = re.search(rf'id="g-{code}" open>(.*?){until}', page, re.DOTALL)
    return inside.group(1) if inside else ""


def pair_of(scene: Scene) -> dict[str, str]:
    return {side.value: scene.listing(side).public_id for side in Side}


def test_silence_becomes_a_call_on_the_day_of_the_reminder(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    match = scene.proposed()
    assert group(look(scene, client), "calls") == ""
    clock.forward(days=11)
    calls = group(look(scene, client), "calls")
    assert "打电话，记回音" in calls
    assert f"/matches/{match}#answer" in calls
    assert "朵贝村村民委员会" in calls
    assert "黔山冷链有限公司" in calls
    assert "12月6日 作废" in calls.replace("\xa0", "")


def test_who_has_no_account_is_called_at_once(scene: Scene, client: FlaskClient) -> None:
    match = scene.proposed()
    with scene.open() as act:
        person = act.session.get_one(Person, scene.cast.officer.person_id)
        person.password_hash = None
    calls = group(look(scene, client), "calls")
    assert f"/matches/{match}" in calls
    assert "没有账号，只能打电话" in calls
    assert "黔山冷链有限公司" not in calls.split("作废")[0]


def test_answers_lead_on(scene: Scene, client: FlaskClient) -> None:
    match = scene.proposed()
    with scene.act(scene.cast.officer) as act:
        proposing.answer(act, match, Side.NEED, accept=True)
    assert "朵贝村村民委员会同意了，黔山冷链有限公司还没回" in group(look(scene, client), "answers")
    with scene.act(scene.cast.enterprise) as act:
        proposing.answer(act, match, Side.OFFER, accept=False, reason=CloseReason.TIME)
    answers = group(look(scene, client), "answers")
    assert "有一方没同意" in answers
    assert f"/matches/{match}#next-best" in answers


def test_a_no_leaves_the_day_once_the_need_goes_on_or_after_a_week(
    scene: Scene, client: FlaskClient, house: House, clock: SettableClock
) -> None:
    match = scene.proposed()
    with scene.act(scene.cast.enterprise) as act:
        proposing.answer(act, match, Side.OFFER, accept=False, reason=CloseReason.TIME)
    assert match in group(look(scene, client), "answers")
    first = scene.offer_id
    scene.offer_id = make_listing(house, scene.cast.enterprise, Side.OFFER).id
    scene.claimed()
    assert match not in group(look(scene, client), "answers")
    scene.offer_id = first
    clock.forward(days=8)
    assert match not in look(scene, client)


def test_promises_questions_and_ends(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    cast, match = scene.cast, scene.introduced()
    with scene.act(cast.broker) as act:
        commitment = fulfilling.commit(
            act, match, 30_000, 30_000, act.today + timedelta(days=5)
        ).public_id
    assert group(look(scene, client), "promises") == ""
    clock.forward(days=2)
    promises = group(look(scene, client), "promises")
    assert f"/matches/{match}#agreed" in promises
    assert "3天" in promises
    clock.forward(days=4)
    assert "过期了" in group(look(scene, client), "promises")
    with scene.act(cast.enterprise) as act:
        made = record_delivery(act, match, commitment, 30_000)
        delivery = deliveries_of(act.session, made.id)[0].public_id
    page = look(scene, client)
    assert group(page, "promises") == ""
    assert "写下成效" in group(page, "to_finish")
    with scene.act(cast.officer) as act:
        dispute_delivery(act, match, delivery, Side.NEED, "只到了两台")
    page = look(scene, client)
    assert "有一笔交付对不上" in group(page, "questions")
    assert group(page, "to_finish") == ""


def test_what_rests_is_stalled_by_the_days_of_the_centre(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    match = scene.claimed()
    assert match in group(look(scene, client), "to_ask")
    clock.forward(days=4)
    page = look(scene, client)
    assert group(page, "to_ask") == ""
    assert "4 天没动" in group(page, "stalled")
    assert "向双方牵线" in group(page, "stalled")


def test_day_of_a_stand_in_holds_the_cases_of_who_is_away(
    scene: Scene, client: FlaskClient
) -> None:
    cast, match = scene.cast, scene.claimed()
    other = colleague(cast, cast.broker, "小吴")
    cast.sign_in(client, other)
    assert match not in client.get("/today").text
    own, stand_in = (one.person.public_id for one in (cast.broker, other))
    with scene.act(cast.broker) as act:
        set_absence(act, own, stand_in, date(2026, 11, 22), date(2026, 11, 30))
    scene.cast.sign_in(client, other)
    assert match in client.get("/today").text


def test_station_part_names_what_nobody_has_and_what_ends(
    scene: Scene, client: FlaskClient, house: House, session: Session
) -> None:
    cast = scene.cast
    ending = make_listing(
        house, cast.officer, Side.NEED, title="要到期的", to_date=date(2026, 11, 25)
    )
    key = ending.public_id
    with scene.act(cast.officer) as act:
        make_undertaking(act, "办个微耕机队", "", [act.session.get_one(Listing, scene.need_id)])
    page = look(scene, client)
    assert "要两台微耕机" in group(page, "waiting")
    assert "办个微耕机队" in group(page, "undertakings")
    assert "0/1" in group(page, "undertakings")
    assert "问问还要不要" in group(page, "expiring")
    asked = client.post("/today/ask", data={"listing": key}, follow_redirects=True)
    assert "问了发布人" in asked.text
    assert "问问还要不要" not in group(asked.text, "expiring")
    told = sa.select(Notice).where(Notice.person_id == cast.officer.person_id)
    session.rollback()
    assert "listing_ends_need" in {one.code for one in session.scalars(told)}
    again = client.post("/today/ask", data={"listing": key}, follow_redirects=True)
    assert "一天之内已经问过发布人" in again.text


def test_need_in_my_hands_is_mine_and_counted(scene: Scene, client: FlaskClient) -> None:
    me = scene.cast.broker.person.public_id
    need = scene.listing(Side.NEED).public_id
    with scene.act(scene.cast.broker) as act:
        assign_need(act, need, Receiver(worker=me), seen_owner="")
    page = look(scene, client)
    assert "要两台微耕机" in group(page, "needs")
    assert group(page, "waiting") == ""
    assert "<h1>今天要做的 1 件事</h1>" in page


@pytest.mark.parametrize(
    "query", ["?did=claimed-x", "?did=aside-a-b", "?did=%00-", "?only=nonsense", "?only=calls",
     "?only=to_ask&from=9223372036854775807"],
)
def test_odd_addresses_show_the_day(scene: Scene, client: FlaskClient, query: str) -> None:
    assert 'id="done"' not in look(scene, client, query)


def test_long_group_shows_its_first_lines_and_the_way_to_all(
    scene: Scene, client: FlaskClient, house: House
) -> None:
    for _ in range(7):
        scene.need_id = make_listing(house, scene.cast.officer, Side.NEED).id
        scene.claimed()
    page = look(scene, client)
    assert "接下了，还没牵线 · 7" in page
    assert group(page, "to_ask").count('class="item"') == 5
    assert "看全部 7 件" in page
    alone = look(scene, client, "?only=to_ask")
    assert group(alone, "to_ask").count('class="item"') == 7
    assert "<h1>今天要做的 7 件事</h1>" in alone
    rest = look(scene, client, "?only=to_ask&from=5")
    assert group(rest, "to_ask").count('class="item"') == 2


def test_broker_lands_on_the_day_and_others_at_home(scene: Scene, client: FlaskClient) -> None:
    for who, page in ((scene.cast.broker, "/today"), (scene.cast.officer, "/")):
        sent = {"address": who.phone, "password": who.password}
        assert client.post("/sign-in", data=sent).headers["Location"] == page
        client.post("/sign-out")
        onward = client.post("/sign-in?next=/matches", data=sent)
        assert onward.headers["Location"] == "/matches"
        client.post("/sign-out")


def test_number_of_queries_is_the_same_for_few_and_for_many(
    scene: Scene, client: FlaskClient, house: House, catch_queries: Catch, clock: SettableClock
) -> None:
    """Of every group of the page that tests can fill by simple acts."""
    cast = scene.cast

    def more(number: int) -> None:
        for _ in range(number):
            scene.need_id = make_listing(house, cast.officer, Side.NEED).id
            scene.claimed()
            scene.need_id = make_listing(house, cast.officer, Side.NEED).id
            scene.proposed()
            scene.need_id = make_listing(house, cast.officer, Side.NEED).id
            match = scene.introduced()
            with scene.act(cast.broker) as act:
                fulfilling.commit(act, match, 1_000, 1_000, act.today)
            need = make_listing(house, cast.officer, Side.NEED, to_date=date(2026, 11, 26))
            suggest(scene, need.id, scene.offer_id)
            with scene.act(cast.officer) as act:
                make_undertaking(act, "要办", "", [act.session.get_one(Listing, need.id)])

    def asked() -> int:
        look(scene, client)
        with catch_queries() as queries:
            look(scene, client)
        return queries.count

    more(2)
    few = asked()
    more(3)
    many = asked()
    assert (few, many) == (few, few)
    assert few < 80


@pytest.fixture
def call(scene: Scene, client: FlaskClient) -> Callable[..., Any]:
    def calling(path: str, body: dict[str, Any] | None = None) -> Any:
        who = scene.cast.broker
        with scene.open() as act:
            made = create_token(
                act, who.person_id, who.organisation_id, "x", may_write=True, days=1
            )
            headers = {"Authorization": f"Bearer {made.secret}"}
        if body is None:
            return client.get(f"/api/v1{path}", headers=headers)
        return client.post(f"/api/v1{path}", json=body, headers=headers)

    return calling


def test_programs_read_the_same_day_and_set_aside(
    scene: Scene, session: Session, call: Callable[..., Any]
) -> None:
    match = scene.claimed()
    found = call("/desk").json
    assert found["count"] == 1
    (first,) = [one for one in found["groups"] if one["code"] == "to_ask"]
    assert (first["count"], first["items"][0]["match"]["id"]) == (1, match)
    assert first["items"][0]["wait"] == "claimed"
    assert [one["code"] for one in call("/desk?group=calls").json["groups"]] == []
    set_aside = call("/desk/aside", pair_of(scene) | {"until": "next_week"})
    assert (set_aside.status_code, set_aside.json) == (200, {"until": "2026-11-23"})
    assert call("/desk/aside/undo", pair_of(scene)).json == {"until": None}
    session.rollback()
    assert session.scalars(sa.select(PairAside)).all() == []
