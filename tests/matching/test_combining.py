"""Sets of offers for a need, and of needs for an offer: what no set may do, and which is best."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.matching.combining import PARTS, Candidate, fill, split
from exchange.matching.plans.values import Stock

TONNES, JIN = Fraction(1000), Fraction(1, 2)
SOME = settings(max_examples=150, deadline=None)
STOCKS = st.one_of(
    st.builds(
        Stock, st.integers(1, 50_000), st.just("mass"), st.sampled_from([TONNES, JIN]),
        st.sampled_from([0, 0, 3_000, 20_000]), is_whole=st.booleans(),
    ),
    st.builds(
        Stock, st.integers(1, 9).map(lambda n: n * 1000), st.just("台"), step_milli=st.just(1000)
    ),
)  # fmt: skip


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    return [
        Candidate(
            number, draw(st.integers(1, 3)), draw(st.sampled_from([0.4, 0.7, 0.9])),
            draw(STOCKS), draw(st.sampled_from([1.0, 2.0])),
        )
        for number in range(draw(st.integers(0, 6)))
    ]  # fmt: skip


def tonnes(number: float, **more: object) -> Stock:
    return Stock(int(number * 1000), "mass", TONNES, **more)


def offers(*amounts: float, **more: object) -> list[Candidate]:
    return [Candidate(n, n, 0.9 - n / 100, tonnes(one, **more)) for n, one in enumerate(amounts)]


def parts(stock: Stock, given_: list[int]) -> None:
    """All together not more than there is; each a lot and whole units, or the last of it."""
    assert sum(given_) <= stock.milli
    last = sum(given_) == stock.milli
    odd = [one for one in given_ if one < stock.lot_milli or one % stock.step_milli]
    assert len(odd) <= (1 if last else 0)
    assert not stock.is_whole or given_ == [stock.milli]


@SOME
@given(need=STOCKS, others=candidates())
def test_no_combination_breaks_a_lot_or_takes_what_is_not_there(
    need: Stock, others: list[Candidate]
) -> None:
    by_id = {one.id: one.stock for one in others}
    for made in fill(need, others):
        assert 2 <= len(set(made.ids)) == len(made.ids) <= PARTS
        parts(need, [one.covers_milli for one in made.portions])
        for one in made.portions:
            parts(by_id[one.id], [one.taken_milli])
            assert one.covers_milli * need.size <= one.taken_milli * by_id[one.id].size
    for made in split(need, others):
        parts(need, [one.taken_milli for one in made.portions])
        for one in made.portions:
            parts(by_id[one.id], [one.covers_milli])
            assert one.covers_milli * by_id[one.id].size <= one.taken_milli * need.size


@SOME
@given(need=STOCKS, others=candidates(), data=st.data())
def test_the_order_of_candidates_changes_nothing(
    need: Stock, others: list[Candidate], data: st.DataObject
) -> None:
    mixed = data.draw(st.permutations(others))
    assert fill(need, others) == fill(need, mixed)
    assert split(need, others) == split(need, mixed)


def test_three_fill_what_none_fills_alone() -> None:
    [best, *_] = fill(tonnes(40), offers(20, 15, 5))
    assert [one.covers_milli for one in best.portions] == [20_000, 15_000, 5_000]
    assert (best.filled, best.percent) == (1, 100)


def test_fewer_givers_are_better_when_as_much_is_filled() -> None:
    assert len(fill(tonnes(40), offers(14, 13, 13, 30, 10))[0].ids) == 2
    twice = [Candidate(n, o, 0.9, tonnes(20)) for n, o in ((1, 7), (2, 8), (3, 8))]
    assert fill(tonnes(40), twice)[0].ids == (2, 3)  # one giver with two listings


def test_who_fills_it_alone_needs_nobody() -> None:
    assert fill(tonnes(40), offers(20, 40, 20)) == []
    assert fill(tonnes(40, is_whole=True), offers(20, 20)) == []
    assert fill(tonnes(40), offers(20)) == []


def test_nobody_comes_in_who_adds_nothing() -> None:
    for made in fill(tonnes(40), offers(30, 30, 30)):
        assert len(made.ids) == 2


def test_what_the_others_take_at_least_is_kept_for_them() -> None:
    first, second = offers(35, 20)
    lot = Candidate(1, 1, second.score, tonnes(20, lot_milli=10_000))
    [best] = fill(tonnes(40), [first, lot])
    assert [one.covers_milli for one in best.portions] == [30_000, 10_000]


def test_other_measures_are_left_out() -> None:
    other = Candidate(9, 9, 0.99, Stock(9_000, "台", step_milli=1000))
    assert fill(tonnes(40), [other, *offers(20)]) == []


def test_an_offer_is_split_and_the_vulnerable_come_first() -> None:
    needs = [Candidate(n, n, 0.8, tonnes(30), w) for n, w in ((1, 1.0), (2, 2.0))]
    [best] = split(tonnes(40), needs)
    assert [(one.id, one.covers_milli) for one in best.portions] == [(2, 30_000), (1, 10_000)]
    assert best.percent == 100
    assert split(tonnes(20), needs) == []  # one takes it all
    assert split(tonnes(40, is_whole=True), needs) == []
