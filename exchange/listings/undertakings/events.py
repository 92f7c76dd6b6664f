"""News of undertakings."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class UndertakingEvent(Event):
    """Something about one undertaking of an organisation."""

    undertaking_id: int
    owner_id: int


@dataclass(frozen=True)
class UndertakingMade(UndertakingEvent):
    """Needs were put together; a NeedGrouped for each follows."""


@dataclass(frozen=True)
class UndertakingChanged(UndertakingEvent):
    """It has another name or note."""


@dataclass(frozen=True)
class NeedGrouped(UndertakingEvent):
    """A need became a part of it."""

    listing_id: int


@dataclass(frozen=True)
class NeedUngrouped(UndertakingEvent):
    """A need is no part of it any more."""

    listing_id: int


@dataclass(frozen=True)
class UndertakingDissolved(UndertakingEvent):
    """It goes, right after this; its needs stand on their own again."""
