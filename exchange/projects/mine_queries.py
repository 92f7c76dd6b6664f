"""Projects as those see them who work on them or review them."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.projects.kinds import PartnerState, Publication
from exchange.projects.models import Project, ProjectDivision, ProjectPartner
from exchange.projects.queries import loaded

MOST_MINE = 200


def own_projects(session: Session, actor: Actor) -> Sequence[Project]:
    """Those one's organisations lead or take part in, and those one looks after; the one changed
    last first.
    """
    own = sorted(actor.organisation_ids)
    takes_part = sa.exists().where(
        ProjectPartner.project_id == Project.id,
        ProjectPartner.organisation_id.in_(own),
        ProjectPartner.state == PartnerState.ACCEPTED,
    )
    mine = sa.or_(Project.organisation_id.in_(own), takes_part, Project.worker_id.in_(actor.hands))
    query = sa.select(Project).where(mine).options(*loaded())
    ordered = query.order_by(Project.updated_at.desc(), Project.id.desc()).limit(MOST_MINE)
    return session.scalars(ordered).unique().all()


def waiting_projects(session: Session, actor: Actor) -> Sequence[Project]:
    """What the actor may review, the longest waiting first."""
    query = sa.select(Project).where(_reviewable(actor)).options(*loaded())
    ordered = query.order_by(Project.updated_at, Project.id).limit(MOST_MINE)
    return session.scalars(ordered).unique().all()


def count_waiting(session: Session, actor: Actor) -> int:
    """How many wait for the actor's review."""
    query = sa.select(sa.func.count()).select_from(Project).where(_reviewable(actor))
    return session.scalar(query) or 0


def _reviewable(actor: Actor) -> ColumnElement[bool]:
    """``permissions.may_review`` of those that wait, as SQL."""
    if not actor.serves:
        return sa.false()
    place = ProjectDivision.division_code
    inside = [
        sa.true() if one == WHOLE_COUNTRY else place.startswith(one, autoescape=True)
        for one in actor.serves
    ]
    own = sorted(actor.organisation_ids)
    ours = sa.exists().where(
        ProjectPartner.project_id == Project.id,
        ProjectPartner.organisation_id.in_(own),
        ProjectPartner.state == PartnerState.ACCEPTED,
    )
    return sa.and_(
        Project.publication == Publication.SUBMITTED,
        Project.organisation_id.not_in(own),
        sa.not_(ours),
        sa.exists().where(ProjectDivision.project_id == Project.id, sa.or_(*inside)),
    )
