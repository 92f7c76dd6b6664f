"""Who keeps the book of a project, and who may look at the documents themselves.

Who may see the project sees the book, without names and with copies on which they are covered.
A role counts only while its holder belongs to the project.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from exchange.accounts.models import Organisation
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Visibility
from exchange.projects.kinds import Publication
from exchange.projects.ledger.kinds import LedgerRole
from exchange.projects.ledger.models import RoleHolder
from exchange.projects.models import Project
from exchange.projects.permissions import in_reach_of_broker, is_inside


@dataclass(frozen=True)
class Rights:
    """What an actor may do with a book. ``documents``: look at originals, leaving a trace."""

    record: bool = False
    approve: bool = False
    manage: bool = False
    documents: bool = False


def rights_of(actor: Actor, project: Project, holders: Iterable[RoleHolder]) -> Rights:
    """What the actor may do; ``holders`` are those in office."""
    own = {one.role for one in holders if one.person_id == actor.person_id}
    takes_part = is_inside(actor, project) or is_worker(actor, project)
    return Rights(
        record=takes_part and LedgerRole.TREASURER in own,
        approve=takes_part and LedgerRole.APPROVER in own,
        manage=may_name(actor, project),
        documents=sees_documents(actor, project),
    )


def may_name(actor: Actor, project: Project) -> bool:
    """Who names treasurers and approvers, sets the sum, and links campaigns: the lead's managers.
    """
    return actor.is_system or project.organisation_id in actor.manages


def is_worker(actor: Actor, project: Project) -> bool:
    """Whether the actor is the social worker of the project, in person."""
    return project.worker_id is not None and project.worker_id == actor.person_id


def sees_documents(actor: Actor, project: Project) -> bool:
    """The people of the project, its social worker, and the brokers whose divisions it touches."""
    if actor.is_system or is_inside(actor, project) or is_worker(actor, project):
        return True
    return project.publication is not Publication.DRAFT and in_reach_of_broker(actor, project)


def has_book(project: Project) -> bool:
    """Whether there may be entries: from the first publication on, to the end and beyond."""
    return project.published_at is not None


def is_for_everybody(project: Project) -> bool:
    """Whether its book was before everybody and nobody holds it: true also while its own page is
    not shown, such as when the station looks at other words of it.
    """
    return (
        has_book(project)
        and project.held_at is None
        and project.visibility is Visibility.PUBLIC
    )


def organisations_of(project: Project) -> tuple[Organisation, ...]:
    """The leading organisation and the partners that agreed."""
    partners = (row.organisation for row in project.partners)
    return (project.organisation, *(one for one in partners if one.id in project.partner_ids))
