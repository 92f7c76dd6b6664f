"""Reading merges: where a merged need leads, and what was merged into a need."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.listings.kinds import State
from exchange.listings.merging.models import NeedMerge
from exchange.listings.models import Listing

MOST_STEPS = 20  # of merges into merges; more cannot come about by hand


def standing_merge(session: Session, merged_id: int, *, lock: bool = False) -> NeedMerge | None:
    """The merge of this need that has not been undone."""
    query = sa.select(NeedMerge).where(
        NeedMerge.merged_id == merged_id, NeedMerge.undone_at.is_(None)
    )
    return session.scalars(query.with_for_update() if lock else query).first()


def kept_need(session: Session, listing: Listing) -> Listing | None:
    """The need that stands for a merged one, through merges into merges; None for others."""
    found, seen = listing, {listing.id}
    while found.state is State.MERGED and len(seen) < MOST_STEPS:
        merge = standing_merge(session, found.id)
        if merge is None or merge.kept_id in seen:
            break
        found = session.get_one(Listing, merge.kept_id)
        seen.add(found.id)
    return None if found is listing else found


def merged_into(session: Session, kept_id: int, limit: int = 20) -> Sequence[Listing]:
    """The needs that are merged into this one now, the latest first."""
    query = (
        sa.select(NeedMerge)
        .join(NeedMerge.merged)
        .where(
            NeedMerge.kept_id == kept_id,
            NeedMerge.undone_at.is_(None),
            Listing.state == State.MERGED,
        )
        .options(joinedload(NeedMerge.merged, innerjoin=True).selectinload(Listing.coverage))
        .order_by(NeedMerge.id.desc())
        .limit(limit)
    )
    return [merge.merged for merge in session.scalars(query)]
