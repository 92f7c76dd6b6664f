"""What becomes of listings when nobody is left who could speak for them."""

import sqlalchemy as sa

from exchange.accounts.closing.events import AccountClosed
from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.models import Organisation
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.listings.discarding import discard_draft
from exchange.listings.events import ListingChanged
from exchange.listings.kept import withdraw_kept
from exchange.listings.kinds import Form, State, Visibility
from exchange.listings.lifecycle import WITHDRAWABLE
from exchange.listings.locking import lock_listing
from exchange.listings.models import Listing, ListingRevision
from exchange.listings.picturing import forget_unused
from exchange.listings.publishing import withdraw_listing


def register(bus: EventBus) -> None:
    """Listen."""
    bus.listen(AccountClosed, _closed)


def _closed(act: Act, event: AccountClosed) -> None:
    for owner_id in event.emptied:
        owner = act.session.get_one(Organisation, owner_id)
        query = sa.select(Listing).where(Listing.organisation_id == owner_id).order_by(Listing.id)
        for listing in act.session.scalars(query).all():
            _end(act, listing)
            if owner.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER:
                _erase(act, listing.id)


def _end(act: Act, listing: Listing) -> None:
    """Drafts go, what is open is withdrawn; what has ended stays as it is."""
    lock_listing(act, listing)
    if listing.state is State.DRAFT:
        discard_draft(act, listing)
    elif listing.form is not Form.POSTED:
        withdraw_kept(act, listing)
    elif listing.state in WITHDRAWABLE:
        withdraw_listing(act, listing)


def _erase(act: Act, listing_id: int) -> None:
    """A private person's words and pictures; the title stays, where a match tells of it."""
    listing = act.session.get(Listing, listing_id)
    if listing is None:
        return
    files = [photo.file for photo in listing.photos]
    listing.photos.clear()
    listing.text, listing.licence, listing.review_note = "", None, ""
    listing.external_id, listing.beneficiaries = None, []
    listing.visibility = Visibility.BROKERS
    listing.version += 1
    listing.updated_at = act.now
    act.session.execute(
        sa.delete(ListingRevision).where(ListingRevision.listing_id == listing.id)
    )
    act.session.flush()
    forget_unused(act, files)
    act.emit(ListingChanged(listing.id))
