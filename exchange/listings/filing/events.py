"""News of needs that are filed for somebody. They carry no word about the person."""

from dataclasses import dataclass

from exchange.kernel.events import Event
from exchange.listings.events import ListingEvent


@dataclass(frozen=True)
class FilingMade(ListingEvent):
    """Somebody wrote a listing down for a person without a phone."""


@dataclass(frozen=True)
class FilingChanged(ListingEvent):
    """Who it is for, or how to reach them, was put right."""


@dataclass(frozen=True)
class FilingConsentRecorded(ListingEvent):
    """The person's consent was put on record. ``consent`` is how it was given."""

    consent: str


@dataclass(frozen=True)
class FilingConsentWithdrawn(ListingEvent):
    """The person does not want it any more: it leaves the pages."""


@dataclass(frozen=True)
class FilingShown(ListingEvent):
    """Somebody was shown for whom it is and how to reach them."""

    shown_to_id: int


@dataclass(frozen=True)
class FilingForgotten(ListingEvent):
    """The private data was deleted."""


@dataclass(frozen=True)
class PaperFormsPrinted(Event):
    """Numbers for so many paper forms were given out."""

    organisation_id: int
    count: int
