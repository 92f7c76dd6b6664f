"""Who may know of an intention, in two forms that a test holds together, and who answers it.

Never public: its own organisation, the people of the leading organisation, the project's social
worker and the brokers who serve one of its places.
"""

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.projects.intentions.kinds import Party, Step
from exchange.projects.intentions.models import Intention
from exchange.projects.intentions.rules import may_take
from exchange.projects.models import Project, ProjectDivision


def brokers_it(actor: Actor, project: Project) -> bool:
    """Whether the actor is the project's social worker, or serves one of its places."""
    if project.worker_id is not None and actor.acts_for(project.worker_id):
        return True
    return any(actor.serves_division(place) for place in project.places)


def may_read_all(actor: Actor, project: Project) -> bool:
    """Whether the actor reads all intentions of the project."""
    if actor.is_system or actor.belongs_to(project.organisation_id):
        return True
    return brokers_it(actor, project)


def parties_of(actor: Actor, intention: Intention) -> frozenset[Party]:
    """How the actor stands to it; empty for strangers. Who declares does not answer."""
    if actor.is_system:
        return frozenset({Party.SYSTEM})
    if actor.belongs_to(intention.organisation_id):
        return frozenset({Party.DECLARER})
    parties: set[Party] = set()
    if actor.belongs_to(intention.project.organisation_id):
        parties.add(Party.PROJECT)
    if brokers_it(actor, intention.project):
        parties.add(Party.WORKER)
    return frozenset(parties)


def can_see(actor: Actor, intention: Intention) -> bool:
    """Whether the actor may know that the intention exists."""
    return bool(parties_of(actor, intention))


def may(actor: Actor, intention: Intention, step: Step) -> bool:
    """Whether the actor may take a step now."""
    return bool(may_take(step, intention.state, parties_of(actor, intention)))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """``can_see`` as a condition on Intention."""
    if actor.is_system:
        return sa.true()
    own = sorted(actor.organisation_ids)
    ways: list[ColumnElement[bool]] = [Intention.organisation_id.in_(own)]
    projects: list[ColumnElement[bool]] = [Project.organisation_id.in_(own)]
    if actor.hands:
        projects.append(Project.worker_id.in_(actor.hands))
    if actor.serves:
        projects.append(_placed_in(actor.serves))
    led = sa.exists().where(Project.id == Intention.project_id, sa.or_(*projects))
    return sa.or_(*ways, led)


def _placed_in(serves: tuple[str, ...]) -> ColumnElement[bool]:
    inside: list[ColumnElement[bool]] = [
        ProjectDivision.division_code.startswith(served, autoescape=True)
        for served in serves
        if served != WHOLE_COUNTRY
    ]
    if WHOLE_COUNTRY in serves:
        inside = [sa.true()]
    return sa.exists().where(ProjectDivision.project_id == Project.id, sa.or_(*inside))
