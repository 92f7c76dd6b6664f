"""Reading roadshows and visits."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.projects.models import Project
from exchange.projects.permissions import can_see
from exchange.projects.visits.kinds import SignUpState, VisitState
from exchange.projects.visits.models import Visit, VisitSignUp


def loaded() -> tuple[ORMOption, ...]:
    """What every reader needs, in as many queries for many as for one."""
    return (
        joinedload(Visit.project).joinedload(Project.organisation),
        joinedload(Visit.project).selectinload(Project.divisions),
        joinedload(Visit.project).selectinload(Project.partners),
        selectinload(Visit.sign_ups).joinedload(VisitSignUp.organisation),
    )


def seen_visit(session: Session, actor: Actor, public_id: str) -> Visit:
    """The visit with this public id. Raises NotFound when the actor may not see its project."""
    if not public_id.isalnum():
        raise NotFound
    query = sa.select(Visit).where(Visit.public_id == public_id).options(*loaded())
    found = session.scalars(query).unique().first()
    if found is None or not can_see(actor, found.project):
        raise NotFound
    return found


def visit_with_id(session: Session, visit_id: int) -> Visit | None:
    """The visit with this number, for jobs and listeners."""
    query = sa.select(Visit).where(Visit.id == visit_id).options(*loaded())
    return session.scalars(query).unique().first()


def visits_of(session: Session, project_id: int, limit: int = 50) -> Sequence[Visit]:
    """All of a project, the one that comes first at the top, those of long ago last."""
    query = sa.select(Visit).where(Visit.project_id == project_id).options(*loaded())
    ordered = query.order_by(Visit.starts_at.desc(), Visit.id.desc()).limit(limit)
    return session.scalars(ordered).unique().all()


def coming(
    session: Session, project_id: int, now: datetime, limit: int = 3
) -> Sequence[Visit]:
    """What is announced and still to come, the next first."""
    query = (
        sa.select(Visit)
        .where(
            Visit.project_id == project_id,
            Visit.state == VisitState.ANNOUNCED,
            Visit.starts_at > now,
        )
        .options(*loaded())
        .order_by(Visit.starts_at, Visit.id)
        .limit(limit)
    )
    return session.scalars(query).unique().all()


def count_coming(session: Session, project_id: int, now: datetime) -> int:
    """How many are announced and still to come."""
    query = sa.select(sa.func.count(Visit.id)).where(
        Visit.project_id == project_id,
        Visit.state == VisitState.ANNOUNCED,
        Visit.starts_at > now,
    )
    return session.scalar(query) or 0


def own_visits(
    session: Session, actor: Actor, now: datetime, limit: int = 50
) -> Sequence[Visit]:
    """What the actor's organisations have signed up for and is still to come."""
    mine = sa.exists().where(
        VisitSignUp.visit_id == Visit.id,
        VisitSignUp.organisation_id.in_(sorted(actor.organisation_ids)),
        VisitSignUp.state != SignUpState.LEFT,
    )
    query = (
        sa.select(Visit)
        .where(mine, Visit.starts_at > now)
        .options(*loaded())
        .order_by(Visit.starts_at, Visit.id)
        .limit(limit)
    )
    return session.scalars(query).unique().all()


def own_sign_up(visit: Visit, organisation_id: int | None) -> VisitSignUp | None:
    """What an organisation has said, unless it left again."""
    for row in visit.sign_ups:
        if row.organisation_id == organisation_id and row.state is not SignUpState.LEFT:
            return row
    return None
