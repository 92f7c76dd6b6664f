"""Hiding a listing from all but its owner and the brokers, and showing it again."""

from exchange.kernel.act import Act
from exchange.listings.events import ListingHeld
from exchange.listings.filing.queries import filing_of
from exchange.listings.models import Listing


def set_held(act: Act, listing: Listing, *, held: bool) -> bool:
    """Hide it or show it; return whether that changed anything.

    The caller has decided that it may be done and holds the lock of the row. Whoever held it tells
    the owner why.
    """
    if held is (listing.held_at is not None) or (not held and _stays_hidden(act, listing)):
        return False
    listing.held_at = act.now if held else None
    listing.updated_at = act.now
    act.session.flush()
    act.emit(ListingHeld(listing.id))
    return True


def _stays_hidden(act: Act, listing: Listing) -> bool:
    """For whom it was filed does not want it shown any more, whatever else is decided."""
    filing = filing_of(act.session, listing.id)
    return filing is not None and filing.withdrawn_at is not None
