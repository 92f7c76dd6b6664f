"""On which days the shifts of a copy take place. Pure rules on civil dates."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.volunteering.rules import FARTHEST, MOST_SHIFTS

Span = tuple[datetime, datetime]


def chosen_for_copy(starts: Iterable[datetime], now: datetime) -> list[int]:
    """Which shifts are copied, as places in the list: those ahead, else all that were; the last
    ones where they are too many.
    """
    known = list(starts)
    ahead = [number for number, moment in enumerate(known) if moment > now]
    return (ahead or list(range(len(known))))[-MOST_SHIFTS:]


def day_allowed(first_day: date, today: date) -> Decision:
    """Whether a copy may begin on that day: not before today, within a year."""
    if first_day < today:
        return refuse("shift_in_the_past")
    return allow() if first_day - today <= FARTHEST else refuse("shift_too_far")


def moved(span: Span, first: date, first_day: date, zone: str) -> Span:
    """A shift so many days later as the first one moves, at the same hours of the clock."""
    here = ZoneInfo(zone)
    begins = span[0].astimezone(here)
    day = begins.date() + (first_day - first)
    start = datetime.combine(day, begins.time(), here)
    return start, start + (span[1] - span[0])


def within_reach(start: datetime, now: datetime) -> bool:
    """Whether a shift may stand that far ahead."""
    return start - now <= FARTHEST


def usual_first_day(first: date, today: date) -> date:
    """What stands in the form: the same weekday, a week after the first, or the next one ahead."""
    day = first + timedelta(days=7)
    if day <= today:
        day += timedelta(days=7 * ((today - day).days // 7 + 1))
    return day
