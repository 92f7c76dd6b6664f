"""Reading cooperation intentions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.interfaces import ORMOption

from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.kernel.errors import NotFound
from exchange.listings.kinds import OPEN_STATES as OPEN_LISTING
from exchange.listings.kinds import Visibility
from exchange.listings.models import Listing
from exchange.projects.intentions.kinds import LIVE_STATES, OPEN_STATES, IntentionKind
from exchange.projects.intentions.models import Intention, IntentionMessage, WantedIntention
from exchange.projects.intentions.permissions import can_see, visible_to
from exchange.projects.kinds import LIVE_STAGES, Publication
from exchange.projects.models import Project, ProjectDivision, ProjectPartner
from exchange.projects.permissions import readable_needs
from exchange.projects.queries import needs_of

MESSAGES_SHOWN = 100


def loaded() -> tuple[ORMOption, ...]:
    """What every reader of an intention needs."""
    return (
        joinedload(Intention.organisation),
        joinedload(Intention.answered_by),
        joinedload(Intention.need).joinedload(Listing.organisation),
        joinedload(Intention.need).selectinload(Listing.coverage),
        joinedload(Intention.project).joinedload(Project.organisation),
        joinedload(Intention.project).joinedload(Project.worker),
        joinedload(Intention.project).selectinload(Project.divisions),
        joinedload(Intention.project)
        .selectinload(Project.partners)
        .joinedload(ProjectPartner.organisation),
    )


def seen_intention(session: Session, actor: Actor, public_id: str) -> Intention:
    """The intention with this public id. Raises NotFound when the actor may not know of it."""
    if not public_id.isalnum():
        raise NotFound
    query = sa.select(Intention).where(Intention.public_id == public_id).options(*loaded())
    found = session.scalars(query).first()
    if found is None or not can_see(actor, found):
        raise NotFound
    return found


def intention_with_id(session: Session, intention_id: int) -> Intention | None:
    """The intention with this number, for jobs and listeners."""
    query = sa.select(Intention).where(Intention.id == intention_id).options(*loaded())
    return session.scalars(query).first()


def intentions_of(
    session: Session, actor: Actor, project_id: int, limit: int = 100
) -> Sequence[Intention]:
    """Those of a project that the actor may see: what waits first, then the newest."""
    query = sa.select(Intention).where(Intention.project_id == project_id, visible_to(actor))
    return _listed(session, query, limit)


def own_intentions(session: Session, actor: Actor, limit: int = 100) -> Sequence[Intention]:
    """What the actor's organisations have declared."""
    own = sorted(actor.organisation_ids)
    return _listed(session, sa.select(Intention).where(Intention.organisation_id.in_(own)), limit)


def to_answer(session: Session, actor: Actor, limit: int = 100) -> Sequence[Intention]:
    """What waits for an answer in the projects that the actor leads or looks after."""
    query = sa.select(Intention).where(
        visible_to(actor),
        Intention.organisation_id.not_in(sorted(actor.organisation_ids)),
        Intention.state.in_(OPEN_STATES),
    )
    return _listed(session, query, limit)


def count_to_answer(session: Session, actor: Actor, project_id: int) -> int:
    """How many of a project wait for an answer that the actor may see."""
    query = sa.select(sa.func.count(Intention.id)).where(
        Intention.project_id == project_id, visible_to(actor), Intention.state.in_(OPEN_STATES)
    )
    return session.scalar(query) or 0


def has_own(session: Session, actor: Actor, project_id: int) -> Intention | None:
    """The newest live intention of the actor's organisations on a project."""
    query = (
        sa.select(Intention)
        .where(
            Intention.project_id == project_id,
            Intention.organisation_id.in_(sorted(actor.organisation_ids)),
            Intention.state.in_(LIVE_STATES),
        )
        .order_by(Intention.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def _listed(session: Session, query: sa.Select[Intention], limit: int) -> Sequence[Intention]:
    waiting = sa.case((Intention.state.in_(OPEN_STATES), 0), else_=1)
    ordered = query.options(*loaded()).order_by(waiting, Intention.id.desc()).limit(limit)
    return session.scalars(ordered).unique().all()


def messages_of(session: Session, intention_id: int) -> Sequence[IntentionMessage]:
    """What was written, the oldest first; the newest hundred."""
    query = (
        sa.select(IntentionMessage)
        .where(IntentionMessage.intention_id == intention_id)
        .options(joinedload(IntentionMessage.author))
        .order_by(IntentionMessage.id.desc())
        .limit(MESSAGES_SHOWN)
    )
    return session.scalars(query).all()[::-1]


def open_needs(session: Session, actor: Actor, project_id: int) -> list[Listing]:
    """The project's needs that are open and that the actor may read, as they were added."""
    needs = needs_of(session, [project_id]).get(project_id, [])
    return [
        need
        for need in readable_needs(actor, needs)
        if need.state in OPEN_LISTING and need.held_at is None
    ]


@dataclass(frozen=True)
class Wanted:
    """One kind of cooperation that a published project wishes for."""

    project_id: int
    project_public_id: str
    project_title: str
    organisation_id: int
    kind: IntentionKind
    words: str


def wanted_of(session: Session, project_id: int) -> Sequence[WantedIntention]:
    """What a project wishes for, in its order."""
    query = sa.select(WantedIntention).where(WantedIntention.project_id == project_id)
    return session.scalars(query.order_by(WantedIntention.position)).all()


def wanted_in(session: Session, places: Iterable[str], limit: int) -> list[Wanted]:
    """What public, living projects in these divisions wish for, the newest projects first.

    ``places`` are division prefixes; CN is the whole country. For the bulletin: nothing of a
    project that is held back or not for everybody.
    """
    prefixes = sorted(set(places))
    inside: sa.ColumnElement[bool] = sa.or_(
        sa.false(),
        *(ProjectDivision.division_code.startswith(one, autoescape=True) for one in prefixes),
    )
    if WHOLE_COUNTRY in prefixes:
        inside = sa.true()
    query = (
        sa.select(WantedIntention, Project)
        .join(Project, Project.id == WantedIntention.project_id)
        .where(
            Project.publication == Publication.PUBLISHED,
            Project.visibility == Visibility.PUBLIC,
            Project.held_at.is_(None),
            Project.stage.in_(LIVE_STAGES),
            sa.exists().where(ProjectDivision.project_id == Project.id, inside),
        )
        .order_by(Project.published_at.desc(), Project.id.desc(), WantedIntention.position)
        .limit(limit)
    )
    return [
        Wanted(
            project.id, project.public_id, project.title, project.organisation_id,
            wanted.kind, wanted.words,
        )
        for wanted, project in session.execute(query)
    ]  # fmt: skip


def unanswered_of(session: Session, project_ids: Iterable[int]) -> Sequence[int]:
    """Ids of what nobody has answered in these projects, for jobs and listeners."""
    query = sa.select(Intention.id).where(
        Intention.project_id.in_(sorted(project_ids)), Intention.state.in_(OPEN_STATES)
    )
    return session.scalars(query.order_by(Intention.id)).all()

