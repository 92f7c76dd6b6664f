"""Plans as values: what no plan may do, whatever the needs, the offers and the scores."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.matching.plans.flow import NotSolved, solve_apart, solve_here
from exchange.matching.plans.kinds import Unmet
from exchange.matching.plans.planning import Plan, assign, best_pair_first, make_plan, weighted
from exchange.matching.plans.rules import (
    LONG_WAIT_DAYS,
    Weights,
    figures,
    priority_milli,
    remoteness,
    unmet_reasons,
)
from exchange.matching.plans.values import Limits, Network, PlanNeed, PlanOffer, Problem, Stock

SOME = settings(max_examples=60, deadline=None)
KILOGRAMS, JIN, TONNES = Fraction(1), Fraction(1, 2), Fraction(1000)
LOTS = st.sampled_from([0, 0, 300, 2_000, 8_000])
STOCKS = st.none() | st.one_of(
    st.builds(
        Stock, st.integers(1, 9_000), st.just("mass"), st.sampled_from([KILOGRAMS, JIN, TONNES])
    ),
    st.builds(
        Stock, st.integers(1, 9_000), st.just("mass"), st.sampled_from([KILOGRAMS, JIN, TONNES]),
        LOTS, is_whole=st.booleans(),
    ),
    st.builds(Stock, st.integers(1, 9_000), st.just("台"), step_milli=st.sampled_from([1, 1000])),
)  # fmt: skip


def columns(pairs: list[tuple[int, int, int]]) -> dict[str, np.ndarray]:
    names = ("pair_need", "pair_offer", "pair_score")
    return {name: np.array([p[i] for p in pairs], np.int64) for i, name in enumerate(names)}


@st.composite
def problems(draw: st.DrawFn, stocks: st.SearchStrategy[Stock | None] = STOCKS) -> Problem:
    """Up to 7 needs and 6 offers of up to 3 organisations at 2 stations, with any pairs."""
    weights = st.sampled_from([1000, 1250, 1500, 2000, 3500])
    needs = tuple(
        PlanNeed(100 + i, draw(weights), draw(st.integers(0, 1)), draw(stocks))
        for i in range(draw(st.integers(1, 7)))
    )
    offers = tuple(
        PlanOffer(200 + i, draw(st.integers(0, 2)), draw(stocks))
        for i in range(draw(st.integers(1, 6)))
    )
    every = [(n, o) for n in range(len(needs)) for o in range(len(offers))]
    chosen = draw(st.lists(st.sampled_from(every), unique=True))
    held = draw(st.lists(st.sampled_from(every), unique=True, max_size=2))
    scores = [draw(st.sampled_from([200_000, 400_000, 600_000, 900_000])) for _ in chosen]
    limits = Limits(*(draw(st.integers(1, 4)) for _ in range(4)))
    return Problem(
        needs, offers, (draw(st.integers(0, 2)), 1), 3,
        **columns([(n, o, s) for (n, o), s in zip(chosen, scores, strict=True)]),
        limits=limits, held=tuple(held),
    )  # fmt: skip


def shuffled(problem: Problem, order: list[int]) -> Problem:
    """The same pairs in another order."""
    return replace(
        problem,
        pair_need=problem.pair_need[order],
        pair_offer=problem.pair_offer[order],
        pair_score=problem.pair_score[order],
    )


def solved(problem: Problem) -> Plan:
    return make_plan(problem, solve_here)[0]


def ids(plan: Plan) -> list[tuple[int, int]]:
    return [(pair.need, pair.offer) for pair in plan.chosen]


@pytest.mark.parametrize("way", [solved, best_pair_first])
@SOME
@given(problem=problems())
def test_no_plan_exceeds_what_there_is(way: Callable[[Problem], Plan], problem: Problem) -> None:
    plan = way(problem)
    pairs, limits = ids(plan), problem.limits
    assert len(set(pairs)) == len(pairs)
    known = set(zip(problem.pair_need.tolist(), problem.pair_offer.tolist(), strict=True))
    assert set(pairs) <= known
    assert all(pair.score_micro >= limits.least_micro for pair in plan.chosen)
    for number, offer in enumerate(problem.offers):
        mine = [pair for pair in plan.chosen if pair.offer == number]
        left = plan.ledger.offer_left[number]
        assert left is None or left >= 0
        if offer.stock is None:
            assert len(mine) <= limits.per_offer
            assert plan.ledger.offer_turns[number] >= -len(problem.held)
        else:
            assert sum(pair.part.taken_milli or 0 for pair in mine) <= offer.stock.milli
            assert all(pair.part.taken_milli for pair in mine)
    for number, need in enumerate(problem.needs):
        mine = [pair for pair in plan.chosen if pair.need == number]
        assert sum(pair.part.share for pair in mine) <= 1
        assert len(mine) <= limits.per_need
        if need.stock is not None:
            assert sum(pair.part.covers_milli or 0 for pair in mine) <= need.stock.milli
    givers = Counter(problem.offers[offer].organisation for _need, offer in pairs)
    stations = Counter(problem.needs[need].station for need, _offer in pairs)
    assert all(count <= limits.per_organisation for count in givers.values())
    assert all(n <= limits.per_broker * problem.brokers[s] for s, n in stations.items())


@SOME
@given(problem=problems())
def test_what_is_taken_is_worth_what_is_covered(problem: Problem) -> None:
    for pair in solved(problem).chosen:
        asked, given_ = problem.needs[pair.need].stock, problem.offers[pair.offer].stock
        if pair.part.covers_milli is None:
            continue
        assert asked is not None
        assert given_ is not None
        assert asked.measure == given_.measure
        covers = pair.part.covers_milli * asked.size
        taken = (pair.part.taken_milli or 0) * given_.size
        assert covers <= taken
        if not given_.lot_milli and not given_.is_whole and given_.step_milli == 1:
            assert taken - covers < max(asked.size, given_.size)  # less than a thousandth is lost


@pytest.mark.parametrize("way", [solved, best_pair_first])
@SOME
@given(problem=problems())
def test_no_plan_takes_less_than_a_lot_or_a_part_of_a_whole(
    way: Callable[[Problem], Plan], problem: Problem
) -> None:
    """Over all pairs of a listing: only the last may be less, as all that was left."""
    for of_offer, rows in ((True, problem.offers), (False, problem.needs)):
        for number, row in enumerate(rows):
            stock = row.stock
            held = any(pair[1 if of_offer else 0] == number for pair in problem.held)
            if stock is None or held:
                continue
            chosen = [
                (one.part.taken_milli if of_offer else one.part.covers_milli) or 0
                for one in way(problem).chosen
                if (one.offer if of_offer else one.need) == number
                and one.part.covers_milli is not None
            ]
            all_gone = sum(chosen) >= stock.milli
            odd = [one for one in chosen if one < stock.lot_milli or one % stock.step_milli]
            assert len(odd) <= (1 if all_gone else 0)
            assert not (stock.is_whole and chosen) or chosen == [stock.milli]


@SOME
@given(problem=problems(), data=st.data())
def test_same_input_gives_the_same_plan_in_whatever_order(
    problem: Problem, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(problem.pair_need))))
    first, second = solved(problem), solved(shuffled(problem, order))
    assert first.chosen == second.chosen
    assert unmet_reasons(problem, first) == unmet_reasons(problem, second)


@SOME
@given(problem=problems(), other=st.integers(0, 2))
def test_a_plan_is_never_worth_less_than_best_pair_first(problem: Problem, other: int) -> None:
    plan, simple = solved(problem), best_pair_first(problem)
    assert weighted(problem, plan) >= weighted(problem, simple)
    assert figures(problem, plan).weighted_milli >= figures(problem, simple).weighted_milli - 1


def best_by_trying(problem: Problem) -> int:
    """The greatest value of any set of pairs where nobody has an amount: by trying all."""
    pairs = list(
        zip(problem.pair_need, problem.pair_offer, problem.pair_score, strict=True)
    )
    best = 0

    def go(at: int, needs: frozenset[int], uses: tuple[int, ...], value: int) -> None:
        nonlocal best
        best = max(best, value)
        for number in range(at, len(pairs)):
            need, offer, score = (int(one) for one in pairs[number])
            given_by = problem.offers[offer].organisation
            station = problem.needs[need].station
            limits = problem.limits
            if need in needs or score < limits.least_micro:
                continue
            wanted = (offer, 100 + given_by, 200 + station)
            most = (limits.per_offer, limits.per_organisation,
                    limits.per_broker * problem.brokers[station])  # fmt: skip
            if all(uses.count(key) < bound for key, bound in zip(wanted, most, strict=True)):
                gain = score * problem.needs[need].weight_milli
                go(number + 1, needs | {need}, (*uses, *wanted), value + gain)

    go(0, frozenset(), (), 0)
    return best


@settings(max_examples=40, deadline=None)
@given(problem=problems(stocks=st.none()))
def test_without_amounts_the_plan_is_the_best_there_is(problem: Problem) -> None:
    cut = shuffled(replace(problem, held=()), list(range(min(10, len(problem.pair_need)))))
    assert weighted(cut, solved(cut)) == best_by_trying(cut)


@SOME
@given(problem=problems(stocks=st.none()), data=st.data())
def test_a_better_priority_never_lowers_a_needs_chance(
    problem: Problem, data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(problem.needs) - 1))
    lifted = replace(problem.needs[number], weight_milli=problem.needs[number].weight_milli + 700)
    better = replace(
        problem, needs=(*problem.needs[:number], lifted, *problem.needs[number + 1 :])
    )
    before = any(pair.need == number for pair in solved(problem).chosen)
    after = any(pair.need == number for pair in solved(better).chosen)
    assert after or not before


@SOME
@given(problem=problems())
def test_every_need_is_met_or_has_a_true_reason(problem: Problem) -> None:
    plan = solved(problem)
    reasons = unmet_reasons(problem, plan)
    fit = {
        need: [
            (int(offer), int(score))
            for one, offer, score in zip(
                problem.pair_need, problem.pair_offer, problem.pair_score, strict=True
            )
            if one == need
        ]
        for need in range(len(problem.needs))
    }
    for need in range(len(problem.needs)):
        assert (need in reasons) == (plan.ledger.unmet[need] > 0)
    for need, (why, met) in reasons.items():
        strong = [offer for offer, score in fit[need] if score >= problem.limits.least_micro]
        assert 0 <= met < 1_000_000
        assert (why is Unmet.NO_CANDIDATE) == (not fit[need])
        assert (why is Unmet.BELOW_THRESHOLD) == bool(fit[need] and not strong)
        if why is Unmet.USED_UP:
            assert not any(plan.ledger.can_give(need, offer) for offer in strong)


def test_remainder_too_small_to_give_is_used_up_and_not_held_by_a_limit() -> None:
    ton, gram = Stock(1, "mass", Fraction(1000)), Stock(1, "mass", Fraction(1, 1000))
    problem = two_and_two(
        needs=(PlanNeed(1, 1000, 0, ton), PlanNeed(2, 1000, 0)),
        offers=(PlanOffer(11, 0, gram), PlanOffer(12, 0)),
        organisations=1,
        limits=Limits(per_organisation=1),
        **columns([(0, 0, 900_000), (1, 1, 700_000)]),
    )
    assert unmet_reasons(problem, solved(problem)) == {0: (Unmet.USED_UP, 0)}


def two_and_two(**values: object) -> Problem:
    """A need that has a choice, and one that has none."""
    given_ = {
        "needs": (PlanNeed(1, 1000, 0), PlanNeed(2, 1000, 0)),
        "offers": (PlanOffer(11, 0), PlanOffer(12, 1)),
        "brokers": (5,),
        "organisations": 2,
        "limits": Limits(per_offer=1),
        **columns([(0, 0, 900_000), (0, 1, 800_000), (1, 0, 700_000)]),
    } | values
    return Problem(**given_)  # type: ignore[arg-type]  # the test's own keywords


def test_plan_helps_both_where_best_pair_first_leaves_one_out() -> None:
    problem = two_and_two()
    assert ids(best_pair_first(problem)) == [(0, 0)]
    assert sorted(ids(solved(problem))) == [(0, 1), (1, 0)]
    assert figures(problem, solved(problem)).expected_milli == 1500


def test_need_with_priority_gets_the_only_offer() -> None:
    needs = (PlanNeed(1, 1000, 0), PlanNeed(2, 2000, 0, is_vulnerable=True))
    problem = two_and_two(needs=needs, **columns([(0, 0, 900_000), (1, 0, 700_000)]))
    plan = solved(problem)
    assert ids(plan) == [(1, 0)]
    assert unmet_reasons(problem, plan) == {0: (Unmet.USED_UP, 0)}
    assert figures(problem, plan).vulnerable_met == 1


@pytest.mark.parametrize(
    ("limits", "brokers", "why"),
    [
        (Limits(per_organisation=1), (5,), Unmet.ORGANISATION_LIMIT),
        (Limits(per_broker=1), (1,), Unmet.BROKER_LIMIT),
        (Limits(per_offer=1), (5,), Unmet.USED_UP),
        (Limits(least_micro=750_000), (5,), Unmet.BELOW_THRESHOLD),
    ],
)
def test_limit_that_stood_in_the_way_is_named(
    limits: Limits, brokers: tuple[int], why: Unmet
) -> None:
    pairs = columns([(0, 0, 900_000), (1, 0, 700_000)])
    problem = two_and_two(limits=limits, brokers=brokers, **pairs)
    assert unmet_reasons(problem, solved(problem)) == {1: (why, 0)}


def test_large_need_is_filled_by_several_and_units_are_converted() -> None:
    need = PlanNeed(1, 1000, 0, Stock(2_000, "mass", TONNES))
    offers = (
        PlanOffer(11, 0, Stock(1_000_000, "mass", JIN)),
        PlanOffer(12, 1, Stock(9_000, "mass", TONNES)),
    )
    problem = two_and_two(
        needs=(need,), offers=offers, **columns([(0, 0, 900_000), (0, 1, 500_000)])
    )
    plan = solved(problem)
    parts = {pair.offer: pair.part for pair in plan.chosen}
    assert figures(problem, plan).needs_full == 1
    assert sum(part.share for part in parts.values()) == 1
    assert (parts[1].taken_milli, parts[1].covers_milli) in {(2_000, 2_000), (1_500, 1_500)}


def test_pair_in_hand_takes_first_and_counts_for_the_station() -> None:
    elsewhere = PlanNeed(9, 1000, 0, Stock(3_000, "台"), is_planned=False)
    problem = two_and_two(
        needs=(PlanNeed(1, 1000, 0, Stock(4_000, "台")), elsewhere),
        offers=(PlanOffer(11, 0, Stock(5_000, "台")),),
        held=((1, 0),),
        **columns([(0, 0, 900_000)]),
    )
    (pair,) = solved(problem).chosen
    assert pair.part.taken_milli == 2_000
    assert figures(problem, solved(problem)).needs == 1
    assert not solved(replace(problem, limits=Limits(per_broker=1), brokers=(1,))).chosen


def test_agreed_pair_without_amounts_uses_its_offer() -> None:
    problem = two_and_two(counted=((0, 0),))
    assert ids(solved(problem)) == []
    assert unmet_reasons(problem, solved(problem)) == {1: (Unmet.USED_UP, 0)}


def test_priorities_add_up_and_end_somewhere() -> None:
    weights = Weights(vulnerable=100, remote=50, waiting=50)

    def of(vulnerable: bool, far: float, days: int) -> int:
        return priority_milli(weights, vulnerable=vulnerable, remoteness=far, waited_days=days)

    assert of(False, 0, 0) == 1000
    assert of(True, 1, LONG_WAIT_DAYS) == of(True, 7, 9999) == 3000
    assert of(False, 0.5, LONG_WAIT_DAYS // 2) == 1500
    assert remoteness("520422102", ("520422102",), None) == 1
    assert remoteness("520422102", (), 75.0) == 0.5


def test_solver_in_a_process_of_its_own_finds_the_same() -> None:
    problem = two_and_two()
    assert assign(problem, solve_apart).chosen == assign(problem, solve_here).chosen
    none = np.zeros(0, np.int64)
    with pytest.raises(NotSolved):
        solve_apart(Network(none, none, none, none, 2, 1))
