"""Two needs that ask for the same become one, and two again when that was a mistake."""

from sqlalchemy.exc import IntegrityError

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden
from exchange.listings.events import ListingExpired, MergeUndone, NeedMerged
from exchange.listings.kinds import OPEN_STATES, Side, State
from exchange.listings.lifecycle import MERGEABLE
from exchange.listings.locking import lock_listing
from exchange.listings.merging.models import NeedMerge
from exchange.listings.merging.queries import standing_merge
from exchange.listings.models import Listing
from exchange.listings.permissions import can_merge, can_undo_merge
from exchange.listings.publishing import send_to_review


def merge_needs(
    act: Act,
    merged: Listing,
    kept: Listing,
    merged_version: int | None = None,
    kept_version: int | None = None,
) -> NeedMerge:
    """Let ``kept`` stand for both. The versions are those that the broker has read.

    ``merged`` leaves the lists and leads to ``kept``. Nothing of either is rewritten. Raises
    Forbidden, or Conflict: changed or closed meanwhile, something promised for ``merged`` already,
    or refused by a listener (a match goes on with it).
    """
    if merged.id == kept.id:
        raise Conflict("merge_same")
    if not can_merge(act.actor, merged, kept):
        raise Forbidden("merge_not_your_place")
    versions = {merged.id: merged_version, kept.id: kept_version}
    for listing in sorted((merged, kept), key=lambda one: one.id):
        lock_listing(act, listing, versions[listing.id])
    _insist(merged, kept)
    merge = NeedMerge(
        merged_id=merged.id,
        kept_id=kept.id,
        state_before=merged.state,
        merged_by_id=act.actor.person_id,
        merged_at=act.now,
    )
    merged.move_to(State.MERGED, act.now)
    merged.version += 1
    act.session.add(merge)
    try:
        act.session.flush()
    except IntegrityError as error:  # two at once, where rows cannot be locked
        raise Conflict("changed_meanwhile") from error
    act.emit(NeedMerged(merged.id, kept.id))
    return merge


def undo_merge(act: Act, merged: Listing, version: int | None = None) -> Listing:
    """Put a merged need back where it was; what its last day has ended meanwhile is expired.

    Raises Forbidden, or Conflict when it is not merged any more (its owner has withdrawn it, or
    somebody was faster).
    """
    if not can_undo_merge(act.actor, merged):
        raise Forbidden("merge_not_your_place")
    lock_listing(act, merged, version)
    merge = standing_merge(act.session, merged.id, lock=True)
    if merged.state is not State.MERGED or merge is None:
        raise Conflict("merge_undone")
    merge.undone_at, merge.undone_by_id = act.now, act.actor.person_id
    waited = merge.state_before is State.SUBMITTED
    over = not waited and merged.to_date is not None and merged.to_date < act.today
    if waited:
        send_to_review(act, merged)
    else:
        merged.move_to(State.EXPIRED if over else merge.state_before, act.now)
        merged.version += 1
    act.session.flush()
    act.emit(MergeUndone(merged.id, merge.kept_id))
    if over:
        act.emit(ListingExpired(merged.id))
    return merged


def _insist(merged: Listing, kept: Listing) -> None:
    if any(one.side is not Side.NEED for one in (merged, kept)):
        raise Conflict("merge_only_needs")
    if kept.state not in OPEN_STATES or kept.held_at is not None:
        raise Conflict("merge_kept_closed")
    if merged.committed_milli or merged.state is State.PARTLY_MATCHED:
        raise Conflict("merge_promised")
    if merged.state not in MERGEABLE or merged.held_at is not None:
        raise Conflict("listing_state", state=merged.state.value, wanted=State.MERGED.value)
