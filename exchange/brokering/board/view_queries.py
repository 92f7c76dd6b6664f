"""Which saved views somebody has, and which others share with them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.accounts.models import ServicePoint, ServicePointDivision
from exchange.brokering.board.view_models import MatchView
from exchange.kernel.actor import Actor, ancestors
from exchange.kernel.errors import NotFound

MOST_SHARED = 20


def views_of(session: Session, person_id: int | None) -> Sequence[MatchView]:
    """Somebody's own, by name."""
    query = sa.select(MatchView).where(MatchView.person_id == person_id)
    return session.scalars(query.order_by(MatchView.name, MatchView.id)).all()


def shared_views(session: Session, actor: Actor) -> Sequence[MatchView]:
    """What supervisors share with all who work where the actor does; not the actor's own."""
    above = sorted({code for prefix in actor.serves for code in ancestors(prefix)})
    here = (
        sa.select(ServicePoint.id)
        .join(ServicePointDivision, ServicePointDivision.service_point_id == ServicePoint.id)
        .where(ServicePoint.closed_at.is_(None), ServicePointDivision.prefix.in_(above))
    )
    query = (
        sa.select(MatchView)
        .where(MatchView.shared_with_id.in_(here), MatchView.person_id != actor.person_id)
        .options(joinedload(MatchView.person))
        .order_by(MatchView.name, MatchView.id)
        .limit(MOST_SHARED)
    )
    return session.scalars(query).all()


def default_view(session: Session, person_id: int | None) -> MatchView | None:
    """The one that opens first."""
    query = sa.select(MatchView).where(MatchView.person_id == person_id, MatchView.is_default)
    return session.scalar(query)


def own_view(session: Session, person_id: int | None, public_id: str) -> MatchView:
    """One of somebody's own. Raises NotFound for any other."""
    query = sa.select(MatchView).where(
        MatchView.public_id == public_id, MatchView.person_id == person_id
    )
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found
