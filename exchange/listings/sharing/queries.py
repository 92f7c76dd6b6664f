"""What a service point passes on: the newest open listings of its places that everybody sees."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.models import ServicePoint
from exchange.accounts.points.routing import in_any_division
from exchange.kernel.actor import VISITOR, Actor, overlaps
from exchange.kernel.errors import NotFound
from exchange.listings.kinds import OPEN_STATES, Side
from exchange.listings.models import Listing
from exchange.listings.permissions import visible_to
from exchange.listings.queries import loaded

WEEK = timedelta(days=7)


def open_point(session: Session, point_id: int) -> ServicePoint:
    """An open service point. Raises NotFound."""
    point = session.get(ServicePoint, point_id)
    if point is None or point.closed_at is not None:
        raise NotFound
    return point


def point_of_worker(session: Session, actor: Actor, public_id: str) -> ServicePoint:
    """An open point in whose places the actor serves. Raises NotFound."""
    point = session.scalar(
        sa.select(ServicePoint).where(
            ServicePoint.public_id == public_id, ServicePoint.closed_at.is_(None)
        )
    )
    prefixes = [one.prefix for one in point.divisions] if point else []
    if point is None or not any(overlaps(s, p) for s in actor.serves for p in prefixes):
        raise NotFound
    return point


def newest_shared(
    session: Session, point: ServicePoint, today: date, *, since: datetime | None, limit: int
) -> Sequence[Listing]:
    """Open needs of the point's places that everybody may see, the newest first.

    ``since``: only what was published from then on.
    """
    shown_place = sa.func.coalesce(Listing.public_division_code, Listing.division_code)
    query = sa.select(Listing).where(
        visible_to(VISITOR),
        Listing.side == Side.NEED,
        Listing.state.in_(OPEN_STATES),
        sa.or_(Listing.to_date.is_(None), Listing.to_date >= today),
        in_any_division(shown_place, tuple(one.prefix for one in point.divisions)),
    )
    if since is not None:
        query = query.where(Listing.published_at >= since)
    query = query.options(*loaded()).order_by(Listing.published_at.desc(), Listing.id.desc())
    return session.scalars(query.limit(limit)).all()
