"""Nothing rests unseen: the worker is reminded, then supervisors are told, until somebody acts."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from exchange.brokering.centre.caseload_service import Receiver, assign_need
from exchange.brokering.centre.escalation_jobs import escalate_job
from exchange.brokering.centre.escalation_models import Escalation
from exchange.brokering.centre.escalation_queries import count_told, told_cases, waiting
from exchange.brokering.centre.escalation_rules import Cause, Patience, Rest, is_time, rests
from exchange.brokering.centre.settings import (
    CentreSettings,
    all_centre_settings,
    set_centre_settings,
)
from exchange.brokering.deeds import fulfilling
from exchange.brokering.kinds import CloseReason
from exchange.brokering.life import proposing
from exchange.brokering.life.closing import lapse
from exchange.brokering.life.reminding import remind
from exchange.brokering.life.undoing import release
from exchange.jobs.runner import JobRun
from exchange.kernel.actor import SYSTEM
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.publishing import withdraw_listing
from tests.accounts.test_points import point_at
from tests.brokering.conftest import Scene
from tests.brokering.test_caseload import codes_told
from tests.conftest import START, Queries, SettableClock
from tests.factories import make_listing

Catch = Callable[[], AbstractContextManager[Queries]]


def run(scene: Scene) -> None:
    """Twice: the second time finds nothing to do."""
    made = JobRun(scene.cast.house, lambda: scene.cast.session, nullcontext)
    for _time in range(2):
        escalate_job.handler(made, [{}])
    scene.cast.session.rollback()


def rows(scene: Scene) -> list[tuple[str, bool, bool]]:
    """Cause, whether supervisors were told, whether it is closed."""
    scene.cast.session.rollback()
    found = scene.cast.session.query(Escalation).order_by(Escalation.id)
    return [(one.cause.value, bool(one.told_at), bool(one.closed_at)) for one in found]


def test_a_pair_that_nobody_goes_on_with(scene: Scene, clock: SettableClock) -> None:
    cast, public_id = scene.cast, scene.claimed()
    clock.forward(days=2, hours=23)
    run(scene)
    assert rows(scene) == []
    clock.forward(hours=1)
    run(scene)
    assert rows(scene) == [("claimed", False, False)]
    assert codes_told(cast, cast.broker) == ["rests_claimed"]
    clock.forward(days=3)
    run(scene)
    assert rows(scene) == [("claimed", True, False)]
    assert codes_told(cast, cast.supervisor) == ["told_claimed"]
    assert [one.match.public_id for one in told_cases(cast.session, cast.supervisor.actor)] == [
        public_id
    ]
    assert count_told(cast.session, cast.broker.actor) == 0
    with scene.act(cast.broker) as act:
        proposing.propose(act, public_id, "请看看")
    assert rows(scene) == [("claimed", True, True)]
    assert count_told(cast.session, cast.supervisor.actor) == 0
    kept = cast.session.query(Escalation).one()
    assert kept.closed_by_id == cast.broker.person_id


def test_the_worker_reads_in_their_own_record_of_which_case_they_were_reminded(
    scene: Scene, clock: SettableClock, client: FlaskClient
) -> None:
    public_id = scene.claimed()
    for days in (3, 3):
        clock.forward(days=days)
        run(scene)
    scene.cast.sign_in(client, scene.cast.broker)
    lines = client.get("/me/audit").text.split("<li")
    for words in ("提醒了社工", "告诉了督导"):
        [line] = [one for one in lines if words in one]
        assert f"/matches/{public_id}" in line
        assert "要两台微耕机" in line
    scene.cast.sign_in(client, scene.cast.officer)
    assert "提醒了社工" not in client.get("/me/audit").text


def test_a_supervisor_finds_it_first_thing_on_the_day(
    scene: Scene, clock: SettableClock, client: FlaskClient
) -> None:
    scene.claimed()
    clock.forward(days=3)
    run(scene)
    scene.cast.sign_in(client, scene.cast.supervisor)
    words = "片区里有 1 件搁置太久了"
    assert words not in client.get("/today").text
    clock.forward(days=3)
    run(scene)
    page = client.get("/today").text
    assert words in page
    assert "<h1>今天没有急事" not in page
    scene.cast.sign_in(client, scene.cast.broker)
    assert words not in client.get("/today").text


def test_an_answer_that_arrived(scene: Scene, clock: SettableClock) -> None:
    public_id = scene.proposed()
    clock.forward(days=5)
    run(scene)
    assert rows(scene) == []  # the sides are to answer, not the worker
    with scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)
    clock.forward(days=3)
    run(scene)
    assert rows(scene) == [("answer", False, False)]


def test_what_was_agreed_and_did_not_come(scene: Scene, clock: SettableClock) -> None:
    public_id = scene.introduced()
    with scene.act(scene.cast.broker) as act:
        due = date(2026, 12, 1)
        made = fulfilling.commit(act, public_id, 30_000, 30_000, due).public_id
    clock.set(START + timedelta(days=22))  # 14 December: 13 days over
    run(scene)
    assert rows(scene) == []
    clock.forward(days=2)
    run(scene)
    assert rows(scene) == [("due", False, False)]
    with scene.act(scene.cast.officer) as act:
        fulfilling.record_delivery(act, public_id, made, 30_000)
    assert rows(scene) == [("due", False, True)]
    clock.forward(days=27)
    run(scene)
    assert rows(scene) == [("due", False, True)]
    clock.forward(days=1)  # delivered, as one side says, and never confirmed
    run(scene)
    assert rows(scene) == [("due", False, True), ("quiet", False, False)]
    assert codes_told(scene.cast, scene.cast.broker)[-1] == "rests_quiet"


def test_what_was_agreed_without_a_day(scene: Scene, clock: SettableClock) -> None:
    public_id = scene.introduced()
    with scene.act(scene.cast.broker) as act:
        fulfilling.commit(act, public_id, 30_000, 30_000)
    clock.forward(days=27)
    run(scene)
    assert rows(scene) == []
    clock.forward(days=1)
    run(scene)
    assert rows(scene) == [("quiet", False, False)]
    clock.forward(days=28)
    run(scene)
    assert rows(scene) == [("quiet", True, False)]
    assert codes_told(scene.cast, scene.cast.supervisor)[-1] == "told_quiet"


def test_a_need_in_idle_hands(scene: Scene, clock: SettableClock) -> None:
    cast, need = scene.cast, scene.listing(Side.NEED).public_id
    mine = Receiver(worker=cast.broker.person.public_id)
    with scene.act(cast.supervisor) as act:
        assign_need(act, need, mine)
    clock.forward(days=3)
    run(scene)
    assert rows(scene) == [("assigned", False, False)]
    scene.claimed()
    assert rows(scene) == [("assigned", False, True)]


def test_a_need_in_nobodys_hands(
    scene: Scene, clock: SettableClock, client: FlaskClient
) -> None:
    cast = scene.cast
    make_listing(cast.house, cast.officer, Side.NEED, title="又一个需求")
    clock.forward(days=2, hours=23)
    run(scene)
    assert rows(scene) == []
    clock.forward(hours=1)
    run(scene)
    assert rows(scene) == [("unclaimed", True, False)] * 2
    assert codes_told(cast, cast.supervisor) == ["told_unclaimed"]  # of both together
    assert codes_told(cast, cast.broker) == []
    clock.forward(days=9)
    run(scene)
    assert codes_told(cast, cast.supervisor) == ["told_unclaimed"]
    cast.sign_in(client, cast.supervisor)
    assert "片区里有 2 件搁置太久了" in client.get("/today").text
    page = client.get("/escalations", follow_redirects=True).text
    assert scene.listing(Side.NEED).public_id in page
    assert "没人跟进" in page
    assert "发布多日，目前没有人接手，请看看是哪些" in client.get("/notices").text


@pytest.mark.parametrize("way", ["claimed", "given", "ended"])
def test_a_need_in_nobodys_hands_is_no_case_any_more(
    scene: Scene, clock: SettableClock, way: str
) -> None:
    cast, need = scene.cast, scene.listing(Side.NEED).public_id
    clock.forward(days=3)
    run(scene)
    if way == "claimed":
        scene.claimed()
    elif way == "given":
        with scene.act(cast.supervisor) as act:
            assign_need(act, need, Receiver(worker=cast.broker.person.public_id))
    else:
        with scene.act(cast.officer) as act:
            withdraw_listing(act, act.session.get_one(Listing, scene.need_id))
        run(scene)
    assert rows(scene) == [("unclaimed", True, True)]


def test_how_long_a_need_may_wait_begins_with_the_end_of_its_match(
    scene: Scene, clock: SettableClock
) -> None:
    public_id = scene.claimed()
    clock.forward(days=2)
    with scene.act(scene.cast.broker) as act:
        release(act, public_id, CloseReason.NO_TIME)
    clock.forward(days=2)
    run(scene)
    assert rows(scene) == []
    clock.forward(days=1)
    run(scene)
    assert rows(scene) == [("unclaimed", True, False)]


def test_waiting_needs_are_found_in_one_query_whatever_their_number(
    scene: Scene, clock: SettableClock, catch_queries: Catch
) -> None:
    session = scene.cast.session
    for _more in range(3):
        make_listing(scene.cast.house, scene.cast.officer, Side.NEED)
    clock.forward(days=3)
    settings = all_centre_settings(session)
    with catch_queries() as queries:
        found = waiting(session, settings, clock.now())
    assert len(found) == 4
    assert queries.count == 1


def test_a_case_that_rests_again_is_a_row_of_its_own(scene: Scene, clock: SettableClock) -> None:
    public_id = scene.claimed()
    clock.forward(days=3)
    run(scene)
    with scene.act(scene.cast.broker) as act:
        proposing.propose(act, public_id, "请看看")
    with scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)
    clock.forward(days=4)
    run(scene)
    assert rows(scene) == [("claimed", False, True), ("answer", False, False)]


def test_what_the_clock_does_is_no_work_on_a_case(scene: Scene, clock: SettableClock) -> None:
    public_id = scene.proposed()
    clock.forward(days=8)
    with scene.act(scene.cast.officer) as act:
        proposing.answer(act, public_id, Side.NEED, accept=True)
    clock.forward(days=3)
    run(scene)
    assert rows(scene) == [("answer", False, False)]
    clock.forward(hours=1)
    with scene.act(SYSTEM) as act:
        remind(act, public_id, Side.OFFER)
    assert rows(scene) == [("answer", False, False)]
    run(scene)
    assert rows(scene) == [("answer", False, False)]
    clock.forward(days=2, hours=22)
    run(scene)
    assert rows(scene) == [("answer", False, False)]
    clock.forward(hours=1)
    with scene.act(SYSTEM) as act:
        lapse(act, public_id)
    assert rows(scene) == [("answer", False, True)]


def test_the_centre_says_how_long(scene: Scene, clock: SettableClock) -> None:
    centre = point_at(scene.cast, scene.cast.supervisor).public_id
    with scene.act(scene.cast.supervisor) as act:
        set_centre_settings(act, centre, CentreSettings(escalate_claimed_days=10), 0)
    scene.claimed()
    clock.forward(days=9)
    run(scene)
    assert rows(scene) == []
    clock.forward(days=1)
    run(scene)
    assert rows(scene) == [("claimed", False, False)]


def test_a_case_that_ended_by_itself_is_closed_by_the_job(
    scene: Scene, clock: SettableClock
) -> None:
    public_id = scene.claimed()
    clock.forward(days=3)
    run(scene)
    match = scene.match(public_id)
    match.state = type(match.state).LAPSED  # without an event, as after a restore
    scene.cast.session.commit()
    run(scene)
    assert rows(scene) == [("claimed", False, True), ("unclaimed", True, False)]


@pytest.mark.parametrize(
    ("claimed", "answer", "agreed", "cause"),
    [
        (True, False, False, Cause.CLAIMED),
        (False, True, False, Cause.ANSWER),
        (False, False, True, Cause.DUE),
        (False, False, False, None),
    ],
)
def test_why_a_match_waits(claimed: bool, answer: bool, agreed: bool, cause: Cause | None) -> None:
    late = START + timedelta(days=3)
    found = rests(
        is_claimed=claimed, has_answer=answer, is_agreed=agreed, touched=START, due=late
    )
    assert (found.cause if found else None) is cause
    if found:
        assert found.since == (late if cause is Cause.DUE else START)
        assert is_time(found, Patience(3, 3, 3), found.since + timedelta(days=3))
        assert not is_time(found, Patience(3, 3, 3), found.since + timedelta(days=2, hours=23))
    agreed = rests(is_claimed=False, has_answer=False, is_agreed=True, touched=START, due=None)
    assert agreed == Rest(Cause.QUIET, START)
    assert not is_time(agreed, Patience(1, 1, 14), START + timedelta(days=27))
    assert is_time(agreed, Patience(1, 1, 14), START + timedelta(days=28))
    assert not is_time(Rest(Cause.DUE, START), Patience(1, 1, 14), START + timedelta(days=13))
