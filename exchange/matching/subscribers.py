"""What matching does on news of a listing: find it suggestions, or take them away at once.

News of an organisation that counts as verified again, or is no longer suspended, finds its
listings suggestions too.
"""

import sqlalchemy as sa

from exchange.accounts.events import OrganisationEvent, OrganisationVerified, SuspensionLifted
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.listings.events import ListingEvent, ListingExpiresSoon
from exchange.listings.models import Listing
from exchange.matching.facts import is_open_on
from exchange.matching.jobs import request_matching
from exchange.matching.models import Suggestion
from exchange.matching.service import KEEP, drop_suggestions


def listen(bus: EventBus) -> None:
    """Hear of everything that happens to listings."""
    bus.listen(ListingEvent, on_listing)
    bus.listen(OrganisationVerified, on_verified)
    bus.listen(SuspensionLifted, on_verified)


def on_listing(act: Act, event: ListingEvent) -> None:
    """An open listing is matched in the background; any other loses its pairs within this act.

    Those who lose a pair and had their fill of them are matched again, to move the next one up.
    """
    if isinstance(event, ListingExpiresSoon):
        return
    if _is_open(act, event.listing_id):
        request_matching(act, event.listing_id)
        return
    for listing_id in _had_their_fill(act, drop_suggestions(act, event.listing_id)):
        request_matching(act, listing_id)


def on_verified(act: Act, event: OrganisationEvent) -> None:
    """What is open of an organisation is matched: a suspension had taken its pairs away."""
    query = (
        sa.select(Listing.id)
        .where(Listing.organisation_id == event.organisation_id, is_open_on(act.today))
        .order_by(Listing.id)
    )
    for listing_id in act.session.scalars(query).all():
        request_matching(act, listing_id)


def _is_open(act: Act, listing_id: int) -> bool:
    query = sa.select(Listing.id).where(Listing.id == listing_id, is_open_on(act.today))
    return act.session.scalar(query) is not None


def _had_their_fill(act: Act, ids: list[int]) -> list[int]:
    full: list[int] = []
    for column in (Suggestion.need_id, Suggestion.offer_id):
        query = (
            sa.select(column)
            .where(column.in_(ids))
            .group_by(column)
            .having(sa.func.count() >= KEEP - 1)
        )
        full.extend(act.session.scalars(query))
    return sorted(full)
