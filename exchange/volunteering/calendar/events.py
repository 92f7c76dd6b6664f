"""News of private calendar feeds."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class CalendarFeedEvent(Event):
    """Something about the feed of a person's own shifts."""

    person_id: int


@dataclass(frozen=True)
class CalendarFeedRenewed(CalendarFeedEvent):
    """It has a new address; a former one is nobody's from now on."""


@dataclass(frozen=True)
class CalendarFeedClosed(CalendarFeedEvent):
    """It is there no more."""
