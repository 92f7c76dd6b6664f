"""Who reads news, and who changes them. Whoever sees a project reads its news."""

from exchange.kernel.actor import Actor
from exchange.projects.models import Project, ProjectUpdate
from exchange.projects.permissions import can_see, may_manage


def may_read(actor: Actor, update: ProjectUpdate) -> bool:
    """Whether the actor may know of it; what was withdrawn is seen by nobody any more."""
    return update.withdrawn_at is None and can_see(actor, update.project)


def may_change(actor: Actor, update: ProjectUpdate) -> bool:
    """The people of the organisation that posted it, and those who manage the project."""
    return actor.belongs_to(update.organisation_id) or may_manage(actor, update.project)


def speaks_for(actor: Actor, project: Project) -> int:
    """The organisation for which the actor posts: one that takes part, where they are in one."""
    inside = (project.organisation_id, *sorted(project.partner_ids))
    if actor.organisation_id in inside:
        return int(actor.organisation_id or 0)
    own = [one for one in inside if actor.belongs_to(one)]
    return own[0] if own else actor.organisation_id or project.organisation_id
