"""The closed lists of the alerts room."""

from enum import StrEnum


class Rhythm(StrEnum):
    """How often a person is told of what is new for a saved search."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    FEED = "feed"  # never told; only the feed shows it


TOLD_RHYTHMS = (Rhythm.AT_ONCE, Rhythm.DAILY, Rhythm.WEEKLY)
