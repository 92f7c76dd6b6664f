"""Plans while others act at the same moment: released once, and nothing is promised twice."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel
from exchange.audit.models import AuditEntry
from exchange.brokering.models import Match
from exchange.brokering.planned.work import planned_pairs
from exchange.jobs.models import OutboxJob
from exchange.kernel.act import Act
from exchange.kernel.actor import Duty
from exchange.listings.kinds import Side
from exchange.matching.jobs import rematch_all
from exchange.matching.models import Suggestion
from exchange.matching.plans.kinds import ItemState
from exchange.matching.plans.models import MatchingPlan, PlanItem
from exchange.matching.plans.rules import PlanChoice, Weights
from exchange.matching.plans.service import release
from exchange.notifications.models import Notice
from exchange.search.jobs import ensure_index
from tests.brokering.conftest import Scene
from tests.brokering.plan_table import Table
from tests.cast import CENTRE_AREA, VILLAGE, Cast
from tests.concurrency.conftest import FIGHTERS, Fight, Task
from tests.conftest import START
from tests.factories import make_listing
from tests.invariants import broken
from tests.plan_invariants import over_promised

pytestmark = pytest.mark.processes
OpenAct = Callable[..., AbstractContextManager[Act]]
TODAY = date(2026, 11, 22)


@pytest.fixture
def table(app: Flask, cast: Cast, act_as: OpenAct) -> Table:
    """A desk where an offer of 100 fits eight needs of 40, which have one of their own each."""
    house = app.extensions["exchange"]
    ids = {
        side: [
            make_listing(house, who, side, title=f"{side.value}{n}", quantity_milli=40_000).id
            for n in range(FIGHTERS)
        ]
        for side, who in ((Side.NEED, cast.officer), (Side.OFFER, cast.enterprise))
    }
    shared = make_listing(house, cast.enterprise, Side.OFFER, quantity_milli=100_000).id
    assert cast.broker.person_id
    assert cast.supervisor.person_id
    made = Table(app, Scene(cast, ids[Side.NEED][0], shared, act_as))
    made.suggest(*((need, shared, 0.9) for need in ids[Side.NEED]))
    made.suggest(*((*pair, 0.5) for pair in zip(ids[Side.NEED], ids[Side.OFFER], strict=True)))
    return made


def released(table: Table, plan: MatchingPlan) -> int:
    plan_id, public_id = plan.id, plan.public_id
    with table.scene.act(table.cast.supervisor) as act:
        release(act, public_id)
    return plan_id


def count(session: Session, event: str) -> int:
    query = sa.select(sa.func.count()).where(AuditEntry.event == event)
    return session.scalar(query) or 0


def test_of_eight_supervisors_who_release_one_plan_exactly_one_does(
    table: Table, session: Session, fight: Fight
) -> None:
    point = ("副中心", PointLevel.CENTRE, (CENTRE_AREA,), Duty.SUPERVISOR)
    other = table.cast.make_worker("冉", *point)
    plan = table.plan().public_id
    session.rollback()
    who = [table.cast.supervisor, other] * (FIGHTERS // 2)
    answers = fight([Task("release_plan", player, {"plan": plan}) for player in who])
    assert answers.winners == [plan]
    assert answers.reasons == ["plan_already_released"] * (FIGHTERS - 1)
    assert count(session, "PlanReleased") == 1
    rows = sa.select(sa.func.count()).where(OutboxJob.name == "brokering.queue_plan")
    assert session.scalar(rows) == 1
    assert broken(session) == []


def test_two_plans_that_overlap_never_promise_more_than_there_is(
    table: Table, session: Session, fight: Fight
) -> None:
    plans = [table.plan(), table.plan(PlanChoice(Weights(0, 0, 0)))]
    ids = [released(table, plan) for plan in plans]
    session.rollback()
    answers = fight([Task("queue_plan", None, {"plan_id": ids[n % 2]}) for n in range(FIGHTERS)])
    assert answers.winners == ["queued"] * FIGHTERS
    items = [item for plan_id in ids for item in table.items(table.read(plan_id))]
    assert ItemState.PLANNED not in {item.state for item in items}
    taken = [
        item.taken_milli or 0
        for item in items
        if item.offer_id == table.scene.offer_id and item.state is ItemState.QUEUED
    ]
    assert sum(taken) == 100_000
    assert {item.skip_code for item in items} > {""}
    assert count(session, "PlanQueued") == 2
    assert over_promised(session, START) == []
    assert broken(session) == []


def test_a_pair_that_is_claimed_while_it_is_queued_does_not_wait_any_more(
    table: Table, session: Session, fight: Fight
) -> None:
    plan = table.plan()
    plan_id, first = released(table, plan), table.items(plan)[0]
    pair = {"need_id": first.need_id, "offer_id": first.offer_id}
    session.rollback()
    half = FIGHTERS // 2
    answers = fight(
        [Task("queue_plan", None, {"plan_id": plan_id})] * half
        + [Task("claim_pair", table.cast.broker, pair)] * half
    )
    assert answers.winners.count("queued") == half
    assert len(answers.winners) == half + 1
    assert answers.reasons == ["match_already_claimed"] * (half - 1)
    session.rollback()
    item = session.scalars(sa.select(PlanItem).filter_by(**pair)).one()
    assert item.skip_code == ("" if item.state is ItemState.QUEUED else "already_taken_up")
    assert session.scalars(sa.select(Match)).one().need_id == pair["need_id"]
    waiting = planned_pairs(session, table.cast.broker.actor, START, TODAY, 50)
    assert waiting
    assert tuple(pair.values()) not in {(one.need.id, one.offer.id) for one in waiting}
    assert broken(session) == []


def test_what_is_taken_back_while_it_is_queued_is_shown_to_no_broker(
    table: Table, session: Session, fight: Fight
) -> None:
    plan_id = released(table, table.plan())
    gone = table.scene.offer_id
    session.rollback()
    tasks = [Task("queue_plan", None, {"plan_id": plan_id})] * (FIGHTERS - 1)
    answers = fight([*tasks, Task("withdraw", table.cast.enterprise, {"listing_id": gone})])
    assert answers.winners == [*["queued"] * (FIGHTERS - 1), "withdrawn"]
    items = table.items(table.read(plan_id))
    codes = {item.skip_code for item in items if item.offer_id == gone}
    assert codes <= {"", "not_open"}
    waiting = planned_pairs(session, table.cast.broker.actor, START, TODAY, 50)
    assert waiting
    assert gone not in {pair.offer.id for pair in waiting}
    assert broken(session) == []


def test_brokers_are_told_once_though_two_workers_finish_a_plan(
    table: Table, session: Session, fight: Fight
) -> None:
    released(table, table.plan())
    session.rollback()
    assert fight([Task("work_off")] * FIGHTERS).winners == ["done"] * FIGHTERS
    session.rollback()
    told = sa.select(Notice.person_id).where(Notice.code == "plan_queued")
    assert session.scalars(told).all() == [table.cast.broker.person_id]
    assert broken(session) == []


def test_a_refresh_while_listings_change_ends_with_what_a_quiet_one_finds(
    app: Flask, cast: Cast, session: Session, fight: Fight, run_jobs: Callable[[], int]
) -> None:
    house, run = app.extensions["exchange"], app.extensions["exchange.jobs"]
    with app.app_context():
        ensure_index(run)
    words = ("微耕机", "烘干机", "插秧机", "旋耕机")
    for number in range(12):
        word = words[number % 4]
        make_listing(house, cast.officer, Side.NEED, title=f"要{word}{number}")
        make_listing(house, cast.enterprise, Side.OFFER, title=f"出借{word}{number}")
    gone = make_listing(house, cast.enterprise, Side.OFFER, title="出借微耕机").id
    session.rollback()
    new = {
        "title": "要两台微耕机", "text": "春耕要用，求支援。", "unit": "台",
        "category_code": "equipment.machinery", "division_code": VILLAGE, "quantity_milli": 2000,
    }  # fmt: skip
    answers = fight(
        [
            Task("refresh"),
            Task("refresh"),
            Task("withdraw", cast.enterprise, {"listing_id": gone}),
            *(Task("post", cast.officer, {**new, "key": f"N{number}"}) for number in range(3)),
            Task("post", cast.officer, {**new, "key": "N0", "title": "要三台烘干机"}),
        ]
    )
    assert answers.reasons == []
    run_jobs()
    before = suggested(session)
    assert gone not in {offer for _need, offer in before}
    with app.app_context():
        rematch_all(run)
    assert suggested(session) == before
    assert len(before) > 100
    assert broken(session) == []


def suggested(session: Session) -> dict[tuple[int, int], int]:
    """Every pair with its score."""
    session.rollback()
    query = sa.select(Suggestion.need_id, Suggestion.offer_id, Suggestion.score_micro)
    return {(need, offer): score for need, offer, score in session.execute(query)}
