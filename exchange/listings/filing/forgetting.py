"""Deleting the private part of filings at the set time."""

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.listings.filing.events import FilingForgotten
from exchange.listings.filing.models import Filing
from exchange.listings.filing.rules import DRAFT_KEPT, ENDED_KEPT, WITHDRAWN_KEPT
from exchange.listings.filing.service import drop_pictures
from exchange.listings.kinds import ENDED_STATES, State
from exchange.listings.models import Listing

BATCH = 50


def forget_due(act: Act, limit: int = BATCH) -> int:
    """Delete names, ways to reach people, words and signed forms that are kept no longer; return
    how many filings that were.
    """
    due = sa.or_(
        Filing.withdrawn_at < act.now - WITHDRAWN_KEPT,
        sa.and_(Listing.state.in_(ENDED_STATES), Listing.ended_at < act.now - ENDED_KEPT),
        sa.and_(Listing.state == State.DRAFT, Listing.updated_at < act.now - DRAFT_KEPT),
    )
    query = (
        sa.select(Filing)
        .join(Filing.listing)
        .where(Filing.forgotten_at.is_(None), due)
        .order_by(Filing.listing_id)
        .limit(limit)
        .with_for_update(of=Filing)
    )
    found = act.session.scalars(query).all()
    for filing in found:
        drop_pictures(act, filing)
        filing.private_sealed, filing.heard_by = None, ""
        filing.forgotten_at = act.now
        act.session.flush()
        act.emit(FilingForgotten(filing.listing_id))
    return len(found)
