"""Who announces a roadshow or visit, and who reads who comes.

It is seen by whoever may see the project. Who comes is read by the project's people and the
brokers; everybody else reads how many seats are left. The link is for those who have a seat.
"""

from exchange.kernel.actor import Actor
from exchange.projects.kinds import LIVE_STAGES, Publication
from exchange.projects.models import Project
from exchange.projects.permissions import may_report
from exchange.projects.visits.kinds import SignUpState
from exchange.projects.visits.models import Visit


def may_run(actor: Actor, project: Project) -> bool:
    """The project's people, its social worker, and the brokers who serve one of its places."""
    return may_report(actor, project) or any(
        actor.serves_division(place) for place in project.places
    )


def takes_visits(project: Project) -> bool:
    """Whether one may be announced: the project lives and stands before others."""
    published = project.publication is Publication.PUBLISHED
    return published and project.held_at is None and project.stage in LIVE_STAGES


def sees_link(actor: Actor, visit: Visit) -> bool:
    """Who runs it, and whose organisation has a seat."""
    return may_run(actor, visit.project) or any(
        row.state is SignUpState.SIGNED and actor.belongs_to(row.organisation_id)
        for row in visit.sign_ups
    )
