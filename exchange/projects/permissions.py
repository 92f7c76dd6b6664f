"""Who may see a project and who works on it; seeing stands in three forms held together by a test.

The people of the leading organisation and of partners that agreed stand inside. A broker sees
what happens in, or reaches into, the divisions that their service point serves, but no draft; the
social worker who has written a draft for its organisation sees that one. Drafts are not indexed.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.actor import WHOLE_COUNTRY, Actor, ancestors, overlaps
from exchange.listings.kinds import Visibility
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see as can_see_listing
from exchange.listings.permissions import details_shown_to, sees_details, sees_owner
from exchange.listings.permissions import visible_to as listing_visible_to
from exchange.projects.kinds import PartnerState, Publication
from exchange.projects.models import Project, ProjectDivision, ProjectPartner


def is_inside(actor: Actor, project: Project) -> bool:
    """Whether the actor belongs to an organisation that takes part."""
    return actor.belongs_to(project.organisation_id) or bool(
        actor.organisation_ids & project.partner_ids
    )


def can_see(actor: Actor, project: Project) -> bool:
    """Whether the actor may know that the project exists."""
    if actor.is_system or is_inside(actor, project):
        return True
    if project.publication is Publication.DRAFT and actor.acts_for(project.worker_id):
        return True
    if project.publication is not Publication.DRAFT and in_reach_of_broker(actor, project):
        return True
    if project.held_at is not None or project.publication is not Publication.PUBLISHED:
        return False
    if project.visibility is Visibility.PUBLIC:
        return True
    return project.visibility is Visibility.VERIFIED and actor.organisation_verified


def in_reach_of_broker(actor: Actor, project: Project) -> bool:
    """Whether a place of the project shares any ground with what the actor serves."""
    return any(overlaps(served, place) for served in actor.serves for place in project.places)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """``can_see`` as a condition on Project."""
    if actor.is_system:
        return sa.true()
    levels = [Visibility.PUBLIC, *([Visibility.VERIFIED] if actor.organisation_verified else [])]
    ways: list[ColumnElement[bool]] = [
        sa.and_(
            Project.held_at.is_(None),
            Project.publication == Publication.PUBLISHED,
            Project.visibility.in_(levels),
        )
    ]
    if actor.organisation_ids:
        own = sorted(actor.organisation_ids)
        ways.append(Project.organisation_id.in_(own))
        ways.append(
            sa.exists().where(
                ProjectPartner.project_id == Project.id,
                ProjectPartner.organisation_id.in_(own),
                ProjectPartner.state == PartnerState.ACCEPTED,
            )
        )
    if actor.hands:
        written = Project.worker_id.in_(actor.hands)
        ways.append(sa.and_(Project.publication == Publication.DRAFT, written))
    if actor.serves:
        ways.append(sa.and_(Project.publication != Publication.DRAFT, reached_by(actor.serves)))
    return sa.or_(*ways)


def reached_by(serves: tuple[str, ...]) -> ColumnElement[bool]:
    """``in_reach_of_broker`` as a condition on Project; ``serves`` is not empty."""
    column = ProjectDivision.division_code
    if WHOLE_COUNTRY in serves:
        shared: ColumnElement[bool] = sa.true()
    else:
        above = sorted({code for served in serves for code in ancestors(served)})
        below = [column.startswith(served, autoescape=True) for served in serves]
        shared = sa.or_(column.in_(above), *below)
    return sa.exists().where(ProjectDivision.project_id == Project.id, shared)


def audience_of(project: Project) -> frozenset[str]:
    """The tokens of those who may see it in the search index; see ``listings.permissions``."""
    tokens = {f"org:{one}" for one in (project.organisation_id, *project.partner_ids)}
    if project.publication is not Publication.DRAFT:
        for place in project.places:
            tokens.add(f"reach:{place}")
            tokens.update(f"under:{code}" for code in ancestors(place))
    if project.held_at is None and project.publication is Publication.PUBLISHED:
        if project.visibility is Visibility.PUBLIC:
            tokens.add("all")
        if project.visibility in (Visibility.PUBLIC, Visibility.VERIFIED):
            tokens.add("verified")
    return frozenset(tokens)


def readable_needs(actor: Actor, needs: Sequence[Listing]) -> list[Listing]:
    """Those read in full: beside the project it would be plain whose and where the others are."""
    return [
        need for need in needs
        if can_see_listing(actor, need) and sees_details(actor, need) and sees_owner(actor, need)
    ]  # fmt: skip


def need_readable_by(actor: Actor) -> ColumnElement[bool]:
    """``readable_needs`` as a condition on Listing: who reads all details is told the owner too."""
    return sa.and_(listing_visible_to(actor), details_shown_to(actor))


def may_manage(actor: Actor, project: Project) -> bool:
    """Who changes what a project says: the people of the leading organisation, and its worker."""
    if actor.is_system or actor.belongs_to(project.organisation_id):
        return True
    return project.worker_id is not None and actor.acts_for(project.worker_id)


def may_report(actor: Actor, project: Project) -> bool:
    """Who posts its news: everybody inside, and its social worker."""
    return may_manage(actor, project) or is_inside(actor, project)


def may_review(actor: Actor, project: Project) -> bool:
    """A broker who serves one of its places, but never for their own organisation's."""
    if is_inside(actor, project):
        return False
    return any(actor.serves_division(place) for place in project.places)


def may_supervise(actor: Actor, project: Project) -> bool:
    """A supervisor of one of its places: chooses its social worker, holds it back."""
    return any(actor.supervises_division(place) for place in project.places)
