"""A book that was before everybody stays there, also while the project's own page does not.

Other words of a project go before the station again and its page is gone meanwhile; what was booked
is read on, by the same address. Only a hold takes it away.
"""

from sqlalchemy.orm import Session

from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.projects.ledger.permissions import is_for_everybody
from exchange.projects.ledger.queries import has_entries
from exchange.projects.models import Project
from exchange.projects.permissions import can_see
from exchange.projects.queries import project_called


def seen_book(session: Session, actor: Actor, public_id: str) -> Project:
    """The project whose book the actor may read. Raises NotFound."""
    found = project_called(session, public_id)
    if found is None or not may_read_book(session, actor, found):
        raise NotFound
    return found


def may_read_book(session: Session, actor: Actor, project: Project) -> bool:
    """Whether the actor may read what was booked."""
    if can_see(actor, project):
        return True
    return is_for_everybody(project) and has_entries(session, project.id)
