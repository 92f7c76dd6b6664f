"""A social worker asks the owner of a listing that ends soon whether it is still needed."""

from datetime import timedelta

from exchange.accounts.queries import concerned
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden
from exchange.listings.events import StillNeededAsked
from exchange.listings.kinds import OPEN_STATES
from exchange.listings.locking import lock_listing
from exchange.listings.models import Listing
from exchange.listings.renewal.rules import may_renew, notice_due

ASKED_AGAIN_AFTER = timedelta(days=1)


def ask_whether_needed(act: Act, listing: Listing) -> Listing:
    """The owner's people are asked now, each with a link that prolongs it or takes it back.

    It counts as the notice of this day, so that the site does not ask once more by itself. Raises
    Forbidden outside of the places that the actor serves; Conflict where it is not near its last
    day, its owner was asked within the last day, or nobody could be asked.
    """
    if not act.actor.serves_division(listing.division_code):
        raise Forbidden
    lock_listing(act, listing)
    decision = may_renew(listing.state, listing.to_date, act.today)
    if not decision:
        raise Conflict(decision.code, **decision.params)
    if listing.state not in OPEN_STATES or listing.to_date is None:
        raise Conflict("renew_not_due")
    if listing.expiry_told_at and act.now - listing.expiry_told_at < ASKED_AGAIN_AFTER:
        raise Conflict("owner_asked_lately")
    if not concerned(act.session, listing.organisation_id, listing.author_id):
        raise Conflict("owner_without_people")
    days = notice_due(listing.to_date, act.today, listing.expiry_told_days)
    listing.expiry_told_at = act.now
    listing.expiry_told_days = listing.expiry_told_days if days is None else days
    act.session.flush()
    act.emit(StillNeededAsked(listing.id, (listing.to_date - act.today).days))
    return listing
