"""How an organisation's earlier introductions ended; whoever knows that keeps it here."""

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.upserts import upsert
from exchange.listings.models import Listing
from exchange.matching.facts import is_open_on
from exchange.matching.jobs import request_matching
from exchange.matching.models import OrganisationRecord
from exchange.matching.values import Record


def keep_record(act: Act, organisation_id: int, record: Record) -> bool:
    """Put an organisation's record in place, and have its open offers matched again by it.

    Returns whether it is another one than before.
    """
    kept = act.session.get(OrganisationRecord, organisation_id)
    if kept is not None and kept.record == record:
        return False
    row = {"organisation_id": organisation_id, "updated_at": act.now, **record._asdict()}
    upsert(act.session, OrganisationRecord, [row], ("organisation_id",))
    if kept is not None:
        act.session.expire(kept)
    query = (
        sa.select(Listing.id)
        .where(
            Listing.organisation_id == organisation_id,
            Listing.side == "offer",
            is_open_on(act.today),
        )
        .order_by(Listing.id)
    )
    for listing_id in act.session.scalars(query).all():
        request_matching(act, listing_id)
    return True
