"""What is done about duplicates on news of a need."""

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.listings.events import ListingEvent, ListingExpiresSoon, MergeUndone
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.matching.duplicates.jobs import request_duplicates
from exchange.matching.duplicates.queries import may_be_merged
from exchange.matching.duplicates.service import as_ids, drop_pairs, note_apart


def listen(bus: EventBus) -> None:
    """Hear of everything that happens to listings."""
    bus.listen(MergeUndone, on_undone)
    bus.listen(ListingEvent, on_listing)


def on_listing(act: Act, event: ListingEvent) -> None:
    """An open need is compared in the background; any other loses its proposals within this act."""
    if isinstance(event, ListingExpiresSoon):
        return
    side = act.session.scalar(sa.select(Listing.side).where(Listing.id == event.listing_id))
    if side is Side.OFFER:
        return
    query = sa.select(Listing.id).where(Listing.id == event.listing_id, may_be_merged(act.today))
    if act.session.scalar(query) is None:
        drop_pairs(act, event.listing_id)
    else:
        request_duplicates(act, event.listing_id)


def on_undone(act: Act, event: MergeUndone) -> None:
    """Who undoes a merge says that the two are not the same: they are not proposed again."""
    note_apart(act, as_ids(event.listing_id, event.kept_id))
