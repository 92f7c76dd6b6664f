"""Until when a suggestion may be set aside, from values alone."""

from datetime import date, timedelta
from enum import StrEnum

MONTH_DAYS = 30


class Until(StrEnum):
    """When it comes back by itself."""

    TOMORROW = "tomorrow"
    NEXT_WEEK = "next_week"
    MONTH = "month"


def day_of(until: Until, today: date) -> date:
    """The first day on which it stands on the desk again: next week begins on its Monday."""
    if until is Until.TOMORROW:
        return today + timedelta(days=1)
    if until is Until.NEXT_WEEK:
        return today + timedelta(days=7 - today.weekday())
    return today + timedelta(days=MONTH_DAYS)
