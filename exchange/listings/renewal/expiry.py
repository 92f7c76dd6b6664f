"""The last day: listings end after it, and their owners are asked a week and a day before."""

from datetime import timedelta

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden
from exchange.listings.events import ListingExpired, ListingExpiresSoon, ListingReturned
from exchange.listings.kinds import OPEN_STATES, Form, State
from exchange.listings.models import Listing
from exchange.listings.renewal.rules import NOTICES, notice_due

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
    """Tell of open listings whose last day is near, each of ``NOTICES`` once for each last day;
    return how many.
    """
    _require_system(act)
    first, last = (act.today + timedelta(days=days) for days in NOTICES)
    told = Listing.expiry_told_days
    query = (
        sa.select(Listing)
        .where(
            Listing.state.in_(OPEN_STATES),
            Listing.form == Form.POSTED,  # the others are renewed where they come from
            Listing.to_date.between(act.today, first),
            sa.or_(told.is_(None), sa.and_(told > NOTICES[-1], Listing.to_date <= last)),
            Listing.published_at < act.now - timedelta(days=1),
        )
        .order_by(Listing.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = act.session.scalars(query).all()
    for listing in found:
        days = notice_due(listing.to_date, act.today, listing.expiry_told_days)
        if days is not None:
            listing.expiry_told_at, listing.expiry_told_days = act.now, days
            act.emit(ListingExpiresSoon(listing.id, days))
    return len(found)


def _require_system(act: Act) -> None:
    if not act.actor.is_system:
        raise Forbidden
