"""Plans are released once, whoever presses when, and whatever dies between two lines."""


from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.brokering.life import claiming
from exchange.brokering.planned.jobs import queue_plan_job
from exchange.brokering.planned.work import queue_some
from exchange.kernel.act import open_act
from exchange.kernel.actor import SYSTEM
from exchange.kernel.errors import Conflict
from exchange.listings.kinds import Side
from exchange.matching.models import Suggestion
from exchange.matching.plans.computing import compute_plan
from exchange.matching.plans.flow import solve_here
from exchange.matching.plans.jobs import tidy_plans_job
from exchange.matching.plans.kinds import ItemState, PlanState
from exchange.matching.plans.rules import PlanChoice, Weights
from exchange.matching.plans.service import (
    ask_for_plan,
    begin_run,
    discard,
    release,
    write_rows,
)
from tests.brokering.plan_table import Table
from tests.brokering.plan_table import table as table  # noqa: PLC0414 - a fixture
from tests.cast import STATION_AREA


def test_what_waits_in_one_plan_is_not_promised_in_another(table: Table) -> None:
    other = table.listing(Side.NEED, "另一个要")
    table.suggest((other, table.scene.offer_id, 0.7))
    first, second = table.plan(), table.plan(PlanChoice(Weights(0, 0, 0)))
    assert [item.state for item in table.released(first)] == [ItemState.QUEUED]
    (skipped,) = table.released(second)
    assert (skipped.state, skipped.skip_code) == (ItemState.SKIPPED, "offer_promised")
    third = table.plan()
    assert table.items(third) == []
    with table.scene.act(table.cast.supervisor) as act:
        discard(act, first.public_id)
    assert len(table.items(table.plan())) == 1


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        ("withdrawn", "not_open"),
        ("claimed", "already_taken_up"),
        ("forgotten", "no_longer_suggested"),
        ("used", "nothing_left"),
        ("less", "offer_promised"),
    ],
)
def test_pair_that_is_no_longer_possible_is_left_out_with_the_reason(
    table: Table, harm: str, code: str
) -> None:
    plan = table.plan()
    offer = table.scene.listing(Side.OFFER)
    if harm == "withdrawn":
        offer.held_at = table.house.clock.now()
    elif harm == "claimed":
        table.scene.claimed()
    elif harm == "forgotten":
        table.session.execute(sa.delete(Suggestion))
    else:
        offer.committed_milli = 100_000 if harm == "used" else 1
    table.session.commit()
    (item,) = table.released(plan)
    assert (item.state, item.skip_code) == (ItemState.SKIPPED, code)


def test_release_happens_once_though_two_press(table: Table) -> None:
    plan = table.plan()
    with table.scene.act(table.cast.supervisor) as act:
        release(act, plan.public_id)
    with pytest.raises(Conflict), table.scene.act(table.cast.supervisor) as act:
        release(act, plan.public_id)
    assert table.events().count("PlanReleased") == 1


def test_of_two_who_press_at_the_same_moment_one_releases(
    table: Table, engine: sa.Engine
) -> None:
    plan, who = table.plan(), table.cast.supervisor.actor
    address, both = plan.public_id, Barrier(2)
    table.session.rollback()

    def press(_number: int) -> bool:
        both.wait(10)
        with Session(engine) as own:
            try:
                with open_act(table.house, lambda: own, who) as act:
                    release(act, address)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == [False, True]
    assert table.events().count("PlanReleased") == 1


def test_two_runs_of_a_release_at_the_same_moment_queue_each_pair_once(
    table: Table, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        pair = (table.listing(Side.NEED, f"要{number}"), table.listing(Side.OFFER, f"给{number}"))
        table.suggest((*pair, 0.9))
    plan_id = table.plan().id
    with table.scene.act(table.cast.supervisor) as act:
        release(act, table.read(plan_id).public_id)
    monkeypatch.setattr("exchange.brokering.planned.work.CHUNK", 1)
    both = Barrier(2)
    table.session.rollback()

    def run(_number: int) -> int:
        both.wait(10)
        decided = 0
        with Session(engine) as own:
            while True:
                with open_act(table.house, lambda: own, SYSTEM) as act:
                    some = queue_some(act, plan_id)
                if not some:
                    return decided
                decided += some

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(run, range(2))) == 4
    assert [item.state for item in table.items(table.read(plan_id))] == [ItemState.QUEUED] * 4


def test_queueing_that_died_between_goes_on_and_twice_changes_nothing(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, thing = table.listing(Side.NEED, "另一个"), table.listing(Side.OFFER, "另一件")
    table.suggest((other, thing, 0.9))
    plan = table.plan()
    with table.scene.act(table.cast.supervisor) as act:
        release(act, plan.public_id)
    monkeypatch.setattr("exchange.brokering.planned.work.CHUNK", 1)
    with table.scene.open() as act:
        assert queue_some(act, plan.id) == 1
    with suppress(RuntimeError), table.scene.open() as act:  # killed before the commit
        assert queue_some(act, plan.id) == 1
        raise RuntimeError
    assert [item.state for item in table.items(plan)] == [ItemState.QUEUED, ItemState.PLANNED]
    for _ in range(2):
        queue_plan_job.handler(table.run, [{"plan_id": plan.id}])
    items = table.items(plan)
    assert [item.state for item in items] == [ItemState.QUEUED] * 2
    assert table.events().count("PlanQueued") == 1
    before = [(item.id, item.decided_at) for item in items]
    queue_plan_job.handler(table.run, [{"plan_id": plan.id}])
    assert [(item.id, item.decided_at) for item in table.items(plan)] == before


def test_computing_that_died_between_begins_anew_and_a_late_run_writes_nothing(
    table: Table,
) -> None:
    with table.scene.act(table.cast.supervisor) as act:
        plan_id = ask_for_plan(act, "半途", [STATION_AREA], PlanChoice()).id
    with table.scene.open() as act:
        early = begin_run(act, plan_id)
    row = {
        "plan_id": plan_id, "need_id": table.scene.need_id, "offer_id": table.scene.offer_id,
        "rank": 7, "score_micro": 1, "weight_milli": 1, "taken_milli": None, "covers_milli": None,
        "share_micro": 1, "state": ItemState.PLANNED, "skip_code": "",
    }  # fmt: skip
    assert early == 1
    with table.scene.open() as act:
        assert write_rows(act, plan_id, early, [row], [])
    assert compute_plan(table.run, plan_id, solve_here)
    with table.scene.open() as act:
        assert not write_rows(act, plan_id, early, [row], [])
    plan = table.read(plan_id)
    assert [item.rank for item in table.items(plan)] == [0]
    assert not compute_plan(table.run, plan_id, solve_here)
    assert table.events().count("PlanComputed") == 1


def test_discarded_plan_is_not_computed_and_not_released(table: Table) -> None:
    with table.scene.act(table.cast.supervisor) as act:
        plan = ask_for_plan(act, "作废", [STATION_AREA], PlanChoice())
        plan_id, public_id = plan.id, plan.public_id
    with table.scene.act(table.cast.supervisor) as act:
        discard(act, public_id)
    assert not compute_plan(table.run, plan_id, solve_here)
    with pytest.raises(Conflict), table.scene.act(table.cast.supervisor) as act:
        release(act, public_id)
    assert table.read(plan_id).state is PlanState.DISCARDED


def test_claim_of_a_queued_pair_asks_the_gates_again(table: Table) -> None:
    table.released(table.plan())
    need = table.scene.listing(Side.NEED)
    need.held_at = table.house.clock.now()
    table.session.commit()
    with pytest.raises(Conflict), table.scene.act(table.cast.broker) as act:
        claiming.claim(act, table.scene.need_id, table.scene.offer_id)


def test_rows_of_a_plan_given_up_long_ago_go_and_its_figures_stay(table: Table) -> None:
    table.listing(Side.NEED, "缺的")
    plans = [table.plan(), table.plan()]
    with table.scene.act(table.cast.supervisor) as act:
        discard(act, plans[0].public_id)
    for days, left in ((1, 1), (100, 0)):
        table.house.clock.forward(days=days)
        tidy_plans_job.handler(table.run, [{}])
        assert (len(table.items(plans[0])), len(table.gaps(plans[0]))) == (left, left)
    assert len(table.items(plans[1])) == 1
    assert table.read(plans[0].id).figures
