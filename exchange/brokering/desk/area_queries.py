"""What waits at a worker's own station besides cases in hand: listings that end soon, needs in
nobody's hands, undertakings that lack somebody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.elements import ColumnElement

from exchange.brokering.centre.caseload_queries import is_in_nobodys_hands, is_waiting
from exchange.kernel.actor import Actor
from exchange.listings.kinds import OPEN_STATES
from exchange.listings.models import Listing
from exchange.listings.permissions import visible_to
from exchange.listings.renewal.rules import NOTICES
from exchange.listings.undertakings.models import Undertaking, UndertakingPart

ENDS_WITHIN = timedelta(days=NOTICES[0])


@dataclass(frozen=True)
class Some:
    """The first listings of a kind, and how many there are."""

    listings: Sequence[Listing]
    count: int


def ending_soon(
    session: Session, actor: Actor, own: ColumnElement[bool], today: date, limit: int
) -> Some:
    """Open listings of the own station whose last day is near, the next one first; two queries.

    ``own`` is the condition on Listing that it is the station's work.
    """
    where = (
        own, visible_to(actor), Listing.state.in_(OPEN_STATES), Listing.held_at.is_(None),
        Listing.to_date.between(today, today + ENDS_WITHIN),
    )  # fmt: skip
    return _some(session, where, (Listing.to_date, Listing.id), limit)


def in_nobodys_hands(
    session: Session, actor: Actor, own: ColumnElement[bool], limit: int
) -> Some:
    """Open needs of the own station that nobody has taken up or has in hand, the longest waiting
    first; two queries.
    """
    where = (own, is_in_nobodys_hands(), visible_to(actor))
    return _some(session, where, (Listing.id,), limit)


def lacking_undertakings(
    session: Session, actor: Actor, own: ColumnElement[bool], limit: int
) -> tuple[Sequence[Undertaking], int]:
    """Undertakings with a need of the own station that nobody has taken up, the one changed last
    first, and how many there are; two queries.
    """
    lacking = (
        sa.select(UndertakingPart.undertaking_id)
        .join(Listing, Listing.id == UndertakingPart.listing_id)
        .where(own, is_waiting(), visible_to(actor))
    )
    where = Undertaking.id.in_(lacking)
    query = (
        sa.select(Undertaking)
        .where(where)
        .options(joinedload(Undertaking.organisation))
        .order_by(Undertaking.updated_at.desc(), Undertaking.id.desc())
        .limit(limit)
    )
    count = session.scalar(sa.select(sa.func.count()).select_from(Undertaking).where(where))
    return session.scalars(query).all(), count or 0


def _some(
    session: Session,
    where: tuple[ColumnElement[bool], ...],
    order: tuple[ColumnElement[object] | sa.orm.InstrumentedAttribute[object], ...],
    limit: int,
) -> Some:
    query = (
        sa.select(Listing)
        .options(joinedload(Listing.organisation, innerjoin=True), selectinload(Listing.coverage))
        .where(*where)
        .order_by(*order)
        .limit(limit)
    )
    count = session.scalar(sa.select(sa.func.count()).select_from(Listing).where(*where))
    return Some(session.scalars(query).all(), count or 0)
