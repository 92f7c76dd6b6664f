"""Who is told of what happens to a project, and what follows its undertaking."""

from collections.abc import Iterable

import sqlalchemy as sa

from exchange.accounts.models import Organisation
from exchange.accounts.queries import both_names, brokers_serving, concerned, managers_of
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.listings.undertakings.events import NeedGrouped, NeedUngrouped
from exchange.notifications.service import notify
from exchange.projects import events
from exchange.projects.kinds import PartnerState
from exchange.projects.models import Project, ProjectNeed
from exchange.projects.partnering import partner_row
from exchange.projects.queries import project_with_id


def register(bus: EventBus) -> None:
    """Listen to what somebody else should hear of."""
    bus.listen(events.ProjectMade, _made)
    bus.listen(events.ProjectSubmitted, _submitted)
    bus.listen(events.ProjectPublished, _published)
    bus.listen(events.ProjectReturned, _returned)
    bus.listen(events.ProjectHeld, _held)
    bus.listen(events.ProjectWithdrawn, _withdrawn)
    bus.listen(events.ProjectStaged, _staged)
    bus.listen(events.PartnerInvited, _invited)
    bus.listen(events.PartnerAnswered, _answered)
    bus.listen(events.PartnerLeft, _left)
    bus.listen(NeedGrouped, _grouped)
    bus.listen(NeedUngrouped, _ungrouped)


def own_people(act: Act, project: Project) -> set[int]:
    """Who is told of a project: the leader's managers, and whoever began it while a member."""
    return concerned(act.session, project.organisation_id, project.author_id)


def others_inside(act: Act, project: Project) -> set[int]:
    """The managers of partners that said yes, and the social worker."""
    found = {one for key in project.partner_ids for one in managers_of(act.session, key)}
    return found | ({project.worker_id} if project.worker_id else set())


def _project(act: Act, event: events.ProjectEvent) -> Project:
    found = project_with_id(act.session, event.project_id)
    if found is None:
        raise LookupError(f"project {event.project_id} is gone")
    return found


def _tell(
    act: Act, project: Project, people: Iterable[int], code: str, where: str = "", **values: object
) -> None:
    path = f"/projects/{project.public_id}{where}"
    notify(act, people, code, {"title": project.title, **values}, path)


def _made(act: Act, event: events.ProjectMade) -> None:
    project = _project(act, event)
    if not act.actor.is_system and not act.actor.belongs_to(event.owner_id):
        _tell(act, project, managers_of(act.session, event.owner_id), "project_written")


def _submitted(act: Act, event: events.ProjectSubmitted) -> None:
    """Those who may review it; each version once."""
    project = _project(act, event)
    people = {one for place in project.places for one in brokers_serving(act.session, place)}
    key = f"project-review:{project.id}:{project.version}"
    title, path = {"title": project.title}, f"/projects/{project.public_id}"
    notify(act, people, "project_submitted", title, path, dedupe_key=key)


def _published(act: Act, event: events.ProjectPublished) -> None:
    project = _project(act, event)
    _tell(act, project, own_people(act, project), "project_published")


def _returned(act: Act, event: events.ProjectReturned) -> None:
    project = _project(act, event)
    _tell(act, project, own_people(act, project), "project_returned")


def _held(act: Act, event: events.ProjectHeld) -> None:
    if event.by_case:
        return
    project = _project(act, event)
    code = "project_held" if project.held_at is not None else "project_shown_again"
    _tell(act, project, own_people(act, project), code)


def _withdrawn(act: Act, event: events.ProjectWithdrawn) -> None:
    project = _project(act, event)
    _tell(act, project, others_inside(act, project), "project_withdrawn")


def _staged(act: Act, event: events.ProjectStaged) -> None:
    project = _project(act, event)
    people = own_people(act, project) | others_inside(act, project)
    _tell(act, project, people, "project_staged")


def _invited(act: Act, event: events.PartnerInvited) -> None:
    project = _project(act, event)
    people = managers_of(act.session, event.partner_id)
    owner = both_names(project.organisation)
    _tell(act, project, people, "project_partner_invited", "/invitation", owner=owner)


def _answered(act: Act, event: events.PartnerAnswered) -> None:
    project = _project(act, event)
    row = partner_row(project, event.partner_id)
    yes = row is not None and row.state is PartnerState.ACCEPTED
    code = "project_partner_accepted" if yes else "project_partner_declined"
    partner = both_names(act.session.get_one(Organisation, event.partner_id))
    _tell(act, project, own_people(act, project), code, partner=partner)


def _left(act: Act, event: events.PartnerLeft) -> None:
    """Both sides: whoever did it knows already."""
    project = _project(act, event)
    partner = both_names(act.session.get_one(Organisation, event.partner_id))
    people = own_people(act, project) | set(managers_of(act.session, event.partner_id))
    _tell(act, project, people, "project_partner_left", partner=partner)


def _grouped(act: Act, event: NeedGrouped) -> None:
    """What is put into a project's undertaking becomes part of the project."""
    project_id = act.session.scalar(
        sa.select(Project.id).where(Project.undertaking_id == event.undertaking_id)
    )
    if project_id is None or act.session.get(ProjectNeed, event.listing_id) is not None:
        return
    act.session.add(
        ProjectNeed(listing_id=event.listing_id, project_id=project_id, added_at=act.now)
    )
    act.session.flush()


def _ungrouped(act: Act, event: NeedUngrouped) -> None:
    """What is taken out there goes out here."""
    of_it = sa.select(Project.id).where(Project.undertaking_id == event.undertaking_id)
    act.session.execute(
        sa.delete(ProjectNeed).where(
            ProjectNeed.listing_id == event.listing_id, ProjectNeed.project_id.in_(of_it)
        )
    )
