"""News of the listings room."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class ListingEvent(Event):
    """Something about one listing."""

    listing_id: int


@dataclass(frozen=True)
class ListingSubmitted(ListingEvent):
    """The owner asked for it to be published; a station reviews it first."""


@dataclass(frozen=True)
class ListingPublished(ListingEvent):
    """It can be found and matched from now on."""


@dataclass(frozen=True)
class ListingReturned(ListingEvent):
    """The reviewer gave it back to the owner with a note."""


@dataclass(frozen=True)
class ListingDiscarded(ListingEvent):
    """The owner threw a draft away that nothing else depended on; its row is gone."""


@dataclass(frozen=True)
class ListingChanged(ListingEvent):
    """Its content or visibility changed while it was published."""


@dataclass(frozen=True)
class ListingWithdrawn(ListingEvent):
    """The owner took it back."""


@dataclass(frozen=True)
class ListingParked(ListingEvent):
    """Set aside for a later season."""


@dataclass(frozen=True)
class ListingExpired(ListingEvent):
    """Its last day has passed."""


@dataclass(frozen=True)
class ListingResumed(ListingEvent):
    """The owner took it up again after it was set aside; submitted or published follows."""


@dataclass(frozen=True)
class ListingReturnFailed(ListingEvent):
    """It was to come back by itself, and cannot as it is: it stays set aside."""


@dataclass(frozen=True)
class ListingRenewed(ListingEvent):
    """The owner said that it is still needed, or still to be had, and it lasts longer."""


@dataclass(frozen=True)
class ListingExpiresSoon(ListingEvent):
    """Its last day is at most so many days off; each is told once for each last day."""

    days: int


@dataclass(frozen=True)
class StillNeededAsked(ListingExpiresSoon):
    """A social worker asked its owner whether it is still needed, some days before the last."""


@dataclass(frozen=True)
class ListingCommitmentChanged(ListingEvent):
    """A match took from it, or gave back; its state may be partly_matched or fulfilled."""


@dataclass(frozen=True)
class NeedMerged(ListingEvent):
    """A broker found that it asks for what another need asks for; that one was kept.

    Whoever listens may refuse by raising Conflict: nothing has been committed yet.
    """

    kept_id: int


@dataclass(frozen=True)
class MergeUndone(ListingEvent):
    """It stands on its own again, as before it was merged into ``kept_id``."""

    kept_id: int


@dataclass(frozen=True)
class ListingHeld(ListingEvent):
    """Hidden while a report is looked into, or shown again."""
