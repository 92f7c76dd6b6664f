"""Pairs of nearly the same score: who comes first, and what never happens."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from exchange.matching.exposure_rules import (
    BAND_MICRO,
    FIRST,
    NEVER,
    Introductions,
    Seen,
    Shown,
    ordered,
)

DAY = date(2026, 11, 22)
LEAST = 400_000


def pairs(*scores):
    """One organisation each, numbered as its pair."""
    return [Shown((1, number), number, score) for number, score in enumerate(scores)]


def places(found):
    return [one.organisation_id for one, _why in found]


def arranged(shown, counts, day=DAY):
    return ordered(shown, counts, day, 1, LEAST)


def test_where_nobody_was_introduced_the_score_decides():
    found = arranged(pairs(900_000, 890_000, 880_000), {})
    assert places(found) == [0, 1, 2]
    assert [why for _one, why in found] == [None, None, None]


def test_of_nearly_equal_ones_who_was_introduced_less_comes_first():
    counts = {0: Introductions(3, 2), 1: Introductions(1, 1)}
    found = arranged(pairs(900_000, 890_000, 700_000), counts)
    assert places(found) == [1, 0, 2]
    assert found[0][1] is Seen.RARE


def test_whoever_stands_above_a_higher_score_says_why_though_others_moved_further():
    counts = {0: Introductions(3, 2), 1: Introductions(2, 2)}
    found = arranged(pairs(860_000, 850_000, 840_000), counts)
    assert places(found) == [2, 1, 0]
    assert [why for _one, why in found] == [Seen.NEW, Seen.RARE, None]


def test_a_lot_between_equal_ones_is_no_reason():
    for day in range(5):
        found = arranged(pairs(*[500_000] * 6), {}, DAY + timedelta(day))
        assert {why for _one, why in found} == {None}


def test_a_clearly_better_one_stays_first():
    counts = {0: Introductions(50, 40)}
    assert places(arranged(pairs(900_000, 900_000 - BAND_MICRO - 1), counts)) == [0, 1]


def test_a_new_organisation_takes_the_fifth_place():
    shown = pairs(*range(900_000, 900_000 - 10 * 50_000, -50_000))
    counts = {number: Introductions(2, 2) for number in range(7)}
    found = arranged(shown, counts)
    assert places(found) == [0, 1, 2, 3, 7, 4, 5, 6, 8, 9]
    assert found[4][1] is Seen.NEW


def test_but_not_from_below_the_threshold():
    shown = pairs(900_000, 800_000, 700_000, 600_000, 500_000, LEAST - 1)
    counts = {number: Introductions(2, 2) for number in range(5)}
    assert places(arranged(shown, counts)) == [0, 1, 2, 3, 4, 5]


def test_equal_ones_change_by_the_day_and_not_by_the_request():
    shown = pairs(*[500_000] * 6)
    orders = {tuple(places(arranged(shown, {}, DAY + timedelta(n)))) for n in range(5)}
    assert len(orders) > 1
    assert places(arranged(shown, {})) == places(arranged(shown, {}))


@given(
    st.lists(st.integers(0, 1_000_000), max_size=20),
    st.dictionaries(
        st.integers(0, 20), st.builds(Introductions, st.integers(0, 5), st.integers(0, 5))
    ),
)
def test_nobody_is_lost_and_no_score_is_passed_over_by_more_than_a_band(scores, counts):
    shown = pairs(*sorted(scores, reverse=True))
    found = arranged(shown, counts)
    assert sorted(places(found)) == sorted(one.organisation_id for one in shown)
    rest = [one for place, (one, why) in enumerate(found) if (place, why) != (FIRST - 1, Seen.NEW)]
    for before, after in pairwise(rest):
        assert after.score_micro <= before.score_micro + BAND_MICRO
    for place, (one, why) in enumerate(found):
        higher = max((other.score_micro for other, _why in found[place + 1 :]), default=0)
        assert why or higher <= one.score_micro, "what stands above a higher number says why"
    fitting = [one for one in shown if counts.get(one.organisation_id, NEVER) == NEVER]
    if any(one.score_micro >= LEAST for one in fitting) and len(found) >= FIRST:
        assert any(
            counts.get(one.organisation_id, NEVER) == NEVER for one, _why in found[:FIRST]
        )
