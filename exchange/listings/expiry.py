"""The last day: listings end after it, and their owners are told a few days before."""

from datetime import timedelta

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden
from exchange.listings.events import ListingExpired, ListingExpiresSoon, ListingReturned
from exchange.listings.kinds import OPEN_STATES, State
from exchange.listings.models import Listing
from exchange.listings.rules import NOTICE_DAYS, expires_soon

BATCH = 200


def expire_due(act: Act, limit: int = BATCH) -> int:
    """End what is past its last day; return how many. Only the system does this.

    What no station has looked at yet goes back to its owner as a draft: it was never shown.
    """
    _require_system(act)
    query = (
        sa.select(Listing)
        .where(Listing.state.in_((*OPEN_STATES, State.SUBMITTED)), Listing.to_date < act.today)
        .order_by(Listing.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = act.session.scalars(query).all()
    for listing in due:
        waiting = listing.state is State.SUBMITTED
        listing.move_to(State.DRAFT if waiting else State.EXPIRED, act.now)
        act.session.flush()
        act.emit(ListingReturned(listing.id) if waiting else ListingExpired(listing.id))
    return len(due)


def announce_expiry(act: Act, limit: int = BATCH) -> int:
    """Tell of open listings whose last day is near, once for each last day; return how many."""
    _require_system(act)
    query = (
        sa.select(Listing)
        .where(
            Listing.state.in_(OPEN_STATES),
            Listing.expiry_told_at.is_(None),
            Listing.to_date.between(act.today, act.today + timedelta(days=NOTICE_DAYS)),
            Listing.published_at < act.now - timedelta(days=1),
        )
        .order_by(Listing.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    soon = [item for item in act.session.scalars(query) if expires_soon(item.to_date, act.today)]
    for listing in soon:
        listing.expiry_told_at = act.now
        act.emit(ListingExpiresSoon(listing.id))
    return len(soon)


def _require_system(act: Act) -> None:
    if not act.actor.is_system:
        raise Forbidden
