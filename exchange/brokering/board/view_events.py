"""News of saved views of matches."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class MatchViewEvent(Event):
    """Something about one saved view."""

    view_id: int
    person_id: int


@dataclass(frozen=True)
class MatchViewSaved(MatchViewEvent):
    """A worker keeps the filters of the present page by a name."""


@dataclass(frozen=True)
class MatchViewChanged(MatchViewEvent):
    """It has another name, opens first or not, or is shared or not."""


@dataclass(frozen=True)
class MatchViewDeleted(MatchViewEvent):
    """It is kept no more."""
