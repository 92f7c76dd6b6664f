"""Needs that are posted for a project: they come in as soon as they are posted."""

from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.models import Listing
from exchange.listings.posting.purposes import Purpose, PurposeKind
from exchange.projects.models import Project
from exchange.projects.needs import add_needs
from exchange.projects.queries import seen_project
from exchange.web.sentences import sentence

PARAMETER = "project"


def _read(session: Session, actor: Actor, public_id: str) -> Purpose | None:
    """For those who take part: the need would be theirs."""
    project = _own(session, actor, public_id)
    if project is None:
        return None
    first = next(iter(project.places), "")
    kept = {"division": first, "beneficiaries": list(project.beneficiaries)}
    url = f"/projects/{project.public_id}/needs"
    return Purpose(sentence("project_posting_for"), project.title, url, kept)


def _take(act: Act, need: Listing, public_id: str) -> str | None:
    """Put a posted need in; it is posted in any case."""
    try:
        project = seen_project(act.session, act.actor, public_id)
        with act.session.begin_nested():
            add_needs(act, project, [need])
    except (Conflict, Invalid, NotFound, Forbidden):
        return "project_gone"
    return None


def _own(session: Session, actor: Actor, public_id: str) -> Project | None:
    try:
        project = seen_project(session, actor, public_id)
    except NotFound:
        return None
    owners = {project.organisation_id, *project.partner_ids}
    return project if actor.organisation_id in owners else None


FOR_A_PROJECT = PurposeKind(PARAMETER, _read, _take)
