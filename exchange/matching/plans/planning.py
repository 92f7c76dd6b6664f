"""From needs, offers and scored pairs to a plan: a global assignment, and the simple way beside it.

The value of a pair is score × the part of the need it meets × the need's priority. ``make_plan``
looks for the set of pairs with the greatest sum. Each round is a flow with the least cost (source →
station → need → pair → offer → organisation → sink): a unit of flow is one introduction, and every
limit is the capacity of an arc. In a round a need gets one offer at most; an offer with a quantity
gets as many needs as surely fit, even the largest of those that could come, and one at least; what
is left of both goes into the next round. Where nobody has an amount, one round is the optimum.
docs/matching.md says more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from exchange.matching.plans.ledger import Ledger
from exchange.matching.plans.values import MILLI, Chosen, Network, Numbers, Problem, Solver

ROUNDS = 4
CHUNK = 100_000  # pairs that stand as objects at a time


@dataclass(frozen=True)
class Plan:
    """The chosen pairs, the most valuable first, and the books as they stand then."""

    chosen: tuple[Chosen, ...]
    ledger: Ledger


def make_plan(problem: Problem, solve: Solver) -> tuple[Plan, Plan]:
    """The plan, and best pair first beside it.

    The plan is the better of the global assignment and best pair first, by weighted value.
    """
    assigned = assign(problem, solve)
    simple = best_pair_first(problem)
    is_simple_better = weighted(problem, simple) > weighted(problem, assigned)
    return (simple if is_simple_better else assigned), simple


def weighted(problem: Problem, plan: Plan) -> Fraction:
    """The sum that a plan maximises, in millionths of thousandths of one good introduction."""
    found = (pair_value(problem, pair) for pair in plan.chosen)
    return sum(found, Fraction(0))


def pair_value(problem: Problem, pair: Chosen) -> Fraction:
    """Score × share × priority of one pair."""
    return pair.score_micro * problem.needs[pair.need].weight_milli * pair.part.share


def best_pair_first(problem: Problem) -> Plan:
    """Take the pair with the highest score, then the next, as somebody with a list would."""
    ledger = Ledger(problem)
    usable = np.flatnonzero(problem.pair_score >= problem.limits.least_micro)
    need_ids, offer_ids = _ids(problem)
    order = np.lexsort(
        (
            offer_ids[problem.pair_offer[usable]],
            need_ids[problem.pair_need[usable]],
            -problem.pair_score[usable],
        )
    )
    return _finished(problem, ledger, list(_take(problem, ledger, usable[order])))


def assign(problem: Problem, solve: Solver) -> Plan:
    """Rounds of flow, then whatever still fits by value."""
    ledger = Ledger(problem)
    frame = _Frame(problem)
    chosen: list[Chosen] = []
    for _ in range(ROUNDS):
        open_pairs = frame.open_pairs(ledger)
        if not len(open_pairs):
            break
        values = frame.values(ledger, open_pairs)
        network, arcs = frame.network(ledger, open_pairs, values)
        flow = solve(network)[arcs]
        picked = np.flatnonzero(flow)
        order = picked[np.lexsort((picked, -values[picked]))]
        taken = list(_take(problem, ledger, open_pairs[order]))
        if not taken:
            break
        chosen += taken
    rest = frame.open_pairs(ledger)
    values = frame.values(ledger, rest)
    chosen += _take(problem, ledger, rest[np.lexsort((rest, -values))])
    return _finished(problem, ledger, chosen)


def _take(problem: Problem, ledger: Ledger, pairs: Numbers) -> Iterator[Chosen]:
    columns = (problem.pair_need, problem.pair_offer, problem.pair_score)
    for start in range(0, len(pairs), CHUNK):
        some = pairs[start : start + CHUNK]
        for need, offer, score in zip(*(one[some].tolist() for one in columns), strict=True):
            part = ledger.take(need, offer)
            if part is not None:
                yield Chosen(need, offer, score, part)


def _finished(problem: Problem, ledger: Ledger, chosen: list[Chosen]) -> Plan:
    def rank(pair: Chosen) -> tuple[Fraction, int, int]:
        value = pair_value(problem, pair)
        return -value, problem.needs[pair.need].id, problem.offers[pair.offer].id

    return Plan(tuple(sorted(chosen, key=rank)), ledger)


def _ids(problem: Problem) -> tuple[Numbers, Numbers]:
    needs = np.array([need.id for need in problem.needs], np.int64)
    return needs, np.array([offer.id for offer in problem.offers], np.int64)


class _Frame:
    """A problem as columns, with its pairs in one order whatever order they came in."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        usable = np.flatnonzero(problem.pair_score >= problem.limits.least_micro)
        need_ids, offer_ids = _ids(problem)
        order = np.lexsort(
            (offer_ids[problem.pair_offer[usable]], need_ids[problem.pair_need[usable]])
        )
        self.pairs = usable[order]
        measures: dict[str, int] = {"": 0}
        self.need_size, self.need_measure = self._sizes(measures, problem.needs)
        self.offer_size, self.offer_measure = self._sizes(measures, problem.offers)
        self.weight = np.array([need.weight_milli for need in problem.needs], np.float64)
        self.station = np.array([need.station for need in problem.needs], np.int64)
        self.organisation = np.array([offer.organisation for offer in problem.offers], np.int64)

    @staticmethod
    def _sizes(measures: dict[str, int], rows: tuple[object, ...]) -> tuple[Numbers, Numbers]:
        """How much of its base one thousandth is, and the number of the measure; 0 without."""
        sizes, kinds = np.zeros(len(rows)), np.zeros(len(rows), np.int64)
        for number, row in enumerate(rows):
            stock = getattr(row, "stock", None)
            if stock is not None:
                sizes[number] = float(stock.size)
                kinds[number] = measures.setdefault(f"={stock.measure}", len(measures))
        return sizes, kinds  # type: ignore[return-value]  # sizes are floats, kinds are numbers

    def open_pairs(self, ledger: Ledger) -> Numbers:
        """The pairs that may still be taken."""
        count = len(self.problem.needs), len(self.problem.offers)
        needs = np.fromiter((ledger.need_is_open(n) for n in range(count[0])), bool, count[0])
        offers = np.fromiter(
            (ledger.offer_is_open(o) and ledger.organisation_is_open(o) for o in range(count[1])),
            bool, count[1],
        )  # fmt: skip
        need, offer = self.problem.pair_need[self.pairs], self.problem.pair_offer[self.pairs]
        self.pairs = self.pairs[needs[need] & offers[offer]]
        return self.pairs

    def _left(self, ledger: Ledger, pairs: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """For each pair: what the need lacks and the offer has in base units, and if they compare.
        """
        need, offer = self.problem.pair_need[pairs], self.problem.pair_offer[pairs]
        lacks = np.array([left or 0 for left in ledger.need_left]) * self.need_size
        has = np.array([left or 0 for left in ledger.offer_left]) * self.offer_size
        same = (self.need_measure[need] == self.offer_measure[offer]) & (
            self.need_measure[need] > 0
        )
        return lacks[need], has[offer], same

    def values(self, ledger: Ledger, pairs: Numbers) -> Numbers:
        """The value of each pair in whole millionths, at least 1."""
        need = self.problem.pair_need[pairs]
        lacks, has, same = self._left(ledger, pairs)
        share = np.where(same, np.minimum(1.0, has / np.maximum(lacks, 1e-12)), 1.0)
        share *= np.array([float(unmet) for unmet in ledger.unmet])[need]
        value = self.problem.pair_score[pairs] * self.weight[need] * share / MILLI
        return np.maximum(1, np.rint(value)).astype(np.int64)

    def turns(self, ledger: Ledger, pairs: Numbers) -> Numbers:
        """How many of these pairs each offer can surely take in one round, at least one."""
        offer = self.problem.pair_offer[pairs]
        lacks, has, same = self._left(ledger, pairs)
        demand = np.where(same, lacks, np.inf)
        order = np.lexsort((-demand, offer))
        ranked, total = offer[order], np.cumsum(np.where(same, lacks, 0.0)[order])
        starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
        before = np.r_[0.0, total][starts]
        within = total - np.repeat(before, np.diff(np.r_[starts, len(ranked)]))
        fits = np.isfinite(demand[order]) & (within <= has[order])
        unknown = np.zeros(len(self.problem.offers), bool)
        unknown[offer[~same]] = True
        sure = np.bincount(ranked[fits], minlength=len(self.problem.offers))
        sure = np.where(unknown, 0, sure)
        counted = np.array(ledger.offer_turns, np.int64)
        free = np.array([left is None for left in ledger.offer_left], bool)
        return np.where(free, counted, np.maximum(1, sure))

    def network(self, ledger: Ledger, pairs: Numbers, values: Numbers) -> tuple[Network, Numbers]:
        """The flow of a round, and which of its arcs are the pairs."""
        needs, need = np.unique(self.problem.pair_need[pairs], return_inverse=True)
        offers, offer = np.unique(self.problem.pair_offer[pairs], return_inverse=True)
        stations = np.array(ledger.station_turns, np.int64)
        givers = np.array(ledger.organisation_turns, np.int64)
        first_need = 1 + len(stations)
        first_offer = first_need + len(needs)
        first_giver = first_offer + len(offers)
        sink = first_giver + len(givers)
        arcs = (
            (np.zeros(len(stations)), 1 + np.arange(len(stations)), stations),
            (1 + self.station[needs], first_need + np.arange(len(needs)), np.ones(len(needs))),
            (first_need + need, first_offer + offer, np.ones(len(pairs))),
            (
                first_offer + np.arange(len(offers)),
                first_giver + self.organisation[offers],
                self.turns(ledger, pairs)[offers],
            ),
            (first_giver + np.arange(len(givers)), np.full(len(givers), sink), givers),
            (np.zeros(1), np.full(1, sink), np.full(1, len(needs))),  # what stays unmet
        )
        begin = len(stations) + len(needs)
        costs = np.zeros(sum(len(arc[0]) for arc in arcs), np.int64)
        costs[begin : begin + len(pairs)] = -values
        tails, heads, capacities = (
            np.concatenate([arc[part] for arc in arcs]).astype(np.int64) for part in range(3)
        )
        network = Network(tails, heads, np.maximum(0, capacities), costs, sink + 1, len(needs))
        return network, np.arange(begin, begin + len(pairs))
