"""What matches take from a listing and give back. The database never lets more go than there is."""

import sqlalchemy as sa

from exchange.audit.noticing import note_statement
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Invalid, NotFound
from exchange.listings.events import ListingCommitmentChanged
from exchange.listings.kinds import OPEN_STATES, State
from exchange.listings.lifecycle import open_state
from exchange.listings.models import Listing

REOPENED = (*OPEN_STATES, State.FULFILLED)


def commit_quantity(act: Act, listing: Listing, milli: int, *, expired: bool = False) -> Listing:
    """Reserve an amount of an open listing, in thousandths of its unit.

    ``expired``: also of one whose last day has passed, which stays expired. The caller has checked
    that the actor may broker it. Raises Conflict "listing_not_open", or "not_enough_left" with
    ``left`` in thousandths; Invalid for a negative amount.
    """
    _require_amount(milli)
    enough = sa.or_(
        Listing.quantity_milli.is_(None),
        Listing.committed_milli + milli <= Listing.quantity_milli,
    )
    states = (*OPEN_STATES, State.EXPIRED) if expired else OPEN_STATES
    changed = _change(act, listing, milli, Listing.state.in_(states), enough)
    if not changed:
        if listing.state not in states or listing.held_at is not None:
            if listing.state is State.FULFILLED:
                raise Conflict("not_enough_left", left=listing.remaining_milli)
            raise Conflict("listing_not_open", state=listing.state.value)
        raise Conflict("not_enough_left", left=listing.remaining_milli)
    return _follow(act, listing)


def release_quantity(act: Act, listing: Listing, milli: int) -> Listing:
    """Give back an amount that a failed, lapsed or smaller match held.

    A listing that has ended meanwhile keeps its state. Raises Conflict "not_committed" when less
    than that is held, Invalid for a negative amount.
    """
    _require_amount(milli)
    if not _change(act, listing, -milli, Listing.committed_milli >= milli):
        raise Conflict("not_committed", held=listing.committed_milli)
    return _follow(act, listing)


def _change(act: Act, listing: Listing, by: int, *guards: sa.ColumnElement[bool]) -> bool:
    """One guarded UPDATE: two who act at the same moment cannot both pass it. It tells itself what
    there was before.
    """
    act.session.flush()
    taken = [Listing.held_at.is_(None)] if by > 0 else []
    after = act.session.scalar(
        sa.update(Listing)
        .where(Listing.id == listing.id, *taken, *guards)
        .values(committed_milli=Listing.committed_milli + by)
        .returning(Listing.committed_milli)
        .execution_options(synchronize_session=False)
    )
    act.session.refresh(listing)
    if after is None:
        return False
    note_statement(act, listing, "committed_milli", after - by, after)
    return True


def _follow(act: Act, listing: Listing) -> Listing:
    if listing.state in REOPENED:
        wanted = open_state(listing.quantity_milli, listing.committed_milli)
        if wanted is not listing.state:
            listing.move_to(wanted, act.now)
    listing.updated_at = act.now
    act.session.flush()
    act.emit(ListingCommitmentChanged(listing.id))
    return listing


def _require_amount(milli: int) -> None:
    if milli < 0:
        raise Invalid("quantity_unreadable", fields={"quantity_milli": ["quantity_unreadable"]})


def listing_for_commitment(act: Act, listing_id: int) -> Listing:
    """The listing, locked where the database can, for a caller that holds its id only."""
    found = act.session.get(Listing, listing_id, with_for_update=True)
    if found is None:
        raise NotFound
    return found
