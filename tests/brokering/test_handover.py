"""A handover passes everything or nothing, with a summary of each case."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.brokering.centre.caseload_models import NeedAssignment
from exchange.brokering.centre.caseload_rules import Post, Worker
from exchange.brokering.centre.caseload_service import Receiver, assign_need
from exchange.brokering.deeds import fulfilling
from exchange.brokering.deeds.kinds import FollowUpState
from exchange.brokering.deeds.models import FollowUp
from exchange.brokering.handover import views as handover_views
from exchange.brokering.handover.models import Handover, HandoverCase
from exchange.brokering.handover.open_cases import OpenCase, open_cases_of
from exchange.brokering.handover.rules import share_out
from exchange.brokering.handover.service import Passing, hand_over
from exchange.brokering.kinds import CloseReason, MatchState
from exchange.brokering.life import claiming, closing
from exchange.brokering.models import Match, TimelineEntry
from exchange.kernel.actor import SYSTEM
from exchange.kernel.errors import Conflict, Invalid, NotFound
from exchange.listings.kinds import Side
from tests.accounts.test_points import colleague
from tests.brokering.conftest import Scene
from tests.brokering.test_caseload import codes_told
from tests.cast import Player
from tests.conftest import Queries, SettableClock
from tests.dying import Killed
from tests.dying import statements as statements  # noqa: PLC0414 - a fixture
from tests.factories import make_listing

Catch = Callable[[], AbstractContextManager[Queries]]


@pytest.fixture
def full(scene: Scene) -> Scene:
    """The worker has a match in every state, and two needs."""
    scene.agreed()
    for number in range(4):
        another_match(scene, number)
    needs = [one_more(scene, Side.NEED, f"需求{number}") for number in range(2)]
    mine = Receiver(worker=scene.cast.broker.person.public_id)
    for need in needs:
        with scene.act(scene.cast.supervisor) as act:
            assign_need(act, need[1], mine)
    scene.cast.session.rollback()
    return scene


def one_more(scene: Scene, side: Side, title: str) -> tuple[int, str]:
    owner = scene.cast.officer if side is Side.NEED else scene.cast.enterprise
    made = make_listing(scene.cast.house, owner, side, title=title)
    return made.id, made.public_id


def another_match(scene: Scene, number: int) -> str:
    need, offer = (one_more(scene, side, f"{side.value}{number}")[0] for side in Side)
    with scene.act(scene.cast.broker) as act:
        return claiming.claim(act, need, offer).public_id


def cases_of(scene: Scene, who: Player) -> list[OpenCase]:
    scene.cast.session.rollback()
    return open_cases_of(scene.cast.session, who.person_id, scene.cast.house.clock.now())


def passings(scene: Scene, to: Player) -> dict[str, Passing]:
    name = to.person.public_id
    cases = cases_of(scene, scene.cast.broker)
    return {case.key: Passing(name, f"小结 {case.key}") for case in cases}


def test_nothing_is_lost(full: Scene, session: Session) -> None:
    cast = full.cast
    other = colleague(cast, cast.broker, "小吴")
    before = {case.key for case in cases_of(full, cast.broker)}
    own, chosen = cast.broker.person.public_id, passings(full, other)
    assert len(before) == 7
    with full.act(cast.supervisor) as act:
        made = hand_over(act, own, chosen, "钥匙在小吴那里").public_id
    assert cases_of(full, cast.broker) == []
    assert {case.key for case in cases_of(full, other)} == before
    kept = session.scalars(sa.select(HandoverCase)).all()
    assert {f"{one.kind}-{one.subject_id}" for one in kept} == before
    assert all(one.summary for one in kept)
    notes = session.scalars(
        sa.select(TimelineEntry).where(TimelineEntry.code == "handover_summary")
    ).all()
    assert len(notes) == 5
    assert all(one.is_internal for one in notes)
    assert codes_told(cast, other) == ["cases_given"]  # one notice for all of them
    assert codes_told(cast, cast.broker)[-1] == "cases_passed"
    assert session.scalars(sa.select(Handover.public_id)).all() == [made]


def test_killed_anywhere_it_has_passed_all_or_nothing(
    full: Scene, statements: Callable[[int], None]
) -> None:
    cast = full.cast
    other = colleague(cast, cast.broker, "小吴")
    own, chosen = cast.broker.person.public_id, passings(full, other)
    before = {case.key for case in cases_of(full, cast.broker)}
    for number in count(1):
        statements(number)
        try:
            with full.act(cast.supervisor) as act:
                hand_over(act, own, chosen)
        except Killed:
            statements(-1)
            assert {case.key for case in cases_of(full, cast.broker)} == before
            assert cases_of(full, other) == []
            assert cast.session.query(Handover).count() == 0
            continue
        break
    assert number > 15
    statements(-1)
    assert {case.key for case in cases_of(full, other)} == before


def test_who_may_hand_over(full: Scene) -> None:
    cast = full.cast
    other = colleague(cast, cast.broker, "小吴")
    own, chosen = cast.broker.person.public_id, passings(full, other)
    for who in (other, cast.officer, cast.stranger):
        with pytest.raises(NotFound), full.act(who) as act:
            hand_over(act, own, chosen)
    with full.act(cast.broker) as act:
        hand_over(act, own, chosen)
    with pytest.raises(Conflict, match="handover_nothing"), full.act(cast.broker) as act:
        hand_over(act, own, {})


def test_what_came_in_meanwhile_is_not_passed_over_in_silence(full: Scene) -> None:
    cast = full.cast
    other = colleague(cast, cast.broker, "小吴")
    own, chosen = cast.broker.person.public_id, passings(full, other)
    another_match(full, 9)
    with pytest.raises(Conflict, match="handover_incomplete"), full.act(cast.broker) as act:
        hand_over(act, own, chosen)
    assert cases_of(full, other) == []


def test_what_ended_meanwhile_is_left_out(full: Scene) -> None:
    cast = full.cast
    public_id = another_match(full, 9)
    other = colleague(cast, cast.broker, "小吴")
    own, chosen = cast.broker.person.public_id, passings(full, other)
    with full.act(cast.broker) as act:
        closing.withdraw(act, public_id, CloseReason.OTHER)
    with full.act(cast.broker) as act:
        hand_over(act, own, chosen)
    assert len(cases_of(full, other)) == 7


def test_only_who_serves_the_place_gets_a_case(full: Scene) -> None:
    cast = full.cast
    own = cast.broker.person.public_id
    for who in (cast.stranger, cast.broker):
        chosen = passings(full, who)
        with pytest.raises(Invalid) as refused, full.act(cast.supervisor) as act:
            hand_over(act, own, chosen)
        assert len(refused.value.fields) == 7


def test_a_completed_match_without_a_judgement_is_a_case(scene: Scene) -> None:
    public_id, _made = scene.agreed()
    with scene.act(scene.cast.officer) as act:
        fulfilling.record_outcome(act, public_id, "都送到了", 30)
    version = scene.version(public_id)
    with scene.act(scene.cast.enterprise) as act:
        fulfilling.confirm_outcome(act, public_id, Side.OFFER, version=version)
    assert [case.kind for case in cases_of(scene, scene.cast.broker)] == ["match"]
    with scene.act(scene.cast.broker) as act:
        fulfilling.evaluate(act, public_id, "愿意再合作")
    days = scene.cast.session.query(FollowUp).all()
    assert [case.kind for case in cases_of(scene, scene.cast.broker)] == (["match"] if days else [])
    for day in scene.cast.session.query(FollowUp):
        day.state = FollowUpState.DONE
    scene.cast.session.commit()
    assert cases_of(scene, scene.cast.broker) == []


def test_what_the_day_still_asks_of_the_leaver_passes_on(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    """A match that lapsed waits on the day for the next best: it goes with the rest."""
    cast = scene.cast
    match = scene.proposed()
    clock.forward(days=15)
    with scene.act(SYSTEM) as act:
        closing.lapse(act, match)
    assert scene.match(match).state is MatchState.LAPSED
    cast.sign_in(client, cast.broker)
    assert 'id="g-answers"' in client.get("/today").text
    cast.sign_in(client, cast.supervisor)
    other = colleague(cast, cast.broker, "小吴")
    address = f"/workers/{cast.broker.person.public_id}/handover"
    page = client.get(address).text
    assert "下一步：给这条需求另找一家。" in page
    (key,) = re.findall(r'name="case" value="([^"]+)"', page)
    sent = {"case": key, "all_to": other.person.public_id, f"summary-{key}": "给村里找下一家"}
    shown = client.post(address, data=sent, follow_redirects=True)
    assert "给村里找下一家" in shown.text
    cast.sign_in(client, cast.broker)
    assert f"/matches/{match}" not in client.get("/today").text
    assert 'id="g-answers"' not in client.get("/today").text
    cast.sign_in(client, other)
    assert f"/matches/{match}" in client.get("/today").text


def test_a_lapse_of_which_the_day_asks_nothing_more_stays(
    scene: Scene, clock: SettableClock
) -> None:
    match = scene.proposed()
    clock.forward(days=15)
    with scene.act(SYSTEM) as act:
        closing.lapse(act, match)
    assert len(cases_of(scene, scene.cast.broker)) == 1
    clock.forward(days=8)
    assert cases_of(scene, scene.cast.broker) == []


def test_through_the_page(full: Scene, client: FlaskClient) -> None:
    cast = full.cast
    first, second = (colleague(cast, cast.broker, name) for name in ("小吴", "小郑"))
    own = cast.broker.person.public_id
    cast.sign_in(client, cast.supervisor)
    address = f"/workers/{own}/handover"
    page = client.get(address).text
    keys = re.findall(r'name="case" value="([^"]+)"', page)
    assert len(keys) == 7
    assert "下一步：去问双方。" in page
    refused = client.post(address, data={"case": keys, f"summary-{keys[0]}": "只有这一句"})
    assert refused.status_code == 422
    assert "只有这一句" in refused.text
    sent = {
        "case": keys,
        "all_to": second.person.public_id,
        f"to-{keys[0]}": first.person.public_id,
        f"summary-{keys[0]}": "先打电话给村里",
    }
    answer = client.post(address, data=sent)
    assert answer.status_code == 302
    shown = client.get(answer.location).text
    assert "先打电话给村里" in shown
    assert "小吴" in shown
    assert len(cases_of(full, first)) == 1
    assert len(cases_of(full, second)) == 6
    cast.sign_in(client, first)
    mine = client.get(answer.location).text
    assert "先打电话给村里" in mine
    assert "小郑" not in mine  # who gets cases reads their own
    cast.sign_in(client, cast.stranger)
    assert client.get(answer.location).status_code == 403
    cast.sign_in(client, cast.supervisor)
    assert client.get(address).status_code == 200  # nothing is left, and that is said


def test_sent_again_from_an_old_tab_it_says_who_took_over_how_many_and_when(
    full: Scene, client: FlaskClient
) -> None:
    cast = full.cast
    first, second = (colleague(cast, cast.broker, name) for name in ("小吴", "小郑"))
    cast.sign_in(client, cast.broker)
    address = client.get("/me/handover").location
    keys = re.findall(r'name="case" value="([^"]+)"', client.get(address).text)
    sent = {
        "case": keys,
        "all_to": second.person.public_id,
        f"to-{keys[0]}": first.person.public_id,
    }
    made = client.post(address, data=sent).location
    again = client.post(address, data=sent)
    assert again.status_code == 422
    assert "这些事已经移交过了" in again.text
    assert "小郑 · 6 件" in again.text
    assert "小吴 · 1 件" in again.text
    assert re.search(r"11\s月\s\d+\s日\s\d\d:\d\d", again.text)
    assert f'href="{made}"' in again.text
    later = client.get(address).text
    assert "上一次移交" in later
    assert "已经移交过了" not in later
    cast.session.rollback()
    assert cast.session.query(Handover).count() == 1


def test_handed_over_by_somebody_else_at_the_same_moment_it_says_so(
    full: Scene, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = full.cast
    other = colleague(cast, cast.broker, "小吴")
    own, chosen = cast.broker.person.public_id, passings(full, other)
    cast.sign_in(client, cast.broker)
    address = client.get("/me/handover").location
    keys = re.findall(r'name="case" value="([^"]+)"', client.get(address).text)
    attempt = handover_views.attempt

    def late(*given: Any) -> Any:
        with full.act(cast.supervisor) as act:
            hand_over(act, own, chosen)
        return attempt(*given)

    monkeypatch.setattr(handover_views, "attempt", late)
    answer = client.post(address, data={"case": keys, "all_to": other.person.public_id})
    assert answer.status_code == 422
    assert "小吴 · 7 件" in answer.text
    assert 'name="case"' not in answer.text


def test_what_was_not_on_the_page_is_shown_before_it_passes(
    full: Scene, client: FlaskClient
) -> None:
    cast = full.cast
    other = colleague(cast, cast.broker, "小吴")
    cast.sign_in(client, cast.broker)
    address = f"/workers/{cast.broker.person.public_id}/handover"
    assert client.get("/me/handover").location == address
    keys = re.findall(r'name="case" value="([^"]+)"', client.get(address).text)
    another_match(full, 9)
    sent = {"case": keys, "all_to": other.person.public_id}
    answer = client.post(address, data=sent)
    assert answer.status_code == 422
    assert len(re.findall(r'name="case"', answer.text)) == 8


def test_without_anybody_who_takes_over_one_field_says_so(full: Scene, client: FlaskClient) -> None:
    cast = full.cast
    other = colleague(cast, cast.broker, "小吴")
    cast.sign_in(client, cast.broker)
    address = client.get("/me/handover").location
    keys = re.findall(r'name="case" value="([^"]+)"', client.get(address).text)
    page = client.post(address, data={"case": keys, "all_to": ""})
    assert page.status_code == 422
    assert page.text.count('class="field-error"') == 1
    assert re.search(r'<select[^>]*aria-invalid="true"[^>]*id="all_to"', page.text)
    each = {f"to-{key}": other.person.public_id for key in keys}
    assert client.post(address, data={"case": keys, "all_to": ""} | each).status_code == 302


def test_twice_the_cases_take_the_same_number_of_queries(
    full: Scene, client: FlaskClient, catch_queries: Catch
) -> None:
    cast = full.cast
    colleague(cast, cast.broker, "小吴")
    cast.sign_in(client, cast.broker)
    address = f"/workers/{cast.broker.person.public_id}/handover"

    def sent() -> int:
        with catch_queries() as queries:
            assert client.get(address).status_code == 200
        return queries.count

    assert "need0 〜 offer0" in client.get(address).text
    before = sent()
    for number in range(5):
        another_match(full, number + 20)
    assert sent() == before


def test_cases_are_shared_out_evenly_among_who_serves_the_place() -> None:
    near = Worker(1, "a", "甲", (Post(1, ("520422",)),))
    wide = Worker(2, "b", "乙", (Post(2, ("5204",)),))
    places: dict[str, str | None] = {f"m-{n}": "520422102" for n in range(4)}
    places |= {f"w-{n}": "520402" for n in range(3)}
    found = share_out(places, [near, wide], {1: 1})
    assert {key for key, one in found.items() if one is wide} >= {"w-0", "w-1", "w-2"}
    assert [one.name for one in found.values()].count("甲") == 3
    assert share_out({"x": "33"}, [near, wide], {}) == {}


def test_every_assigned_need_has_one_owner(full: Scene) -> None:
    rows = full.cast.session.scalars(sa.select(NeedAssignment.need_id)).all()
    assert len(rows) == len(set(rows)) == 2
    live = full.cast.session.scalars(sa.select(Match.broker_id)).all()
    assert set(live) == {full.cast.broker.person_id}
