"""When a bulletin is due, which days it covers, what counts as missed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.discovery.bulletins.kinds import Missed, Rhythm, State
from exchange.discovery.bulletins.rules import (
    LONGEST_PERIOD,
    Period,
    Way,
    When,
    due_after,
    due_on_or_before,
    is_place,
    last_due,
    missed,
    most_on_paper,
    moved,
    period_for,
    reordered,
)

ZONE = "Asia/Shanghai"
MONDAYS = When(Rhythm.WEEKLY, 0, 1, 8)
LAST_DAYS = When(Rhythm.MONTHLY, 0, 31, 8)
WHENS = st.builds(
    When, st.sampled_from(Rhythm), st.integers(0, 6), st.integers(1, 31), st.integers(0, 17)
)
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


def at(day: str, hour: int) -> datetime:
    """A moment in Shanghai."""
    return datetime.fromisoformat(f"{day}T{hour:02d}:00:00+08:00").astimezone(UTC)


def test_a_weekly_one_is_due_on_its_weekday() -> None:
    assert due_on_or_before(MONDAYS, date(2026, 11, 22)) == date(2026, 11, 16)
    assert due_on_or_before(MONDAYS, date(2026, 11, 23)) == date(2026, 11, 23)
    assert due_after(MONDAYS, date(2026, 11, 23)) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("day", "due"),
    [("2027-02-28", "2027-02-28"), ("2027-02-27", "2027-01-31"), ("2028-03-01", "2028-02-29")],
)
def test_a_short_month_has_its_last_day_instead(day: str, due: str) -> None:
    assert due_on_or_before(LAST_DAYS, date.fromisoformat(day)) == date.fromisoformat(due)


@given(WHENS, DAYS)
def test_due_days_follow_one_another_without_gap_or_repeat(when: When, day: date) -> None:
    before, after = due_on_or_before(when, day), due_after(when, day)
    assert before <= day < after
    assert due_on_or_before(when, after) == after
    assert due_on_or_before(when, after - timedelta(days=1)) == before
    assert after - before <= timedelta(days=31)


def test_it_is_due_from_its_hour_on() -> None:
    begins = date(2026, 11, 1)
    assert last_due(MONDAYS, begins, at("2026-11-23", 7), ZONE) == date(2026, 11, 16)
    assert last_due(MONDAYS, begins, at("2026-11-23", 8), ZONE) == date(2026, 11, 23)


def test_what_was_due_before_it_began_does_not_count() -> None:
    assert last_due(MONDAYS, date(2026, 11, 18), at("2026-11-20", 9), ZONE) is None


def test_it_covers_the_days_up_to_the_eve() -> None:
    assert period_for(MONDAYS, date(2026, 11, 23), None) == Period(
        date(2026, 11, 16), date(2026, 11, 22)
    )


def test_what_was_missed_is_caught_up_but_not_for_ever() -> None:
    last = date(2026, 11, 1)
    caught_up = period_for(MONDAYS, date(2026, 11, 23), last)
    assert caught_up == Period(date(2026, 11, 2), date(2026, 11, 22))
    ages = period_for(MONDAYS, date(2026, 11, 23), date(2025, 1, 1))
    assert ages.from_on == date(2026, 11, 23) - LONGEST_PERIOD


@given(WHENS, DAYS, st.integers(1, 400))
def test_two_issues_never_cover_the_same_day(when: When, day: date, gap: int) -> None:
    later = day + timedelta(days=gap)
    first = period_for(when, day, None)
    second = period_for(when, later, first.to_on)
    assert first.to_on < second.from_on <= second.to_on < later


def test_the_days_of_a_period_are_those_of_the_house() -> None:
    start, end = Period(date(2026, 11, 16), date(2026, 11, 22)).moments(ZONE)
    assert start == at("2026-11-16", 0)
    assert end == at("2026-11-23", 0)


@pytest.mark.parametrize(
    ("hour", "state", "what"),
    [
        (17, None, None),
        (18, None, Missed.NOT_COMPOSED),
        (18, State.COMPOSED, Missed.NOT_APPROVED),
        (18, State.SENT_BACK, Missed.NOT_APPROVED),
        (18, State.PUBLISHED, None),
        (18, State.DROPPED, None),
    ],
)
def test_it_is_missed_by_the_evening(hour: int, state: State | None, what: Missed | None) -> None:
    assert missed(date(2026, 11, 23), state, at("2026-11-23", hour), ZONE) is what


@pytest.mark.parametrize(
    ("code", "may"), [("5204", False), ("520422", True), ("520422102", True), ("", False)]
)
def test_counties_and_townships_have_bulletins(code: str, may: bool) -> None:
    assert is_place(code) is may
    assert not is_place("52042x")


def test_the_more_there_is_to_say_the_fewer_items_stand_on_the_sheet() -> None:
    assert most_on_paper(3, "") == 7
    assert most_on_paper(3, "长" * 800) == 3
    assert most_on_paper(5, "") == 4
    assert most_on_paper(0, "") == 7


def test_one_tap_moves_one_step() -> None:
    assert moved([1, 2, 3], 2, Way.UP) == [2, 1, 3]
    assert moved([1, 2, 3], 2, Way.DOWN) == [1, 3, 2]
    assert moved([1, 2, 3], 1, Way.UP) == [1, 2, 3]
    assert moved([1, 2, 3], 9, Way.UP) == [1, 2, 3]


@given(st.lists(st.integers(1, 9), unique=True), st.lists(st.integers(1, 12)))
def test_a_new_order_loses_and_doubles_nothing(present: list[int], wanted: list[int]) -> None:
    assert sorted(reordered(present, wanted)) == sorted(present)
