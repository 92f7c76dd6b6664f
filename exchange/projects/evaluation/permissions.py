"""Who evaluates: the project's people, its social worker, the supervisors; villagers by link."""

from exchange.kernel.actor import Actor
from exchange.projects.models import Project
from exchange.projects.permissions import is_inside, may_manage, may_review, may_supervise


def looks_after(actor: Actor, project: Project) -> bool:
    """The project's social worker, or the brokers of its places where it has none, and the
    supervisors: they read villagers' words and enter paper. Nobody does for their own project.
    """
    if actor.is_system:
        return True
    if is_inside(actor, project):
        return False
    if may_supervise(actor, project):
        return True
    if project.worker_id is not None:
        return actor.acts_for(project.worker_id)
    return may_review(actor, project)


def may_follow(actor: Actor, project: Project) -> bool:
    """Who sees more of it than everybody: those inside, and those who look after it."""
    return actor.is_system or is_inside(actor, project) or looks_after(actor, project)


def may_schedule(actor: Actor, project: Project) -> bool:
    """Who sets when it is looked at: the leading organisation, and those who look after it."""
    return may_manage(actor, project) or looks_after(actor, project)


def may_account(actor: Actor, project: Project) -> bool:
    """Who says what was reached: the leading organisation's people, and the project's worker."""
    return may_manage(actor, project)


def side_of(actor: Actor, project: Project) -> int | None:
    """The organisation for which the actor speaks: the one they act for, else their only one."""
    sides = {project.organisation_id, *project.partner_ids} & actor.organisation_ids
    if actor.organisation_id in sides:
        return actor.organisation_id
    return next(iter(sides)) if len(sides) == 1 else None
