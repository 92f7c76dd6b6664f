"""Reading projects."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.listings.models import Listing
from exchange.listings.queries import loaded as loaded_listing
from exchange.projects.models import Project, ProjectNeed, ProjectPartner
from exchange.projects.permissions import can_see


def loaded() -> tuple[ORMOption, ...]:
    """What every reader of a project needs, in as many queries for many projects as for one."""
    return (
        joinedload(Project.organisation, innerjoin=True),
        joinedload(Project.worker),
        selectinload(Project.divisions),
        selectinload(Project.partners).joinedload(ProjectPartner.organisation, innerjoin=True),
        selectinload(Project.milestones),
        selectinload(Project.budget),
    )


def seen_project(session: Session, actor: Actor, public_id: str) -> Project:
    """The project with this public id. Raises NotFound when the actor may not know of it."""
    found = project_called(session, public_id)
    if found is None or not can_see(actor, found):
        raise NotFound
    return found


def project_called(session: Session, public_id: str) -> Project | None:
    """The project with this public id; whoever asks decides who may know of it."""
    return _one(session, Project.public_id == public_id) if public_id.isalnum() else None


def project_with_id(session: Session, project_id: int) -> Project | None:
    """The project with this number, for jobs and listeners."""
    return _one(session, Project.id == project_id)


def _one(session: Session, condition: Any) -> Project | None:
    return session.scalars(sa.select(Project).where(condition).options(*loaded())).first()


def needs_of(session: Session, project_ids: Iterable[int]) -> dict[int, list[Listing]]:
    """The needs of these projects with their owners, as they were added; for whoever asks.

    Which of them a reader may see is decided by the permissions of listings.
    """
    query = (
        sa.select(ProjectNeed.project_id, Listing)
        .join(Listing, Listing.id == ProjectNeed.listing_id)
        .where(ProjectNeed.project_id.in_(sorted(project_ids)))
        .options(*loaded_listing())
        .order_by(ProjectNeed.added_at, ProjectNeed.listing_id)
    )
    found: dict[int, list[Listing]] = defaultdict(list)
    for project_id, listing in session.execute(query).unique():
        found[project_id].append(listing)
    return found
