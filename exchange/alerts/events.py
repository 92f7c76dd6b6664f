"""News of saved searches; the audit trail hears them."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class SavedSearchEvent(Event):
    """Something about one saved search of a person."""

    search_id: int
    person_id: int


@dataclass(frozen=True)
class SearchSaved(SavedSearchEvent):
    """A person follows a question from now on."""


@dataclass(frozen=True)
class SavedSearchChanged(SavedSearchEvent):
    """Its name or rhythm changed, or it was paused or goes on."""


@dataclass(frozen=True)
class SavedSearchDeleted(SavedSearchEvent):
    """The person follows it no more; its row is gone."""


@dataclass(frozen=True)
class FeedAddressRenewed(SavedSearchEvent):
    """Its feed has a new address; the former one is nobody's."""
