"""The needs a project is made of: put in and taken out. No need itself is changed by it."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Conflict, Forbidden
from exchange.listings.kinds import Side, State
from exchange.listings.models import Listing
from exchange.listings.permissions import visible_to
from exchange.listings.queries import loaded
from exchange.listings.undertakings.permissions import may_group
from exchange.listings.undertakings.rules import JOINABLE
from exchange.projects.bundling import keep_in_step
from exchange.projects.changing import touched
from exchange.projects.locking import lock_project
from exchange.projects.models import Project, ProjectNeed
from exchange.projects.permissions import is_inside, may_manage
from exchange.projects.rules import MOST_NEEDS

MOST_CHOICES = 60
MET_OR_JOINABLE = (*JOINABLE, State.FULFILLED)


def add_needs(
    act: Act, project: Project, needs: Sequence[Listing], met: Collection[int] = ()
) -> None:
    """Make needs parts of the project; what is a part already stays one.

    ``met``: ids of those that may be met already, by the match it is made from. The needs are the
    leading organisation's or a partner's that said yes. The caller has made sure that the actor may
    see them. Raises Forbidden or Conflict.
    """
    if not may_add_needs(act.actor, project):
        raise Forbidden("project_not_yours")
    lock_project(act, project)
    ids = sorted({need.id for need in needs})
    here = set(act.session.scalars(_ids_in(project)))
    fresh = [key for key in ids if key not in here]
    if not fresh:
        return
    _check(act, project, fresh, met)
    if len(here) + len(fresh) > MOST_NEEDS:
        raise Conflict("project_needs_full", most=MOST_NEEDS)
    act.session.add_all(
        ProjectNeed(listing_id=key, project_id=project.id, added_at=act.now) for key in fresh
    )
    try:
        act.session.flush()
    except IntegrityError as error:  # two at once
        raise Conflict("project_need_taken") from error
    keep_in_step(act, project)
    touched(act, project)


def remove_need(act: Act, project: Project, need: Listing) -> None:
    """Let a need stand on its own again; nothing where it is no part. Raises Forbidden."""
    own = act.actor.belongs_to(need.organisation_id)
    if not (may_manage(act.actor, project) or own):
        raise Forbidden("project_not_yours")
    lock_project(act, project)
    gone = act.session.execute(
        sa.delete(ProjectNeed).where(
            ProjectNeed.listing_id == need.id, ProjectNeed.project_id == project.id
        )
    )
    if gone.rowcount:  # type: ignore[attr-defined]  # a delete gives a cursor's result
        keep_in_step(act, project)
        touched(act, project)


def may_add_needs(actor: Actor, project: Project) -> bool:
    """Its people, its worker, and the people of partners that said yes: each their own needs."""
    return may_manage(actor, project) or is_inside(actor, project)


def free_needs(session: Session, actor: Actor, project: Project) -> list[Listing]:
    """What the actor may put in: open needs of those who take part, the newest first."""
    owners = sorted({project.organisation_id, *project.partner_ids})
    taken = sa.exists().where(ProjectNeed.listing_id == Listing.id)
    query = (
        sa.select(Listing)
        .where(
            Listing.organisation_id.in_(owners),
            Listing.side == Side.NEED,
            Listing.state.in_(JOINABLE),
            sa.not_(taken),
            visible_to(actor),
        )
        .options(*loaded())
        .order_by(Listing.id.desc())
        .limit(MOST_CHOICES)
    )
    return [need for need in session.scalars(query) if may_group(actor, [need])]


def project_of_need(session: Session, listing_id: int) -> Project | None:
    """The project that a need is a part of, without asking who looks."""
    query = (
        sa.select(Project)
        .join(ProjectNeed, ProjectNeed.project_id == Project.id)
        .where(ProjectNeed.listing_id == listing_id)
    )
    return session.scalars(query).first()


def _check(act: Act, project: Project, ids: Sequence[int], met: Collection[int]) -> None:
    # In the order of ids, as everybody locks listings.
    query = sa.select(Listing).where(Listing.id.in_(ids)).order_by(Listing.id)
    locked = act.session.scalars(
        query.with_for_update(of=Listing).execution_options(populate_existing=True)
    ).all()
    owners = {project.organisation_id, *project.partner_ids}
    for need in locked:
        if need.side is not Side.NEED:
            raise Conflict("undertaking_only_needs")
        if need.state not in (MET_OR_JOINABLE if need.id in met else JOINABLE):
            raise Conflict("undertaking_need_closed")
        if need.organisation_id not in owners:
            raise Conflict("project_need_elsewhere")
        if not may_group(act.actor, [need]):
            raise Forbidden("project_not_yours")
    taken = sa.select(ProjectNeed.listing_id).where(ProjectNeed.listing_id.in_(ids))
    if act.session.scalars(taken).first() is not None:
        raise Conflict("project_need_taken")


def _ids_in(project: Project) -> sa.Select[int]:
    return sa.select(ProjectNeed.listing_id).where(ProjectNeed.project_id == project.id)
