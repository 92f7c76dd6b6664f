"""What can be said of saved searches from values alone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from exchange.alerts.kinds import Rhythm

MOST_SEARCHES = 50
LONGEST_NAME = 60
MORNING = time(8)
MONDAY = 0
SLOT = timedelta(seconds=20)
# How long an act may take from its moment to its commit.
IN_FLIGHT = timedelta(minutes=1)


def next_due(rhythm: Rhythm, now: datetime, time_zone: str) -> datetime:
    """From when on what is found is told: now, the next 08:00, or the next Monday 08:00.

    ``now`` is aware; the hour is that of the time zone; the answer is in UTC and, for a digest,
    later than ``now``.
    """
    if rhythm not in (Rhythm.DAILY, Rhythm.WEEKLY):
        return now
    zone = ZoneInfo(time_zone)
    day = now.astimezone(zone).date()
    while True:
        due = datetime.combine(day, MORNING, tzinfo=zone).astimezone(UTC)
        if due > now and (rhythm is Rhythm.DAILY or day.weekday() == MONDAY):
            return due
        day += timedelta(days=1)


def until_next_slot(now: datetime) -> timedelta:
    """How long until the next round moment of ``SLOT``: what happens before it is weighed at once.

    Never more than the slot, never nothing.
    """
    since = timedelta(seconds=now.timestamp() % SLOT.total_seconds())
    return SLOT - since


def clean_name(text: str) -> str:
    """A name on one line without characters that are no text."""
    kept = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(kept.split())


def cut(text: str, longest: int) -> str:
    """The text, shortened with an ellipsis where it is longer."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
