"""Throwing a draft away, with everything that hung on it."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden
from exchange.listings.events import ListingDiscarded
from exchange.listings.filing.service import discard_filing
from exchange.listings.kinds import State
from exchange.listings.locking import lock_listing
from exchange.listings.models import Listing, ListingRevision
from exchange.listings.permissions import may_change
from exchange.listings.picturing import forget_unused
from exchange.listings.publishing import withdraw_listing


def discard_draft(act: Act, draft: Listing) -> bool:
    """Delete a draft with its history and its pictures; return whether it is gone.

    One that was published before, or that a match tells of, is withdrawn instead: it stays on
    record. Raises Forbidden, or Conflict when it is no draft any more.
    """
    if not may_change(act.actor, draft):
        raise Forbidden
    lock_listing(act, draft)
    if draft.state is not State.DRAFT:
        raise Conflict("listing_state", state=draft.state.value, wanted="discarded")
    listing_id = draft.id
    if draft.published_at is not None or not _deleted(act, draft):
        withdraw_listing(act, draft)
        return False
    act.emit(ListingDiscarded(listing_id))
    return True


def _deleted(act: Act, draft: Listing) -> bool:
    """False, with nothing changed, when a later room keeps a record of the listing."""
    files = [photo.file for photo in draft.photos]
    revisions = sa.delete(ListingRevision).where(ListingRevision.listing_id == draft.id)
    try:
        with act.session.begin_nested():
            discard_filing(act, draft.id)
            act.session.execute(revisions)
            act.session.delete(draft)
            act.session.flush()
            forget_unused(act, files)
    except IntegrityError:
        return False
    return True
