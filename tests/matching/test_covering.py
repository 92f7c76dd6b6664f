"""Who answers an undertaking together: what no answer may do, and which is best."""

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.matching.cover_values import Cover, Offered, Part
from exchange.matching.covering import MOST_GIVERS, cover, several_first
from exchange.matching.plans.values import Stock
from exchange.matching.sharing import share

TONNES, JIN = Fraction(1000), Fraction(1, 2)
SOME = settings(max_examples=120, deadline=None)
STOCKS = st.one_of(
    st.none(),
    st.builds(
        Stock, st.integers(1, 50_000), st.just("mass"), st.sampled_from([TONNES, JIN]),
        st.sampled_from([0, 0, 3_000, 20_000]), is_whole=st.booleans(),
    ),
    st.builds(
        Stock, st.integers(1, 9).map(lambda n: n * 1000), st.just("台"), step_milli=st.just(1000)
    ),
)  # fmt: skip
Case = tuple[list[Part], list[Offered], dict[int, Stock | None]]


@st.composite
def cases(draw: st.DrawFn, stocks: st.SearchStrategy[Stock | None] = STOCKS) -> Case:
    parts = [Part(number, draw(stocks)) for number in range(draw(st.integers(1, 4)))]
    owners = [draw(st.integers(1, 3)) for _ in range(draw(st.integers(1, 5)))]
    pairs = [
        Offered(part.id, 100 + offer, owner, draw(st.sampled_from([0.4, 0.7, 0.9])))
        for part in parts
        for offer, owner in enumerate(owners)
        if draw(st.booleans())
    ]
    return parts, pairs, {100 + offer: draw(stocks) for offer in range(len(owners))}


def best_pair_first(parts: list[Part], pairs: list[Offered], stocks: dict) -> Fraction:
    """What somebody reaches who goes through the list from the top, three offers for a part."""
    left = {key: stock.milli for key, stock in stocks.items() if stock}
    lacks = {part.id: part.stock.milli for part in parts if part.stock}
    asked = {part.id: part.stock for part in parts}
    met: dict[int, Fraction] = defaultdict(Fraction)
    count: Counter[int] = Counter()
    for pair in sorted(pairs, key=lambda one: (-one.score, one.part, one.offer)):
        need, offer = asked[pair.part], stocks[pair.offer]
        if met[pair.part] == 1 or count[pair.part] == 3 or left.get(pair.offer) == 0:
            continue
        if need is None or offer is None or not need.compares_with(offer):
            if not count[pair.part]:
                met[pair.part] = Fraction(1)
                left[pair.offer] = 0 if offer else 1
            continue
        both = share(need, lacks[pair.part], offer, left[pair.offer])
        if both:
            left[pair.offer] -= both[0]
            lacks[pair.part] -= both[1]
            met[pair.part] += Fraction(both[1], need.milli)
            count[pair.part] += 1
    return sum(met.values(), Fraction(0))


@SOME
@given(case=cases())
def test_nothing_is_given_twice_and_no_need_gets_more_than_it_lacks(case: Case) -> None:
    parts, pairs, stocks = case
    made = cover(parts, pairs, stocks)
    taken: Counter[int] = Counter()
    assert {one.pair for one in made.given} <= set(pairs)
    assert len({(one.pair.part, one.pair.offer) for one in made.given}) == len(made.given)
    for one in made.given:
        if stocks[one.pair.offer] is None:
            assert one.taken_milli is None
        else:
            taken[one.pair.offer] += one.taken_milli
            assert one.taken_milli > 0
    assert all(milli <= stocks[offer].milli for offer, milli in taken.items())
    for part in parts:
        mine = made.of_part(part.id)
        assert len(mine) <= 3
        assert sum(one.share for one in mine) <= 1
        if len(mine) > 1:
            assert not part.stock.is_whole
            assert sum(one.covers_milli for one in mine) <= part.stock.milli
        for one in mine:
            if one.covers_milli is not None and stocks[one.pair.offer].is_whole:
                assert one.taken_milli == stocks[one.pair.offer].milli


@SOME
@given(case=cases())
def test_it_covers_at_least_what_best_pair_first_covers(case: Case) -> None:
    assert int(cover(*case).covered * 100) >= int(best_pair_first(*case) * 100)


@SOME
@given(case=cases(), data=st.data())
def test_the_order_of_what_goes_in_changes_nothing(case: Case, data: st.DataObject) -> None:
    parts, pairs, stocks = case
    mixed = cover(data.draw(st.permutations(parts)), data.draw(st.permutations(pairs)), stocks)
    assert mixed == cover(parts, pairs, stocks)


@SOME
@given(case=cases(st.none()))
def test_without_amounts_no_choice_of_one_offer_for_each_part_is_better(case: Case) -> None:
    parts, pairs, stocks = case
    offers = [[None, *(one for one in pairs if one.part == part.id)] for part in parts]
    best = (0, 0, Fraction(0))
    for choice in product(*offers):
        chosen = [one for one in choice if one]
        worth = sum(round(one.score * 1e6) for one in chosen)
        best = max(best, (len(chosen) * 100, -len({one.owner for one in chosen}), worth))
    assert cover(parts, pairs, stocks).key == best


def tonnes(number: float, **more: object) -> Stock:
    return Stock(int(number * 1000), "mass", TONNES, **more)


def told(made: Cover) -> list[tuple[int, int, int | None]]:
    return [(one.pair.part, one.pair.offer, one.covers_milli) for one in made.given]


def test_one_giver_for_two_parts_is_better_than_two_with_a_higher_score() -> None:
    pairs = [
        Offered(1, 11, 1, 0.95), Offered(2, 12, 2, 0.95),
        Offered(1, 13, 3, 0.5), Offered(2, 14, 3, 0.5),
    ]  # fmt: skip
    made = cover([Part(1), Part(2)], pairs, dict.fromkeys((11, 12, 13, 14)))
    assert told(made) == [(1, 13, None), (2, 14, None)]
    assert made.givers == (3,)


def test_a_part_more_is_better_than_a_giver_less() -> None:
    pairs = [Offered(1, 11, 1, 0.9), Offered(2, 12, 2, 0.5)]
    made = cover([Part(1), Part(2), Part(3)], pairs, {11: None, 12: None})
    assert (made.covered, made.givers) == (2, (1, 2))


def test_who_has_a_choice_leaves_the_scarce_offer_to_who_has_none() -> None:
    pairs = [Offered(1, 11, 1, 0.9), Offered(2, 11, 1, 0.6), Offered(1, 12, 2, 0.5)]
    made = cover([Part(1, tonnes(10)), Part(2, tonnes(10))], pairs, {11: tonnes(10), 12: tonnes(9)})
    assert told(made) == [(1, 12, 9_000), (2, 11, 10_000)]
    assert made.covered == Fraction(19, 10)


def test_what_covers_half_counts_half_and_others_fill_it_up() -> None:
    pairs = [Offered(1, 11, 1, 0.9), Offered(1, 12, 2, 0.8)]
    stocks = {11: tonnes(5), 12: tonnes(3)}
    assert cover([Part(1, tonnes(10))], pairs[:1], stocks).covered == Fraction(1, 2)
    assert cover([Part(1, tonnes(10))], pairs, stocks).covered == Fraction(8, 10)
    one_only = [Part(1, tonnes(6, is_whole=True))]
    assert cover(one_only, pairs, stocks) == Cover()


def test_one_amount_is_shared_out_over_two_parts() -> None:
    pairs = [Offered(1, 11, 1, 0.9), Offered(2, 11, 1, 0.8)]
    made = cover([Part(1, tonnes(4)), Part(2, tonnes(4))], pairs, {11: tonnes(6)})
    assert told(made) == [(1, 11, 4_000), (2, 11, 2_000)]


def test_an_offer_without_an_amount_answers_several_parts_a_counted_one_that_compares_not() -> None:
    pairs = [Offered(1, 11, 1, 0.9), Offered(2, 11, 1, 0.8)]
    parts = [Part(1), Part(2)]
    assert cover(parts, pairs, {11: None}).covered == 2
    assert told(cover(parts, pairs, {11: tonnes(6)})) == [(1, 11, None)]


def test_nothing_suggested_is_no_answer() -> None:
    assert cover([Part(1)], [], {}) == cover([], [Offered(1, 2, 3, 0.9)], {2: None}) == Cover()


def test_twelve_parts_with_more_givers_than_are_tried_are_all_covered() -> None:
    parts = [Part(number, tonnes(9)) for number in range(12)]
    pairs = [
        Offered(part.id, 1000 * part.id + k, k, 0.5 + (part.id * 7 + k) % 9 / 20)
        for part in parts
        for k in range(MOST_GIVERS + 8)
    ]
    made = cover(parts, pairs, {one.offer: tonnes(3) for one in pairs})
    assert made.covered == 12
    assert len(made.givers) <= MOST_GIVERS


def test_offers_of_who_answers_several_parts_come_first() -> None:
    pairs = [Offered(1, 11, 1, 0.9), Offered(1, 12, 2, 0.5), Offered(2, 13, 2, 0.6)]
    first = several_first(pairs)
    assert [one.offer for one in first[1]] == [12, 11]
    assert [one.offer for one in first[2]] == [13]
