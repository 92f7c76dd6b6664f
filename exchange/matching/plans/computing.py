"""Computing a plan: read, decide, write. It may run twice and may end between any two lines.

A run has a number; whatever it writes is refused once another run, or a supervisor who gives the
plan up, has been there. Rows come in small acts, so that nobody waits long to write.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from exchange.accounts.actor_queries import load_actor
from exchange.jobs.registry import Run
from exchange.kernel.clock import civil_date
from exchange.matching.plans.flow import solve_apart
from exchange.matching.plans.kinds import ItemState
from exchange.matching.plans.loading import Loaded, Scope, load_problem
from exchange.matching.plans.models import MatchingPlan
from exchange.matching.plans.planning import Plan, make_plan
from exchange.matching.plans.queries import waiting_pairs
from exchange.matching.plans.rules import figures, read_choice, unmet_reasons
from exchange.matching.plans.service import begin_run, end_run, write_rows
from exchange.matching.plans.values import MICRO, Solver
from exchange.matching.plans.workload import workload_of

CHUNK = 1_000
Row = dict[str, Any]


def compute_plan(run: Run, plan_id: int, solve: Solver = solve_apart) -> bool:
    """Compute a plan and store it; False when there was nothing to do or another was faster."""
    with run.act() as act:
        number = begin_run(act, plan_id)
    if number is None:
        return False
    loaded = _load(run, plan_id)
    plan, simple = make_plan(loaded.problem, solve)
    items, gaps = _item_rows(plan_id, loaded, plan), _gap_rows(plan_id, loaded, plan)
    for some_items, some_gaps in _chunks(items, gaps):
        with run.act() as act:
            if not write_rows(act, plan_id, number, some_items, some_gaps):
                return False
    reached, plainly = figures(loaded.problem, plan), figures(loaded.problem, simple)
    with run.act() as act:
        return end_run(act, plan_id, number, reached.as_row(), plainly.as_row())


def _load(run: Run, plan_id: int) -> Loaded:
    house, session = run.house, run.read()
    kept = session.get_one(MatchingPlan, plan_id)
    now = house.clock.now()
    scope = Scope(
        actor=load_actor(session, kept.asked_by_id),
        prefixes=kept.prefixes,
        choice=read_choice(kept.choice),
        now=now,
        today=civil_date(now, house.settings.time_zone),
    )
    loaded = load_problem(house, session, scope, waiting_pairs(session, now, workload_of(house)))
    session.rollback()
    return loaded


def _item_rows(plan_id: int, loaded: Loaded, plan: Plan) -> list[Row]:
    problem = loaded.problem
    return [
        {
            "plan_id": plan_id,
            "need_id": problem.needs[pair.need].id,
            "offer_id": problem.offers[pair.offer].id,
            "rank": rank,
            "score_micro": pair.score_micro,
            "weight_milli": problem.needs[pair.need].weight_milli,
            "taken_milli": pair.part.taken_milli,
            "covers_milli": pair.part.covers_milli,
            "share_micro": int(pair.part.share * MICRO),
            "state": ItemState.PLANNED,
            "skip_code": "",
        }
        for rank, pair in enumerate(plan.chosen)
    ]


def _gap_rows(plan_id: int, loaded: Loaded, plan: Plan) -> list[Row]:
    return [
        {
            "plan_id": plan_id,
            "need_id": loaded.problem.needs[number].id,
            "reason": reason,
            "met_micro": met,
            "weight_milli": loaded.problem.needs[number].weight_milli,
            "category_code": loaded.places[number].category,
            "place_code": loaded.places[number].division,
        }
        for number, (reason, met) in unmet_reasons(loaded.problem, plan).items()
    ]


def _chunks(
    items: Sequence[Row], gaps: Sequence[Row]
) -> Iterator[tuple[Sequence[Row], Sequence[Row]]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK], ()
    for start in range(0, len(gaps), CHUNK):
        yield (), gaps[start : start + CHUNK]
