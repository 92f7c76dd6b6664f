"""Weekdays and parts of days as one number, and as few words as say it. Pure.

The bit of a part of a weekday is ``weekday * 3 + part``, Monday 0, morning 0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise

from exchange.volunteering.availability.kinds import Part

PARTS = tuple(Part)
DAYS = 7
EVERY_TIME = (1 << DAYS * len(PARTS)) - 1
NOON, DUSK = time(12), time(18)
BEGINS = {Part.MORNING: time(0), Part.AFTERNOON: NOON, Part.EVENING: DUSK}
LITTLE = timedelta(minutes=60)  # so far a shift may reach into another part of the day
WORKDAYS, WEEKEND = (0, 1, 2, 3, 4), (5, 6)


@dataclass(frozen=True)
class TimeWords:
    """How days and parts are said. ``gap`` stands between day and part, ``comma`` between spans."""

    days: Sequence[str]
    parts: Sequence[str]
    whole_day: str
    workdays: str
    weekend: str
    every_day: str
    gap: str
    comma: str


def code_of(weekday: int, part: Part) -> str:
    """``6-morning`` is Sunday's morning; ``0-…`` is Monday."""
    return f"{weekday}-{part.value}"


CODES = tuple(code_of(day, part) for day in range(DAYS) for part in PARTS)
BITS = {code: 1 << place for place, code in enumerate(CODES)}


def mask_of(codes: Iterable[str]) -> int:
    """The number for these codes; unknown ones count for nothing."""
    found = 0
    for code in codes:
        found |= BITS.get(code, 0)
    return found


def codes_of(mask: int) -> tuple[str, ...]:
    """The codes in a number, in the order of the week."""
    return tuple(code for code, bit in BITS.items() if mask & bit)


def mask_of_shift(starts: datetime, ends: datetime) -> int:
    """The parts of days that a shift takes, both moments in the zone of the place.

    What it takes of a part for an hour at most does not count, unless there is nothing else.
    """
    spans: list[tuple[timedelta, int]] = []
    day = datetime.combine(starts.date(), time(), starts.tzinfo)
    while day < ends:
        edges = [*(datetime.combine(day.date(), BEGINS[one], day.tzinfo) for one in PARTS)]
        edges.append(day + timedelta(days=1))
        for place, (first, last) in enumerate(pairwise(edges)):
            length = min(last, ends) - max(first, starts)
            if length > timedelta():
                spans.append((length, 1 << (day.weekday() * len(PARTS) + place)))
        day += timedelta(days=1)
    most = max((length for length, _bit in spans), default=timedelta())
    found = 0
    for length, bit in spans:
        if length > LITTLE or length == most:
            found |= bit
    return found


def is_free(times: int, wanted: int) -> bool:
    """Whether somebody has time in all the parts that are wanted."""
    return times & wanted == wanted


def spans_of(mask: int) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Days with the parts that they share: (5,), (0, 1) is Saturday's morning and afternoon.

    Workdays, and the weekend, are put together where they have the same parts.
    """
    by_day = {
        day: tuple(part for part in range(len(PARTS)) if mask >> (day * len(PARTS) + part) & 1)
        for day in range(DAYS)
    }
    if mask and len(set(by_day.values())) == 1:
        return [(tuple(range(DAYS)), by_day[0])]
    found: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    for group in (WORKDAYS, WEEKEND):
        kinds = {by_day[day] for day in group}
        if len(kinds) == 1:
            found.append((group, by_day[group[0]]))
        else:
            found += [((day,), by_day[day]) for day in group]
    return [one for one in found if one[1]]


def in_words(mask: int, words: TimeWords) -> str:
    """The times in a line; empty for none."""
    said = []
    for days, parts in spans_of(mask):
        whole = len(parts) == len(PARTS)
        day = _days(days, words)
        if whole:
            said.append(f"{day}{words.gap}{words.whole_day}")
        else:
            said += [f"{day}{words.gap}{words.parts[part]}" for part in parts]
    return words.comma.join(said)


def _days(days: tuple[int, ...], words: TimeWords) -> str:
    groups = {tuple(range(DAYS)): words.every_day, WORKDAYS: words.workdays, WEEKEND: words.weekend}
    return groups.get(days) or words.days[days[0]]
