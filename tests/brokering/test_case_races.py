"""Two act at once on one case: it has one owner, and nothing is lost."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.points.changing import close_point
from exchange.accounts.points.service import end_duty
from exchange.brokering.centre.caseload_service import Receiver, assign_match
from exchange.brokering.handover.models import HandoverCase
from exchange.brokering.handover.open_cases import open_cases_of
from exchange.brokering.handover.service import Passing, hand_over
from exchange.brokering.kinds import CloseReason, MatchState
from exchange.brokering.life import claiming, closing, proposing
from exchange.brokering.models import Match, TimelineEntry
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Conflict, Forbidden, NotFound, SignInNeeded
from exchange.listings.kinds import Side
from tests.accounts.test_points import colleague, point_at
from tests.brokering.conftest import Scene
from tests.brokering.test_caseload import duty_of
from tests.conftest import Queries
from tests.factories import make_listing

Work = Callable[[Act], object]
Catch = Callable[[], AbstractContextManager[Queries]]


def at_once(house: House, engine: sa.Engine, *works: tuple[Actor, Work]) -> list[str]:
    """Do all of it at the same moment; "" or the code of the refusal of each."""
    gate, found = threading.Barrier(len(works)), [""] * len(works)

    def one(number: int, actor: Actor, work: Work) -> None:
        with Session(engine) as session:
            gate.wait()
            try:
                with open_act(house, lambda: session, actor) as act:
                    work(act)
            except (Conflict, Forbidden, NotFound, SignInNeeded) as error:
                found[number] = error.code or type(error).__name__

    threads = [
        threading.Thread(target=one, args=(number, *work)) for number, work in enumerate(works)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.parametrize("_round", range(3))
def test_two_supervisors_give_one_match_at_once(
    scene: Scene, house: House, engine: sa.Engine, _round: int
) -> None:
    cast, public_id = scene.cast, scene.claimed()
    owner = cast.broker.person.public_id
    people = [colleague(cast, cast.broker, name) for name in ("小吴", "小郑")]
    to = [Receiver(worker=one.person.public_id) for one in people]
    boss = cast.supervisor.actor
    cast.session.rollback()
    found = at_once(
        house, engine,
        *((boss, lambda act, r=r: assign_match(act, public_id, r, seen_owner=owner)) for r in to),
    )  # fmt: skip
    assert sorted(found) == ["", "case_moved"]
    match = scene.match(public_id)
    assert match.broker_id == people[found.index("")].person_id
    told = cast.session.query(TimelineEntry).filter_by(code="assigned").count()
    assert told == 1


@pytest.mark.parametrize("_round", range(3))
def test_a_handover_while_the_worker_acts(
    scene: Scene, house: House, engine: sa.Engine, _round: int
) -> None:
    cast, public_id = scene.cast, scene.claimed()
    other, worker, boss = colleague(cast, cast.broker, "小吴"), cast.broker, cast.supervisor
    cases = open_cases_of(cast.session, worker.person_id, cast.house.clock.now())
    passings = {case.key: Passing(other.person.public_id, "小结") for case in cases}
    own, acting, supervising = worker.person.public_id, worker.actor, boss.actor
    cast.session.rollback()
    passed, acted = at_once(
        house, engine,
        (supervising, lambda act: hand_over(act, own, passings)),
        (acting, lambda act: proposing.propose(act, public_id, "请看看")),
    )  # fmt: skip
    assert passed == ""
    match = scene.match(public_id)
    assert match.broker_id == other.person_id
    assert match.state is (MatchState.CLAIMED if acted else MatchState.PROPOSED)
    assert cast.session.query(HandoverCase).count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_a_handover_while_the_worker_ends_the_case(
    scene: Scene, house: House, engine: sa.Engine, _round: int
) -> None:
    cast, public_id = scene.cast, scene.claimed()
    other, worker, boss = colleague(cast, cast.broker, "小吴"), cast.broker, cast.supervisor
    cases = open_cases_of(cast.session, worker.person_id, cast.house.clock.now())
    passings = {case.key: Passing(other.person.public_id, "小结") for case in cases}
    own, acting, supervising = worker.person.public_id, worker.actor, boss.actor
    cast.session.rollback()
    passed, ended = at_once(
        house, engine,
        (supervising, lambda act: hand_over(act, own, passings)),
        (acting, lambda act: closing.withdraw(act, public_id, CloseReason.OTHER)),
    )  # fmt: skip
    match = scene.match(public_id)
    if ended:
        assert (passed, match.broker_id) == ("", other.person_id)
    else:
        assert match.state is MatchState.WITHDRAWN
        assert passed in ("", "handover_nothing")


@pytest.mark.parametrize("_round", range(3))
def test_a_duty_ends_while_its_worker_is_given_a_case(
    scene: Scene, house: House, engine: sa.Engine, _round: int
) -> None:
    cast, public_id = scene.cast, scene.claimed()
    other = colleague(cast, cast.broker, "小吴")
    to, duty, boss = (
        Receiver(worker=other.person.public_id), duty_of(cast, other), cast.supervisor.actor,
    )  # fmt: skip
    cast.session.rollback()
    given, ended = at_once(
        house, engine,
        (boss, lambda act: assign_match(act, public_id, to)),
        (boss, lambda act: end_duty(act, *duty)),
    )  # fmt: skip
    owner = scene.match(public_id).broker_id
    if ended:
        assert (ended, given, owner) == ("duty_open_cases", "", other.person_id)
    else:
        assert (given, owner) == ("worker_elsewhere", cast.broker.person_id)


def test_a_claim_holds_the_duty_before_any_listing(scene: Scene, catch_queries: Catch) -> None:
    """As whoever closes a point does: in another order two would wait for each other."""
    actor = scene.cast.broker.actor
    with catch_queries() as sent, scene.act(actor) as act:
        claiming.claim(act, scene.need_id, scene.offer_id)

    def first(table: str) -> int:
        return next(n for n, text in enumerate(sent.statements) if f"FROM {table}" in text)

    assert first("assignment") < first("listing")


@pytest.mark.parametrize("_round", range(3))
def test_a_station_closes_while_its_worker_takes_a_pair_up(
    scene: Scene, house: House, engine: sa.Engine, _round: int
) -> None:
    cast = scene.cast
    scene.claimed()
    need_id, spare = scene.need_id, make_listing(house, cast.enterprise, Side.OFFER).id
    station = point_at(cast, cast.broker).public_id
    worker, boss = cast.broker.actor, cast.supervisor.actor
    cast.session.rollback()
    closed, made = at_once(
        house, engine,
        (boss, lambda act: close_point(act, station)),
        (worker, lambda act: claiming.claim(act, need_id, spare)),
    )  # fmt: skip
    cast.session.rollback()
    assert closed == ""
    assert made in ("", "match_not_your_division")
    owners = cast.session.scalars(sa.select(Match.broker_id)).all()
    assert set(owners) == {cast.supervisor.person_id}
    assert len(owners) == (1 if made else 2)
