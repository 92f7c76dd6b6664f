"""What can be decided about a plan from values: priority, reasons, figures, what may be set."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from exchange.kernel.actor import covers
from exchange.kernel.decisions import Decision, allow, refuse
from exchange.matching.plans.kinds import PlanState, Unmet
from exchange.matching.plans.planning import Plan, weighted
from exchange.matching.plans.values import MICRO, MILLI, Figures, Limits, Problem

VULNERABLE = frozenset({"low_income_households", "left_behind_children", "elderly", "disabled"})
LONG_WAIT_DAYS = 90  # who has waited so long counts in full
FAR_KM = 150.0  # so far from the city's point counts as wholly remote
REMOTE = 0.5  # from here on a need counts as remote in the figures
MOST_DIVISIONS = 200
PERCENTS = (0, 25, 50, 100, 200)
LEAST_PERCENTS = (30, 40, 50, 60, 70)
MOST = {"per_organisation": 10_000, "per_broker": 500, "per_offer": 100, "per_need": 20}


@dataclass(frozen=True)
class Weights:
    """How much more a need counts, in per cent: for the vulnerable, in remote places, and after a
    long wait. The three add up.
    """

    vulnerable: int = 100
    remote: int = 50
    waiting: int = 50


@dataclass(frozen=True)
class PlanChoice:
    """All that a supervisor sets for a plan."""

    weights: Weights = field(default_factory=Weights)
    limits: Limits = field(default_factory=Limits)
    remote_places: tuple[str, ...] = ()

    def as_row(self) -> dict[str, Any]:
        """For the database."""
        return {
            "weights": dict(vars(self.weights)),
            "limits": dict(vars(self.limits)),
            "remote_places": list(self.remote_places),
        }


def read_choice(kept: Mapping[str, Any]) -> PlanChoice:
    """From its stored form."""
    return PlanChoice(
        Weights(**kept["weights"]), Limits(**kept["limits"]), tuple(kept["remote_places"])
    )


def may_set(choice: PlanChoice) -> Decision:
    """Whether every value is within its bounds; the code names the first that is not."""
    if any(value not in PERCENTS for value in vars(choice.weights).values()):
        return refuse("plan_weight_unknown")
    for name, most in MOST.items():
        if not 1 <= getattr(choice.limits, name) <= most:
            return refuse("plan_limit_out_of_range", field=name, most=most)
    if not 0 < choice.limits.least_micro < MICRO:
        return refuse("plan_least_unknown")
    return allow()


def priority_milli(
    weights: Weights, *, vulnerable: bool, remoteness: float, waited_days: int
) -> int:
    """1000 for no priority; each weight adds its part in thousandths."""
    waited = min(max(waited_days, 0), LONG_WAIT_DAYS) / LONG_WAIT_DAYS
    added = (
        weights.vulnerable * (1.0 if vulnerable else 0.0)
        + weights.remote * min(max(remoteness, 0.0), 1.0)
        + weights.waiting * waited
    )
    return MILLI + round(10 * added)


def remoteness(division: str, remote_places: Iterable[str], km_from_city: float | None) -> float:
    """0 to 1: 1 in a place that the centre named, else by the distance to the city's point."""
    if any(covers(place, division) for place in remote_places):
        return 1.0
    return 0.0 if km_from_city is None else min(1.0, km_from_city / FAR_KM)


def is_vulnerable(beneficiaries: Iterable[str]) -> bool:
    """Whether one of the groups is among those that come first."""
    return not VULNERABLE.isdisjoint(beneficiaries)


def waited(published: date | None, today: date) -> int:
    """Full days since it was published."""
    return max(0, (today - published).days) if published else 0


def may_release(state: PlanState) -> Decision:
    """Only a plan that is ready, and only once."""
    if state is PlanState.READY:
        return allow()
    code = "plan_already_released" if state is PlanState.RELEASED else "plan_not_ready"
    return refuse(code, state=state.value)


def may_discard(state: PlanState) -> Decision:
    """Any plan once; a released one loses what nobody has taken up."""
    return refuse("plan_is_discarded") if state is PlanState.DISCARDED else allow()


def unmet_reasons(problem: Problem, plan: Plan) -> dict[int, tuple[Unmet, int]]:
    """For each planned need that is not wholly met: why, and the part that is met in millionths.

    Needs by number. A need of which everything was in hand before is not listed.
    """
    met: dict[int, Fraction] = defaultdict(Fraction)
    for pair in plan.chosen:
        met[pair.need] += pair.part.share
    open_needs = {
        number
        for number, need in enumerate(problem.needs)
        if need.is_planned and plan.ledger.unmet[number] > 0
    }
    reasons = dict.fromkeys(sorted(open_needs), Unmet.NO_CANDIDATE)
    offers = _offers_of(problem, open_needs, reasons)
    for number, candidates in offers.items():
        reasons[number] = _reason(problem, plan, number, candidates)
    return {number: (why, int(met[number] * MICRO)) for number, why in reasons.items()}


def _offers_of(
    problem: Problem, needs: set[int], reasons: dict[int, Unmet]
) -> dict[int, list[int]]:
    """The offers that would do for each of the needs; notes where there are only weak ones."""
    found: dict[int, list[int]] = defaultdict(list)
    least = problem.limits.least_micro
    some = np.flatnonzero(np.isin(problem.pair_need, sorted(needs)))
    columns = (problem.pair_need, problem.pair_offer, problem.pair_score)
    for need, offer, score in zip(*(one[some].tolist() for one in columns), strict=True):
        if score >= least:
            found[need].append(offer)
        else:
            reasons[need] = Unmet.BELOW_THRESHOLD
    return found


def _reason(problem: Problem, plan: Plan, need: int, offers: Sequence[int]) -> Unmet:
    ledger = plan.ledger
    if ledger.need_turns[need] <= 0:
        return Unmet.NEED_LIMIT
    if ledger.station_turns[problem.needs[need].station] <= 0:
        return Unmet.BROKER_LIMIT
    given = [one for one in offers if ledger.can_give(need, one)]
    if any(not ledger.organisation_is_open(one) for one in given):
        return Unmet.ORGANISATION_LIMIT
    return Unmet.USED_UP


def figures(problem: Problem, plan: Plan) -> Figures:
    """What a plan comes to."""
    planned = [need for need in problem.needs if need.is_planned]
    met = {pair.need for pair in plan.chosen}
    reached = [problem.needs[number] for number in sorted(met)]
    full = [number for number in met if plan.ledger.unmet[number] <= 0]
    givers = Counter(problem.offers[pair.offer].organisation for pair in plan.chosen)
    expected = sum((pair.score_micro * pair.part.share for pair in plan.chosen), Fraction(0))
    days = sum(need.waited_days for need in reached)
    return Figures(
        pairs=len(plan.chosen),
        needs=len(planned),
        needs_met=len(met),
        needs_full=len(full),
        expected_milli=round(expected / MILLI),
        weighted_milli=round(weighted(problem, plan) / MICRO),
        largest_organisation=max(givers.values(), default=0),
        organisations=len(givers),
        vulnerable=sum(need.is_vulnerable for need in planned),
        vulnerable_met=sum(need.is_vulnerable for need in reached),
        remote=sum(need.is_remote for need in planned),
        remote_met=sum(need.is_remote for need in reached),
        waited_days_met=round(days / len(reached)) if reached else 0,
    )
