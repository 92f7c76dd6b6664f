"""Rules of activities, shifts and series, on values."""

import calendar
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.volunteering.kinds import ActivityState, Repeat, ShiftState
from exchange.volunteering.rules import (
    ages_allowed,
    is_open,
    may_publish,
    next_up,
    numbers_allowed,
    overlap,
    times_allowed,
)
from exchange.volunteering.shifts.recurrence_rules import MOST_TIMES, days_of, series_allowed
from exchange.volunteering.signups.reminder_rules import evening_before, reminded_until

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@given(first=DAYS, weeks=st.integers(0, 52), step=st.sampled_from([1, 2]))
def test_weekly_series_keep_their_weekday(first: date, weeks: int, step: int) -> None:
    repeat = Repeat.WEEKLY if step == 1 else Repeat.FORTNIGHTLY
    days = days_of(repeat, first, first + timedelta(weeks=weeks))
    assert len(days) == weeks // step + 1
    assert {day.weekday() for day in days} == {first.weekday()}


@given(first=DAYS, span=st.integers(0, 366))
def test_monthly_series_take_place_once_in_each_month(first: date, span: int) -> None:
    until = first + timedelta(days=span)
    for repeat in (Repeat.MONTHLY_DAY, Repeat.MONTHLY_WEEKDAY):
        days = days_of(repeat, first, until)
        months = [(day.year, day.month) for day in days]
        assert days[0] == first
        assert len(set(months)) == len(months)
        assert all(first <= day <= until for day in days)
        for day in days:
            last = calendar.monthrange(day.year, day.month)[1]
            if repeat is Repeat.MONTHLY_DAY:
                assert day.day == min(first.day, last)
            else:
                assert day.weekday() == first.weekday()


def test_the_31st_becomes_the_last_day_and_comes_back() -> None:
    days = days_of(Repeat.MONTHLY_DAY, date(2027, 1, 31), date(2027, 5, 31))
    assert [day.isoformat() for day in days] == [
        "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31",
    ]  # fmt: skip


def test_the_fifth_saturday_becomes_the_last() -> None:
    days = days_of(Repeat.MONTHLY_WEEKDAY, date(2027, 1, 30), date(2027, 5, 31))
    assert [day.isoformat() for day in days] == [
        "2027-01-30", "2027-02-27", "2027-03-27", "2027-04-24", "2027-05-29",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (date(2026, 11, 21), "series_ends_before"),
        (date(2026, 11, 23), "series_only_once"),
        (date(2028, 1, 1), "series_too_long"),
    ],
)
def test_a_series_has_an_end_that_makes_sense(until: date, code: str) -> None:
    assert series_allowed(Repeat.WEEKLY, date(2026, 11, 22), until).code == code
    assert series_allowed(Repeat.WEEKLY, date(2026, 11, 22), date(2026, 12, 31))
    longest = days_of(Repeat.WEEKLY, date(2026, 11, 22), date(2040, 1, 1))
    assert len(longest) == MOST_TIMES + 1


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        (HOUR, HOUR, "shift_ends_before"),
        (HOUR, 26 * HOUR, "shift_too_long"),
        (timedelta(0), HOUR, "shift_in_the_past"),
        (timedelta(days=367), timedelta(days=367) + HOUR, "shift_too_far"),
        (HOUR, 2 * HOUR, "allowed"),
    ],
)
def test_times_of_a_shift(starts: timedelta, ends: timedelta, code: str) -> None:
    assert times_allowed(NOW + starts, NOW + ends, NOW).code == code


def test_numbers_and_two_adults_with_children() -> None:
    assert numbers_allowed(0, 1)
    assert not numbers_allowed(2, 1)
    assert not numbers_allowed(0, 0)
    assert numbers_allowed(1, 5, with_children=True).code == "children_two_adults"
    assert numbers_allowed(2, 5, with_children=True)


def test_ages() -> None:
    assert ages_allowed(18, None)
    assert ages_allowed(14, None)
    assert not ages_allowed(13, None)
    assert not ages_allowed(18, 17)


def test_what_publishing_asks_for() -> None:
    def code(**values: object) -> str:
        usual = {"verified": True, "is_person": False, "with_children": False, "minimums": [1]}
        return may_publish(**(usual | values)).code  # type: ignore[arg-type]  # values of a test

    assert code() == "allowed"
    assert code(verified=False) == "activity_needs_verified"
    assert code(minimums=[]) == "activity_needs_shift"
    assert code(with_children=True) == "children_two_adults"
    assert code(with_children=True, minimums=[2]) == "allowed"
    assert code(with_children=True, minimums=[2], is_person=True) == "children_need_organisation"


def test_one_shift_may_begin_when_the_other_ends() -> None:
    assert not overlap((NOW, NOW + HOUR), (NOW + HOUR, NOW + 2 * HOUR))
    assert overlap((NOW, NOW + 2 * HOUR), (NOW + HOUR, NOW + 3 * HOUR))


@given(
    waiting=st.lists(st.integers(1, 30), unique=True),
    clashing=st.sets(st.integers(1, 30)),
    free=st.integers(-1, 8),
)
def test_the_first_without_a_clash_move_up(
    waiting: list[int], clashing: set[int], free: int
) -> None:
    moved = next_up(waiting, clashing, free)
    assert len(moved) <= max(free, 0)
    assert moved == [one for one in waiting if one not in clashing][: max(free, 0)]


def test_a_shift_is_open_until_it_begins() -> None:
    on, live = ActivityState.PUBLISHED, ShiftState.OPEN
    assert is_open(on, live, NOW + HOUR, NOW)
    assert is_open(on, live, NOW, NOW).code == "shift_has_begun"
    assert is_open(on, ShiftState.CANCELLED, NOW + HOUR, NOW).code == "shift_cancelled"
    assert is_open(ActivityState.DRAFT, live, NOW + HOUR, NOW).code == "activity_not_open"


def test_the_reminder_comes_at_six_in_the_evening_before() -> None:
    start = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)  # nine in the morning there
    assert evening_before(start, "Asia/Shanghai") == datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
    early = datetime(2026, 11, 27, 9, 59, tzinfo=UTC)
    assert not start < reminded_until(early, "Asia/Shanghai")
    assert start < reminded_until(early + timedelta(minutes=1), "Asia/Shanghai")
