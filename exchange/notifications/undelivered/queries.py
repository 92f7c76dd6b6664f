"""Messages that were given up, for those who look after them."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.accounts.models import Membership, Organisation
from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.notifications.kinds import DeliveryState
from exchange.notifications.models import Delivery, Notice

IS_DEAD = sa.and_(Delivery.state == DeliveryState.DEAD, Delivery.joined_to_id.is_(None))


def decidable_by(actor: Actor) -> sa.ColumnElement[bool]:
    """SQL on Notice: operators decide on all, supervisors on those of people of their places.

    A person is of the places of the organisations they belong to.
    """
    if actor.is_operator or actor.is_system or WHOLE_COUNTRY in actor.supervises:
        return sa.true()
    inside = [
        Organisation.division_code.startswith(prefix, autoescape=True)
        for prefix in actor.supervises
    ]
    of_place = (
        sa.select(Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.ended_at.is_(None), sa.or_(sa.false(), *inside))
    )
    return Notice.person_id.in_(of_place)


def undelivered(
    session: Session, actor: Actor, *, before_id: int | None = None, limit: int = 50
) -> Sequence[Delivery]:
    """Given up, the newest first, with notice and person; ``before_id`` continues a list."""
    query = (
        sa.select(Delivery)
        .join(Delivery.notice)
        .where(IS_DEAD, decidable_by(actor))
        .options(joinedload(Delivery.notice).joinedload(Notice.person))
        .order_by(Delivery.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        query = query.where(Delivery.id < before_id)
    return session.scalars(query).all()


def count_undelivered(session: Session, actor: Actor) -> int:
    """How many messages were given up that the actor may decide on."""
    query = sa.select(sa.func.count(Delivery.id)).join(Delivery.notice)
    return session.scalar(query.where(IS_DEAD, decidable_by(actor))) or 0


def overdue(session: Session, before: datetime) -> int:
    """How many messages should have gone out before a moment and still wait."""
    query = sa.select(sa.func.count(Delivery.id)).where(
        Delivery.state == DeliveryState.WAITING,
        Delivery.joined_to_id.is_(None),
        Delivery.send_after < before,
    )
    return session.scalar(query) or 0
