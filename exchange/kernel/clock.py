"""The time, as a value that is passed in.

A door asks the clock once per act; below the doors nobody looks at it. ``now`` is always aware
and in UTC; civil dates (listing from/to) are dates in the house's time zone.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

# Whatever people enter lies between; moments near the ends of the calendar have no time zone, and
# no day before or after.
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


class Clock(Protocol):
    """Tells the present moment, aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class FrozenClock:
    """A clock that stands still, for tests and evaluations only."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


def civil_date(moment: datetime, time_zone: str = "Asia/Shanghai") -> date:
    """Return the civil date of an aware moment in a time zone."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def is_sound(day: date) -> bool:
    """Whether a day, or the day of a moment, is one that somebody may mean."""
    return EARLIEST <= (day.date() if isinstance(day, datetime) else day) <= LATEST


def parse_moment(text: str) -> datetime:
    """Read an ISO date or date-time; without an offset it is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
