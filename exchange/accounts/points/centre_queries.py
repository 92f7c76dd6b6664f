"""The centres that somebody looks after."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel
from exchange.accounts.models import ServicePoint
from exchange.accounts.permissions import can_supervise_point
from exchange.accounts.points.queries import points_supervised
from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound


def centres_of(session: Session, actor: Actor) -> Sequence[ServicePoint]:
    """The open centres whose whole area the actor supervises, the oldest first. Two queries."""
    found = points_supervised(session, actor)
    return [p for p in found if p.level is PointLevel.CENTRE and can_supervise_point(actor, p)]


def point_supervised(session: Session, actor: Actor, public_id: str) -> ServicePoint:
    """An open service point that the actor supervises. Raises NotFound for any other."""
    point = session.scalar(
        sa.select(ServicePoint).where(
            ServicePoint.public_id == public_id, ServicePoint.closed_at.is_(None)
        )
    )
    if point is None or not can_supervise_point(actor, point):
        raise NotFound
    return point
