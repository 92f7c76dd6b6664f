"""Who is told of what happens to a roadshow or visit."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from exchange.accounts.closing.events import AccountClosed
from exchange.accounts.models import Organisation
from exchange.accounts.queries import concerned, organisation_label
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.events import EventBus
from exchange.notifications.service import notify
from exchange.projects.events import ProjectEvent, ProjectStaged, ProjectWithdrawn
from exchange.projects.indexing import listen_to_projects
from exchange.projects.kinds import ENDED_STAGES
from exchange.projects.models import Project
from exchange.projects.visits import events
from exchange.projects.visits.announcing import locked_visit
from exchange.projects.visits.jobs import index_visits
from exchange.projects.visits.kinds import SignUpState, VisitState
from exchange.projects.visits.models import Visit, VisitSignUp
from exchange.projects.visits.queries import visit_with_id
from exchange.projects.visits.seats import fill_seats
from exchange.projects.visits.signing_up import take_out
from exchange.web.dates import day_text

LANGUAGES = ("zh", "en")
COMING = (SignUpState.SIGNED, SignUpState.WAITING)


def register(bus: EventBus) -> None:
    """Listen."""
    bus.listen(events.VisitChanged, _changed)
    bus.listen(events.VisitCancelled, _cancelled)
    bus.listen(events.VisitComesNear, _near)
    bus.listen(events.VisitSignedUp, _signed)
    bus.listen(events.VisitLeft, _left)
    bus.listen(events.VisitMovedUp, _moved_up)
    bus.listen(ProjectStaged, _staged)
    bus.listen(ProjectWithdrawn, _withdrawn)
    bus.listen(AccountClosed, _account_closed)
    listen_to_projects(bus, _index_with_project)


def when_text(act: Act, moment: datetime) -> dict[str, str]:
    """Day and time by language, as notices carry them."""
    zone = act.house.settings.time_zone
    clock = f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"
    day = civil_date(moment, zone)
    return {one: f"{day_text(day, act.today, one)} {clock}" for one in LANGUAGES}


def _visit(act: Act, event: events.VisitEvent) -> Visit:
    found = visit_with_id(act.session, event.visit_id)
    assert found is not None  # noqa: S101 - its own event tells of it
    return found


def _comers(act: Act, visit: Visit, states: Iterable[SignUpState] = COMING) -> set[int]:
    people: set[int] = set()
    for row in visit.sign_ups:
        if row.state in states:
            people |= concerned(act.session, row.organisation_id, row.person_id)
    return people


def _hosts(act: Act, visit: Visit) -> set[int]:
    people = concerned(act.session, visit.project.organisation_id, visit.author_id)
    return people | ({visit.author_id} if visit.author_id is not None else set())


def _tell(act: Act, visit: Visit, people: set[int], code: str, **more: Any) -> None:
    values = {"title": visit.title, "when": when_text(act, visit.starts_at), **more}
    notify(act, people, code, values, f"/visits/{visit.public_id}")


def _changed(act: Act, event: events.VisitChanged) -> None:
    if event.matters:
        visit = _visit(act, event)
        _tell(act, visit, _comers(act, visit), "visit_changed")


def _cancelled(act: Act, event: events.VisitCancelled) -> None:
    visit = _visit(act, event)
    people = _comers(act, visit) | _hosts(act, visit)
    if visit.cancel_reason:
        _tell(act, visit, people, "visit_cancelled", reason=visit.cancel_reason)
    else:
        _tell(act, visit, people, "visit_off_with_project")


def _near(act: Act, event: events.VisitComesNear) -> None:
    visit = _visit(act, event)
    comers = _comers(act, visit, (SignUpState.SIGNED,))
    _tell(act, visit, comers, "visit_tomorrow")
    _tell(act, visit, _hosts(act, visit) - comers, "visit_tomorrow_own", count=visit.taken)


def _signed(act: Act, event: events.VisitSignedUp) -> None:
    visit = _visit(act, event)
    code = "visit_waits" if event.waits else "visit_signed"
    _tell(act, visit, _hosts(act, visit), code, name=_name(act, event.organisation_id))


def _left(act: Act, event: events.VisitLeft) -> None:
    visit = _visit(act, event)
    if visit.state is VisitState.ANNOUNCED:
        name = _name(act, event.organisation_id)
        _tell(act, visit, _hosts(act, visit), "visit_left", name=name)


def _moved_up(act: Act, event: events.VisitMovedUp) -> None:
    visit = _visit(act, event)
    for row in visit.sign_ups:
        if row.organisation_id == event.organisation_id:
            people = concerned(act.session, row.organisation_id, row.person_id)
            _tell(act, visit, people, "visit_moved_up")


def _name(act: Act, organisation_id: int) -> dict[str, str]:
    owner = act.session.get_one(Organisation, organisation_id)
    return {one: organisation_label(owner, one) for one in LANGUAGES}


def _staged(act: Act, event: ProjectStaged) -> None:
    if act.session.get_one(Project, event.project_id).stage in ENDED_STAGES:
        _call_off(act, event.project_id)


def _withdrawn(act: Act, event: ProjectWithdrawn) -> None:
    _call_off(act, event.project_id)


def _index_with_project(act: Act, event: ProjectEvent) -> None:
    """The search shows them to whoever sees the project, and to nobody else."""
    payload = {"project_id": event.project_id}
    enqueue(act, index_visits, payload, key=str(event.project_id))


def _call_off(act: Act, project_id: int) -> None:
    """The project has ended or is shown no more: what is to come does not take place."""
    query = sa.select(Visit).where(
        Visit.project_id == project_id,
        Visit.state == VisitState.ANNOUNCED,
        Visit.starts_at > act.now,
    )
    for visit in act.session.scalars(query.order_by(Visit.id).with_for_update(of=Visit)).all():
        visit.state = VisitState.CANCELLED
        visit.version += 1
        visit.updated_at = act.now
        act.session.flush()
        act.emit(events.VisitCancelled(visit.id, project_id, visit.project.organisation_id))


def _account_closed(act: Act, event: AccountClosed) -> None:
    """Nobody is left in the organisation: its seats are free."""
    query = (
        sa.select(Visit.public_id, VisitSignUp.organisation_id)
        .join(VisitSignUp, VisitSignUp.visit_id == Visit.id)
        .where(
            VisitSignUp.organisation_id.in_(sorted(event.emptied)),
            VisitSignUp.state.in_(COMING),
            Visit.state == VisitState.ANNOUNCED,
            Visit.starts_at > act.now,
        )
        .order_by(Visit.id)
    )
    for public_id, organisation_id in act.session.execute(query).all():
        visit = locked_visit(act, public_id)
        for row in visit.sign_ups:
            if row.organisation_id == organisation_id:
                take_out(act, visit, row)
        fill_seats(act, visit)
