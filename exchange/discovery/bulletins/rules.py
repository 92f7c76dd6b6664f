"""When a bulletin is due, which days it covers, and what may be done with it. Pure, on values.

Days are civil dates of the house's time zone. A bulletin that is due on a day covers the days up to
the one before.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from exchange.discovery.bulletins.kinds import WAITING, Missed, Rhythm, State
from exchange.kernel.decisions import Decision, allow, refuse

LONGEST_HEADLINE = 60
LONGEST_INTRODUCTION = 800
LONGEST_NOTE = 500
LATEST_HOUR = 17  # so that there is time to approve it before the evening
EVENING = time(18)
LONGEST_PERIOD = timedelta(days=62)
DAY = timedelta(days=1)
MOST_IN_LIST, MOST_KEPT = 30, 100  # items that stand in a list; with those that are left out
LINES_ON_PAPER, LEAST_ON_PAPER, MOST_ON_PAPER = 24, 2, 7  # items on one sheet
PLACE_LENGTHS = (6, 9)  # digits of counties and townships
DIVISIONS = (12, 9, 6, 4, 2)  # digits of the codes of all levels, the smallest first


@dataclass(frozen=True)
class When:
    """On which days a place's bulletin is due, and from which hour on it is composed.

    ``weekday``: 0 is Monday. ``month_day``: 1 to 31; a shorter month has its last day instead.
    """

    rhythm: Rhythm
    weekday: int
    month_day: int
    hour: int

    @property
    def is_sound(self) -> bool:
        """Whether all numbers are within their bounds."""
        return (
            0 <= self.weekday <= 6 and 1 <= self.month_day <= 31 and 0 <= self.hour <= LATEST_HOUR
        )


@dataclass(frozen=True)
class Period:
    """The days that a bulletin covers, both included."""

    from_on: date
    to_on: date

    def moments(self, time_zone: str) -> tuple[datetime, datetime]:
        """The half-open range of moments in these days."""
        zone = ZoneInfo(time_zone)
        first = datetime.combine(self.from_on, time(), zone)
        return first, datetime.combine(self.to_on + DAY, time(), zone)


def due_on_or_before(when: When, day: date) -> date:
    """The last day on which a bulletin is due, up to and with ``day``."""
    if when.rhythm is Rhythm.WEEKLY:
        return day - timedelta(days=(day.weekday() - when.weekday) % 7)
    this = _in_month(when, day)
    return this if this <= day else _in_month(when, day.replace(day=1) - DAY)


def due_after(when: When, day: date) -> date:
    """The first day on which one is due after ``day``."""
    if when.rhythm is Rhythm.WEEKLY:
        return due_on_or_before(when, day) + timedelta(days=7)
    this = _in_month(when, day)
    return this if this > day else _in_month(when, day.replace(day=28) + timedelta(days=4))


def _in_month(when: When, day: date) -> date:
    last = monthrange(day.year, day.month)[1]
    return day.replace(day=min(when.month_day, last))


def last_due(when: When, begins_on: date, now: datetime, time_zone: str) -> date | None:
    """The last day on which one was due by now, its hour included; None before the first."""
    here = now.astimezone(ZoneInfo(time_zone))
    day = here.date() if here.hour >= when.hour else here.date() - DAY
    found = due_on_or_before(when, day)
    return found if found >= begins_on else None


def period_for(when: When, due_on: date, last_to_on: date | None) -> Period:
    """From the day after the issue before (or from the day on which one was due before) to the eve.

    What was missed is caught up, up to ``LONGEST_PERIOD``.
    """
    first = last_to_on + DAY if last_to_on else due_on_or_before(when, due_on - DAY)
    return Period(min(max(first, due_on - LONGEST_PERIOD), due_on - DAY), due_on - DAY)


def is_past_evening(due_on: date, now: datetime, time_zone: str) -> bool:
    """Whether the evening of a day has come."""
    return now >= datetime.combine(due_on, EVENING, ZoneInfo(time_zone))


def missed(due_on: date, state: State | None, now: datetime, time_zone: str) -> Missed | None:
    """What is late of the issue of a day; ``state`` is None while there is none."""
    if not is_past_evening(due_on, now, time_zone):
        return None
    if state is None:
        return Missed.NOT_COMPOSED
    return Missed.NOT_APPROVED if state in WAITING else None


def is_place(code: str) -> bool:
    """Whether a division may have a bulletin: counties and townships."""
    return code.isascii() and code.isdigit() and len(code) in PLACE_LENGTHS


def may_edit_state(state: State) -> Decision:
    """Whether an issue may be edited, handed in or approved."""
    if state in WAITING:
        return allow()
    return refuse(f"bulletin_is_{state.value}")


def may_send_back(state: State) -> Decision:
    """Whether it goes back to the editor: also one that came out, which then is taken down."""
    if state in (State.COMPOSED, State.SUBMITTED, State.PUBLISHED):
        return allow()
    return refuse(f"bulletin_is_{state.value}")


def room_in_list(standing: int, before: int = 0) -> Decision:
    """Whether so many may stand in one list; where more did before, so many and fewer."""
    if standing <= max(MOST_IN_LIST, before):
        return allow()
    return refuse("bulletin_list_full", most=MOST_IN_LIST)


def room_to_keep(kept: int) -> Decision:
    """Whether a list keeps so many, those that are left out among them."""
    return allow() if kept <= MOST_KEPT else refuse("bulletin_list_long", most=MOST_KEPT)


class Way(StrEnum):
    """What a tap does to one item."""

    FIRST = "first"
    UP = "up"
    DOWN = "down"
    OUT = "out"
    IN = "in"


def moved(order: Sequence[int], number: int, way: Way) -> list[int]:
    """The numbers of a section in their new order; the same where there is no way further."""
    found = list(order)
    if number not in found or way not in (Way.FIRST, Way.UP, Way.DOWN):
        return found
    place = found.index(number)
    if way is Way.FIRST:
        return [number, *found[:place], *found[place + 1 :]]
    other = place - 1 if way is Way.UP else place + 1
    if 0 <= other < len(found):
        found[place], found[other] = found[other], found[place]
    return found


def reordered(present: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """The numbers as wanted; those that are not named follow as they were."""
    known = set(present)
    first = [number for number in dict.fromkeys(wanted) if number in known]
    return first + [number for number in present if number not in set(first)]


def most_on_paper(lists: int, introduction: str) -> int:
    """How many items of each list stand on one sheet of A4 beside an introduction."""
    room = LINES_ON_PAPER - len(introduction) // 60
    return max(LEAST_ON_PAPER, min(MOST_ON_PAPER, room // max(lists, 1)))


def within(prefixes: Sequence[str]) -> str:
    """The smallest division that holds all of these; empty where only the country does."""
    codes = list(prefixes)
    for length in DIVISIONS:
        parts = {code[:length] for code in codes}
        if len(parts) == 1 and all(len(code) >= length for code in codes):
            return parts.pop()
    return ""


def cut(text: str, longest: int) -> str:
    """The text, shortened with an ellipsis where it is longer."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def chat_lines(
    head: str, parts: Sequence[tuple[str, Sequence[tuple[str, str]]]], foot: str, link: str
) -> str:
    """A text for a chat group: short lines, each item with its link under it."""
    lines = [head]
    for heading, items in parts:
        lines += ["", heading]
        for title, address in items:
            lines += [f"· {title}", *([f"  {address}"] if address else [])]
    return "\n".join([*lines, "", foot, link])
