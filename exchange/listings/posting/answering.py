"""A post that answers another listing: which one, as the reader may see it."""

from sqlalchemy.orm import Session

from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.listings.cards import ListingCard, listing_cards
from exchange.listings.models import Listing
from exchange.listings.queries import seen_listing


def answered_listing(session: Session, actor: Actor, public_id: str) -> Listing | None:
    """The listing of that id; None when there is none or the reader may not know of it."""
    try:
        return seen_listing(session, actor, public_id) if public_id else None
    except NotFound:
        return None


def answered_card(
    session: Session, actor: Actor, public_id: str, locale: str
) -> ListingCard | None:
    """What the page says about it."""
    listing = answered_listing(session, actor, public_id)
    return listing_cards(session, actor, [listing], locale)[0] if listing else None
