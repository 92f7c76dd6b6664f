"""Hiding a listing from all but its owner and the brokers, and showing it again."""

from exchange.kernel.act import Act
from exchange.listings.events import ListingHeld
from exchange.listings.models import Listing


def set_held(act: Act, listing: Listing, *, held: bool) -> bool:
    """Hide it or show it; return whether that changed anything.

    The caller has decided that it may be done and holds the lock of the row. Whoever held it tells
    the owner why.
    """
    if held is (listing.held_at is not None):
        return False
    listing.held_at = act.now if held else None
    listing.updated_at = act.now
    act.session.flush()
    act.emit(ListingHeld(listing.id))
    return True
