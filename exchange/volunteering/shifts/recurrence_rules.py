"""On which days a series takes place. Pure rules on civil dates."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.volunteering.kinds import Repeat

MOST_TIMES = 60
LONGEST_SERIES = timedelta(days=366)
WEEK = timedelta(days=7)


def series_allowed(repeat: Repeat, first: date, until: date) -> Decision:
    """A series ends after it begins, within a year, and takes place more than once."""
    if until < first:
        return refuse("series_ends_before")
    if until - first > LONGEST_SERIES:
        return refuse("series_too_long")
    times = len(days_of(repeat, first, until))
    if times < 2:
        return refuse("series_only_once")
    return allow() if times <= MOST_TIMES else refuse("series_too_many", most=MOST_TIMES)


def days_of(repeat: Repeat, first: date, until: date) -> list[date]:
    """The days of a series from the first to the last, both inclusive.

    Monthly by the day: the same day of each month, or the last one where a month is too short (31
    January, 28 February, 31 March). Monthly by the weekday: the same weekday in the same week of
    the month, such as each second Saturday; from the fifth it is the last of each month.
    """
    days: list[date] = []
    for day in _endless(repeat, first):
        if day > until or len(days) > MOST_TIMES:
            break
        days.append(day)
    return days


def _endless(repeat: Repeat, first: date) -> Iterator[date]:
    if repeat in (Repeat.WEEKLY, Repeat.FORTNIGHTLY):
        step = WEEK if repeat is Repeat.WEEKLY else 2 * WEEK
        yield from (first + number * step for number in count())
        return
    choose = _same_day if repeat is Repeat.MONTHLY_DAY else _same_weekday
    for number in count():
        year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
        yield choose(first, year, month + 1)


def _same_day(first: date, year: int, month: int) -> date:
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(first.day, last))


def _same_weekday(first: date, year: int, month: int) -> date:
    week = (first.day - 1) // 7
    begins, last = calendar.monthrange(year, month)
    day = 1 + (first.weekday() - begins) % 7 + 7 * week
    return date(year, month, day if day <= last else day - 7)
