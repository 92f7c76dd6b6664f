"""When an account closes, from values alone."""

from datetime import datetime, timedelta

GRACE = timedelta(days=7)


def due_from(now: datetime) -> datetime:
    """When an account closes that somebody asks to close at this moment."""
    return now + GRACE
