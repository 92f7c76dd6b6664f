"""What makes a listing worth weighing, and what makes feeds change their address."""

from exchange.accounts.closing.events import AccountClosed
from exchange.accounts.events import PasswordChanged
from exchange.alerts.jobs import request_weighing
from exchange.alerts.service import forget_searches_of, renew_all_feed_addresses
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.listings.events import (
    ListingChanged,
    ListingCommitmentChanged,
    ListingEvent,
    ListingHeld,
    ListingPublished,
)

# After these a listing may be open, visible or say something that it was or did not before.
WORTH_WEIGHING = (ListingPublished, ListingChanged, ListingHeld, ListingCommitmentChanged)


def register(bus: EventBus) -> None:
    """Listen."""
    for kind in WORTH_WEIGHING:
        bus.listen(kind, _weigh)
    bus.listen(PasswordChanged, _renew_feeds)
    bus.listen(AccountClosed, _forget_searches)


def _weigh(act: Act, event: ListingEvent) -> None:
    request_weighing(act, event.listing_id)


def _renew_feeds(act: Act, event: PasswordChanged) -> None:
    """Whoever had learnt the old password may have read the addresses."""
    renew_all_feed_addresses(act, event.person_id)


def _forget_searches(act: Act, event: AccountClosed) -> None:
    forget_searches_of(act, event.person_id)
