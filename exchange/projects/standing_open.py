"""What keeps a project before people once it has begun: a later subject says that it does.

A project whose book has an entry is not taken back and not narrowed by its own people, or they
could hide what became of the money. A supervisor can still hold it.
"""

from collections.abc import Callable
from typing import cast

from sqlalchemy.orm import Session

from exchange.kernel.act import Act, House
from exchange.kernel.errors import Conflict, Invalid
from exchange.listings.kinds import Visibility
from exchange.listings.rules import widens
from exchange.projects.models import Project

REASONS = "projects.standing_open"
CODE = "project_has_accounts"
Reason = Callable[[Session, int], bool]


def add_reason(house: House, reason: Reason) -> None:
    """Let a later subject say which projects stay open; it is asked with the project's number."""
    house.resources.setdefault(REASONS, []).append(reason)


def must_stand(house: House, session: Session, project: Project) -> bool:
    """Whether anything of it has to stay readable."""
    reasons = cast("list[Reason]", house.resources.get(REASONS, []))
    return any(reason(session, project.id) for reason in reasons)


def refuse_taking_back(act: Act, project: Project) -> None:
    """Raises Conflict where something of it has to stay readable."""
    if must_stand(act.house, act.session, project):
        raise Conflict(CODE)


def refuse_narrowing(act: Act, project: Project, wanted: Visibility) -> None:
    """Raises Invalid where fewer people would read what has to stay readable."""
    narrower = widens(wanted, project.visibility)
    if narrower and must_stand(act.house, act.session, project):
        raise Invalid("project_invalid", fields={"visibility": [CODE]})
