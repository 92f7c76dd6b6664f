"""Reading proposals to merge, and which needs could be the same as a given one.

What is stored may be a moment old: both needs are looked at once more whenever a pair is shown.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.listings.kinds import OPEN_STATES, Side, State
from exchange.listings.models import Listing
from exchange.listings.permissions import can_merge, can_see
from exchange.matching.duplicates.models import DuplicatePair

CHUNK = 400
EACH_WAY = 120
PAGE = 20
TOWNSHIP, COUNTY = 9, 6


def may_be_merged(today: date) -> ColumnElement[bool]:
    """Needs that stand before people or before a reviewer."""
    return sa.and_(
        Listing.side == Side.NEED,
        Listing.state.in_((*OPEN_STATES, State.SUBMITTED)),
        Listing.held_at.is_(None),
        sa.or_(Listing.to_date.is_(None), Listing.to_date >= today),
    )


def still_open(session: Session, ids: Iterable[int], today: date) -> set[int]:
    """Those that may be merged now."""
    ordered, found = sorted(set(ids)), set[int]()
    for start in range(0, len(ordered), CHUNK):
        chunk = ordered[start : start + CHUNK]
        query = sa.select(Listing.id).where(Listing.id.in_(chunk), may_be_merged(today))
        found.update(session.scalars(query))
    return found


def lock_as_read(session: Session, ids: Iterable[int], today: date, read_at: datetime) -> set[int]:
    """Those that may be merged and have not changed since; they stay so until the act ends."""
    ordered, found = sorted(set(ids)), set[int]()
    for start in range(0, len(ordered), CHUNK):
        query = (
            sa.select(Listing.id)
            .where(
                Listing.id.in_(ordered[start : start + CHUNK]),
                may_be_merged(today),
                Listing.updated_at <= read_at,
            )
            .order_by(Listing.id)
            .with_for_update(read=True)
        )
        found.update(session.scalars(query))
    return found


def of_needs(ids: Sequence[int]) -> ColumnElement[bool]:
    """Pairs of which one of these needs is a part."""
    return sa.or_(DuplicatePair.first_id.in_(ids), DuplicatePair.second_id.in_(ids))


def beside(
    session: Session, need_id: int, category: str, division: str, owner: int, today: date
) -> set[int]:
    """Ids of needs to compare with one: its place and kind, and what else its owner asks for.

    Of each at most 120, the latest. A place is looked at upwards too: what a village asks for, its
    township may have posted.
    """
    branch = category.partition(".")[0]
    kind = Listing.category_code.startswith(branch, autoescape=True) if branch else sa.true()
    ways: list[ColumnElement[bool]] = [Listing.organisation_id == owner]
    if len(division) >= COUNTY:
        above = [division[:n] for n in (COUNTY, TOWNSHIP) if n < len(division)]
        ways.append(sa.and_(*_inside(division[:TOWNSHIP]), kind))
        ways.append(sa.and_(Listing.division_code.in_([*above, division]), kind))
    found: set[int] = set()
    for way in ways:
        query = (
            sa.select(Listing.id)
            .where(may_be_merged(today), way, Listing.id != need_id)
            .order_by((Listing.id + 0).desc())  # not the key itself: SQLite would read every need
            .limit(EACH_WAY)
        )
        found.update(session.scalars(query))
    return found


def _inside(code: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Divisions with this prefix, as a range that an index answers."""
    after = str(int(code) + 1).zfill(len(code))
    return Listing.division_code >= code, Listing.division_code < after


def ids_by_public_id(session: Session, public_ids: Sequence[str], today: date) -> set[int]:
    """Ids of those that may be merged."""
    query = sa.select(Listing.id).where(Listing.public_id.in_(public_ids), may_be_merged(today))
    return set(session.scalars(query)) if public_ids else set()


def needs_after(session: Session, after: int, today: date, limit: int) -> list[int]:
    """Ids of the next needs that may be merged, in order."""
    query = sa.select(Listing.id).where(may_be_merged(today), Listing.id > after)
    return list(session.scalars(query.order_by(Listing.id).limit(limit)))


def whole_quantities(session: Session, ids: Iterable[int]) -> dict[int, int | None]:
    """What each asks for in all, in thousandths of its unit."""
    ordered, found = sorted(ids), dict[int, int | None]()
    for start in range(0, len(ordered), CHUNK):
        query = sa.select(Listing.id, Listing.quantity_milli).where(
            Listing.id.in_(ordered[start : start + CHUNK])
        )
        found |= {row.id: row.quantity_milli for row in session.execute(query)}
    return found


def partners(session: Session, need_id: int) -> set[int]:
    """Ids of the needs that are proposed as the same as this one."""
    rows = session.execute(
        sa.select(DuplicatePair.first_id, DuplicatePair.second_id).where(
            of_needs([need_id]), DuplicatePair.decided_at.is_(None)
        )
    )
    return {key for row in rows for key in row} - {need_id}


def proposals_for(
    session: Session, actor: Actor, listing: Listing, today: date
) -> list[DuplicatePair]:
    """The open proposals of a need that the actor may decide about, the likeliest first."""
    if not actor.is_system and not actor.serves_division(listing.division_code):
        return []
    query = (
        sa.select(DuplicatePair)
        .where(DuplicatePair.decided_at.is_(None), of_needs([listing.id]))
        .options(*_loaded())
        .order_by(DuplicatePair.score_micro.desc(), DuplicatePair.first_id, DuplicatePair.second_id)
        .limit(PAGE)
    )
    return _fitting(session, actor, session.scalars(query).all(), today)


def proposals_in(
    session: Session, actor: Actor, today: date, page: int = 1
) -> tuple[list[DuplicatePair], bool]:
    """One page of the open proposals of the places that the actor serves; whether more follow."""
    if not actor.serves:
        return [], False
    query = (
        sa.select(DuplicatePair)
        .where(*_waits(actor, today))
        .options(*_loaded())
        .order_by(DuplicatePair.score_micro.desc(), DuplicatePair.first_id, DuplicatePair.second_id)
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    rows = session.scalars(query).all()
    return _fitting(session, actor, rows[:PAGE], today), len(rows) > PAGE


def count_proposals(session: Session, actor: Actor, today: date) -> int:
    """How many pairs wait for the actor's word."""
    if not actor.serves:
        return 0
    query = sa.select(sa.func.count()).select_from(DuplicatePair).where(*_waits(actor, today))
    return session.scalar(query) or 0


def _waits(actor: Actor, today: date) -> tuple[ColumnElement[bool], ...]:
    """Open proposals both of whose needs are open in a place that the actor serves."""
    served = sa.and_(may_be_merged(today), _within(Listing.division_code, actor.serves))
    both = (DuplicatePair.first_id, DuplicatePair.second_id)
    return (
        DuplicatePair.decided_at.is_(None),
        *(sa.exists().where(Listing.id == key, served) for key in both),
    )


def _within(
    column: sa.orm.InstrumentedAttribute[str | None], served: tuple[str, ...]
) -> ColumnElement[bool]:
    if WHOLE_COUNTRY in served:
        return column.is_not(None)
    return sa.or_(*(column.startswith(one, autoescape=True) for one in served))


def _loaded() -> tuple[sa.orm.interfaces.ORMOption, ...]:
    both = (DuplicatePair.first, DuplicatePair.second)
    return (
        *(selectinload(one).selectinload(Listing.organisation) for one in both),
        *(selectinload(one).selectinload(Listing.coverage) for one in both),
    )


def _fitting(
    session: Session, actor: Actor, rows: Sequence[DuplicatePair], today: date
) -> list[DuplicatePair]:
    ids = {key for row in rows for key in (row.first_id, row.second_id)}
    standing = still_open(session, ids, today)
    return [
        row
        for row in rows
        if {row.first_id, row.second_id} <= standing
        and can_see(actor, row.first)
        and can_see(actor, row.second)
        and (
            can_merge(actor, row.first, row.second) or can_merge(actor, row.second, row.first)
        )
    ]
