"""How long a plan takes over a large site, and what it gains over taking the best pair first.

A site is generated from a seed: so many open needs, so many open offers, up to twenty candidates
for each need among the offers that pass the gates, with drawn scores that are higher within one
category; a station for each county with social workers in proportion to its needs. Then one plan
over the whole country is computed as the worker does it: read, gates, flow, write. ``--write``
appends the figures to docs/benchmarks.md.
"""

import argparse
import multiprocessing
import platform
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from benchmarks.filling import BATCH, _insert
from benchmarks.generator import Generated, Generator
from benchmarks.large_site import opened, own_settings
from benchmarks.reporting import machine, report, section, table
from exchange.accounts.kinds import PointLevel
from exchange.accounts.models import (
    Assignment,
    Organisation,
    Person,
    ServicePoint,
    ServicePointDivision,
)
from exchange.jobs.runner import JobRun
from exchange.kernel.actor import WHOLE_COUNTRY, Duty, ancestors
from exchange.kernel.database import WRITES, db
from exchange.kernel.settings import Settings, load_settings
from exchange.listings.kinds import Side, State
from exchange.matching.categories import fit_of
from exchange.matching.models import Suggestion
from exchange.matching.plans import computing as plan_computing
from exchange.matching.plans.flow import solve_apart
from exchange.matching.plans.kinds import PlanState
from exchange.matching.plans.models import MatchingPlan, PlanDivision
from exchange.matching.plans.planning import best_pair_first, make_plan
from exchange.matching.plans.rules import PlanChoice, figures
from exchange.matching.plans.values import Figures, Limits, Problem
from exchange.taxonomy.terms import Terms
from tests.running_site import RunningCommand, environment

CANDIDATES = 20
NEEDS_PER_WORKER = 40
DIGITS = 6
MB = 1024 if sys.platform.startswith("linux") else 1024 * 1024


@dataclass(frozen=True)
class Measured:
    """Seconds, megabytes, and what the ways to plan came to."""

    seconds: dict[str, float]
    memory: dict[str, float]
    pairs: int
    ways: dict[str, Figures]


def chosen_listings(site: Generator, each: int) -> list[Generated]:
    """The first open needs and the first open offers, so many of either side."""
    room = {Side.NEED: each, Side.OFFER: each}
    found: list[Generated] = []
    for one in site:
        if one.row["state"] is not State.PUBLISHED or not room[one.row["side"]]:
            continue
        room[one.row["side"]] -= 1
        found.append(one)
        if not any(room.values()):
            return found
    raise ValueError("the generated site has too few open listings")


def candidates(listings: Sequence[Generated], seed: int) -> Iterator[dict[str, Any]]:
    """Up to twenty offers for each need among those that pass the gates, the nearest first."""
    draw = Random(f"{seed} candidates")
    near: dict[tuple[str, str], list[Generated]] = defaultdict(list)
    for one in listings:
        if one.row["side"] is Side.OFFER:
            for prefix in one.coverage or (one.row["division_code"],):
                near[prefix, one.row["category_code"]].append(one)
    kinds = sorted({category for _prefix, category in near})
    for one in listings:
        if one.row["side"] is Side.NEED:
            yield from _candidates_of(one, near, kinds, draw)


def _candidates_of(
    need: Generated,
    near: dict[tuple[str, str], list[Generated]],
    kinds: Sequence[str],
    draw: Random,
) -> Iterator[dict[str, Any]]:
    own = need.row["category_code"]
    fitting = [kind for kind in kinds if fit_of(own, kind)[0]]
    chosen: dict[int, Generated] = {}
    for prefix in reversed(ancestors(str(need.row["division_code"]))):
        there = [offer for kind in fitting for offer in near.get((prefix, kind), ())]
        for offer in draw.sample(there, min(len(there), 2 * CANDIDATES)):
            apart = offer.owner.id != need.owner.id
            payable = (need.row["terms"], offer.row["terms"]) != (Terms.FREE, Terms.PAID)
            if len(chosen) < CANDIDATES and apart and payable:
                chosen[offer.row["id"]] = offer
    for offer_id, offer in sorted(chosen.items()):
        same = offer.row["category_code"] == own
        score = draw.betavariate(5, 3) if same else draw.betavariate(3, 4)
        yield {
            "need_id": need.row["id"], "offer_id": offer_id,
            "score_micro": max(500, round(score * 1_000_000)), "reasons": [], "engine": "drawn",
            "computed_at": need.row["published_at"],
        }  # fmt: skip


def stations(listings: Sequence[Generated], now: datetime) -> dict[type, list[dict[str, Any]]]:
    """A station for each county that needs something, and one supervisor of the whole country."""
    counties = Counter(
        one.row["division_code"][:DIGITS] for one in listings if one.row["side"] is Side.NEED
    )
    rows: dict[type, list[dict[str, Any]]] = defaultdict(list)

    def point(prefix: str, workers: int, duty: Duty) -> None:
        number = len(rows[ServicePoint]) + 1
        level = PointLevel.CENTRE if duty is Duty.SUPERVISOR else PointLevel.STATION
        rows[ServicePoint].append(
            {"id": number, "public_id": f"point{number}", "level": level, "name_zh": prefix,
             "name_en": "", "created_at": now}
        )  # fmt: skip
        rows[ServicePointDivision].append({"service_point_id": number, "prefix": prefix})
        for _ in range(workers):
            person = len(rows[Person]) + 1
            rows[Person].append(
                {"id": person, "public_id": f"worker{person}", "name": f"社工{person}",
                 "password_hash": "", "created_at": now}
            )  # fmt: skip
            rows[Assignment].append(
                {"id": person, "person_id": person, "service_point_id": number, "duty": duty,
                 "created_at": now}
            )  # fmt: skip

    point(WHOLE_COUNTRY, 1, Duty.SUPERVISOR)
    for county, needs in sorted(counties.items()):
        point(county, 1 + needs // NEEDS_PER_WORKER, Duty.BROKER)
    return rows


def fill(settings: Settings, each: int, seed: int) -> int:
    """Put the site into its database; returns how many pairs."""
    now = datetime.now(UTC)
    site = Generator(6 * each, seed, now)
    listings, pairs = chosen_listings(site, each), 0
    with opened(settings), db.engine.connect().execution_options(**{WRITES: True}) as connection:
        with connection.begin():
            connection.execute(sa.insert(Organisation), [one.row for one in site.owners])
        for batch in _batches(listings):
            with connection.begin():
                _insert(connection, batch)
        with connection.begin():
            for model, rows in stations(listings, now).items():
                connection.execute(sa.insert(model), rows)
        for some in _batches(candidates(listings, seed)):
            with connection.begin():
                connection.execute(sa.insert(Suggestion), some)
            pairs += len(some)
    return pairs


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def measure(settings: Settings, choice: PlanChoice, pairs: int) -> Measured:
    """Compute the plan as the worker does, then look at the parts."""
    with opened(settings) as app:
        run: JobRun = app.extensions["exchange.jobs"]
        with run.act() as act:
            plan = MatchingPlan(
                name="bench", choice=choice.as_row(), asked_by_id=1, created_at=act.now,
                divisions=[PlanDivision(prefix=WHOLE_COUNTRY)],
            )  # fmt: skip
            act.session.add(plan)
            act.session.flush()
            plan_id = plan.id
        began, spent = time.perf_counter(), time.process_time()
        assert plan_computing.compute_plan(run, plan_id)
        seconds = {
            "all of it, as the worker does it": time.perf_counter() - began,
            "of this: on the processor, without the solver": time.process_time() - spent,
        }
        kept = run.read().get_one(MatchingPlan, plan_id)
        assert kept.state is PlanState.READY
        memory = {"the worker": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MB}
        began = time.perf_counter()
        problem = plan_computing._load(run, plan_id).problem
        seconds["of this: reading and gates"] = time.perf_counter() - began
        ways = _ways(problem, seconds)
    return Measured(seconds, memory, pairs, ways)


def _ways(problem: Problem, seconds: dict[str, float]) -> dict[str, Figures]:
    began = time.perf_counter()
    plan, simple = make_plan(problem, solve_apart)
    seconds["of this: deciding"] = time.perf_counter() - began
    free = replace(problem, limits=replace(problem.limits, per_organisation=10**6))
    return {
        "plan": figures(problem, plan),
        "best pair first, same limits": figures(problem, simple),
        "best pair first, any number for one": figures(free, best_pair_first(free)),
    }


def rows_of(found: Measured) -> list[tuple[str, ...]]:
    """The ways side by side."""
    return [
        (
            name,
            f"{one.pairs:,}",
            f"{one.needs_met:,} ({one.needs_full:,} in full)",
            f"{one.expected_milli / 1000:,.0f}",
            f"{one.weighted_milli / 1000:,.0f}",
            f"{one.largest_organisation} ({100 * one.largest_organisation / one.pairs:.2f}%)",
            f"{100 * one.vulnerable_met / max(1, one.vulnerable):.1f}%",
            f"{100 * one.remote_met / max(1, one.remote):.1f}%",
        )
        for name, one in found.ways.items()
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description="Measure a plan over a large site.")
    parser.add_argument("--each", type=int, default=20_000, help="needs, and as many offers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-organisation", type=int, default=Limits().per_organisation)
    parser.add_argument("--write", action="store_true", help="append to docs/benchmarks.md")
    given = parser.parse_args(arguments)
    choice = PlanChoice(limits=Limits(per_organisation=given.per_organisation))
    with tempfile.TemporaryDirectory(prefix="exchange-bench-") as name:
        folder, own = Path(name), own_settings("whoosh")
        prepared = RunningCommand(folder, "prepare", **own)
        assert prepared.process.wait() == 0, prepared.output
        settings = load_settings(environment(folder, **own))
        pairs = fill(settings, given.each, given.seed)
        apart = multiprocessing.get_context("spawn")  # so that memory is that of a plan alone
        with ProcessPoolExecutor(1, mp_context=apart) as pool:
            found = pool.submit(measure, settings, choice, pairs).result()
    about = (
        f"{given.each:,} needs, {given.each:,} offers, {found.pairs:,} candidates, seed "
        f"{given.seed}, at most {given.per_organisation} pairs for one organisation; {machine()}; "
        f"Python {platform.python_version()}, SQLite."
    )
    costs = [(name, f"{value:.1f} s") for name, value in found.seconds.items()]
    costs += [(name, f"{value:.0f} MB at most") for name, value in found.memory.items()]
    heads = (
        "way", "pairs", "needs met", "expected introductions", "weighed by priority",
        "largest share on one organisation", "vulnerable needs met", "remote needs met",
    )  # fmt: skip
    tables = table(("what", "how much"), costs), table(heads, rows_of(found))
    report(section("plans", about, *tables), write=given.write)
    return 0


if __name__ == "__main__":
    sys.exit(main())
