"""Still needed? One tap prolongs a listing; and what was set aside comes back on its day."""

from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from exchange.accounts.links.rules import LinkPurpose
from exchange.accounts.links.service import issue_link, use_link
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.checking import problems_of
from exchange.listings.events import ListingRenewed, ListingResumed, ListingReturnFailed
from exchange.listings.kinds import State
from exchange.listings.locking import lock_listing
from exchange.listings.models import Listing
from exchange.listings.permissions import may_change
from exchange.listings.publishing import come_back, withdraw_listing
from exchange.listings.renewal.rules import may_renew, next_season, renewed_until
from exchange.listings.values import put_values, values_of
from exchange.listings.writing import edit_listing

BATCH = 100
LINK_LIFE = timedelta(days=30)


def new_last_day(listing: Listing, today: date, zone: str) -> date:
    """Until when a tap would prolong it; ``zone`` is the site's."""
    published = civil_date(listing.published_at, zone) if listing.published_at else None
    return renewed_until(listing.to_date, published, listing.category_code, today)


def renew_listing(act: Act, listing: Listing) -> Listing:
    """Prolong a listing near or after its last day. Raises Forbidden, Conflict or Invalid."""
    if not may_change(act.actor, listing):
        raise Forbidden
    lock_listing(act, listing)
    decision = may_renew(listing.state, listing.to_date, act.today)
    if not decision:
        raise Conflict(decision.code, **decision.params)
    until = new_last_day(listing, act.today, act.house.settings.time_zone)
    edit_listing(act, listing, replace(values_of(listing), to_date=until))
    act.emit(ListingRenewed(listing.id))
    return listing


def renew_by_link(act: Act, token: str, listing: Listing) -> Listing:
    """Prolong it by the link in the notice, and use the link up."""
    lock_listing(act, listing)
    _use(act, token, listing)
    return renew_listing(act, listing)


def withdraw_by_link(act: Act, token: str, listing: Listing) -> Listing:
    """Take it back by the link in the notice: it is not needed any more.

    Raises Conflict where nothing is asked any more, such as when a colleague has just renewed it.
    """
    lock_listing(act, listing)
    _use(act, token, listing)
    if not may_renew(listing.state, listing.to_date, act.today):
        raise Conflict("link_listing_over")
    return withdraw_listing(act, listing)


def renewal_path(act: Act, listing: Listing, person_id: int) -> str:
    """A link by which one of the owner's people prolongs it or takes it back."""
    last = max(listing.to_date or act.today, act.today)
    until = act.now + (last - act.today) + LINK_LIFE
    token = issue_link(
        act, LinkPurpose.RENEW, listing.public_id, person_id, listing.organisation_id, until
    )
    return f"/r/{token}"


def return_parked(act: Act, limit: int = BATCH) -> int:
    """Bring back what was set aside until today; return how many. Only the system does this.

    What cannot come back as it is stays aside, and its owner is told.
    """
    if not act.actor.is_system:
        raise Forbidden
    query = (
        sa.select(Listing)
        .where(Listing.state == State.PARKED, Listing.parked_until <= act.today)
        .order_by(Listing.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = act.session.scalars(query).all()
    for listing in due:
        _return(act, listing)
    return len(due)


def _return(act: Act, listing: Listing) -> None:
    listing.parked_until = None
    values = values_of(listing)
    first, last = next_season(
        values.from_date, values.to_date, listing.category_code, act.today
    )
    values = replace(values, from_date=first, to_date=last)
    if problems_of(act, listing.side, values):
        act.session.flush()
        act.emit(ListingReturnFailed(listing.id))
        return
    if last != listing.to_date:
        listing.expiry_told_at = listing.expiry_told_days = None
        put_values(listing, values)
        listing.version += 1
    act.emit(ListingResumed(listing.id))
    come_back(act, listing)


def _use(act: Act, token: str, listing: Listing) -> None:
    link = use_link(act, LinkPurpose.RENEW, token)
    if link.subject != listing.public_id or link.person_id != act.actor.person_id:
        raise NotFound("link_unknown")
