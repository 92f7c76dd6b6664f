"""Reading service points and who works there."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, selectinload

from exchange.accounts.models import Assignment, ServicePoint, ServicePointDivision
from exchange.kernel.actor import WHOLE_COUNTRY, Actor


def points_supervised(session: Session, actor: Actor) -> Sequence[ServicePoint]:
    """Open service points with a division that the actor supervises; centres first. Two queries."""
    if not actor.supervises:
        return ()
    query = (
        sa.select(ServicePoint)
        .options(selectinload(ServicePoint.divisions))
        .where(ServicePoint.closed_at.is_(None), ServicePoint.id.in_(_points_in(actor)))
        .order_by(ServicePoint.id)
    )
    return session.scalars(query).all()


def workers_at(session: Session, point_ids: Sequence[int]) -> dict[int, list[Assignment]]:
    """Open duties by service point, with their people, in one query."""
    query = (
        sa.select(Assignment)
        .join(Assignment.person)
        .options(contains_eager(Assignment.person))
        .where(Assignment.service_point_id.in_(point_ids), Assignment.ended_at.is_(None))
        .order_by(Assignment.id)
    )
    found: dict[int, list[Assignment]] = {point_id: [] for point_id in point_ids}
    for assignment in session.scalars(query):
        found[assignment.service_point_id].append(assignment)
    return found


def points_by_ids(session: Session, ids: Collection[int]) -> dict[int, ServicePoint]:
    """Service points by id, closed ones too, in one query; unknown ids are left out."""
    if not ids:
        return {}
    query = sa.select(ServicePoint).where(ServicePoint.id.in_(sorted(ids)))
    return {one.id: one for one in session.scalars(query)}


def point_label(point: ServicePoint, locale: str) -> str:
    """The name of a service point in the reader's language."""
    return point.name_zh if locale.startswith("zh") else point.name_en or point.name_zh


def _points_in(actor: Actor) -> sa.Select[int]:
    points = sa.select(ServicePointDivision.service_point_id)
    if WHOLE_COUNTRY in actor.supervises:
        return points
    return points.where(
        sa.or_(
            *(
                ServicePointDivision.prefix.startswith(prefix, autoescape=True)
                for prefix in actor.supervises
            )
        )
    )
