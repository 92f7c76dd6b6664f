"""Who hears of what happens in a book: the second person, who recorded, who was named."""

from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.notifications.service import notify
from exchange.projects.events import ProjectEvent
from exchange.projects.ledger import events
from exchange.projects.ledger.kinds import LedgerRole
from exchange.projects.ledger.models import EntryRequest
from exchange.projects.ledger.queries import holders_of
from exchange.projects.models import Project


def register(bus: EventBus) -> None:
    """Listen to the events of this subject."""
    bus.listen(events.LedgerEntryProposed, _ask_second)
    bus.listen(events.LedgerEntryBooked, _tell_booked)
    bus.listen(events.LedgerEntryRefused, _tell_refused)
    bus.listen(events.LedgerRoleGiven, _tell_named)
    bus.listen(events.LedgerLimitSet, _tell_limit)


def _ask_second(act: Act, event: events.LedgerEntryProposed) -> None:
    request = act.session.get_one(EntryRequest, event.request_id)
    people = _in_office(act, event, LedgerRole.APPROVER) - {request.proposed_by_id}
    _tell(act, event, people, "ledger_waits", _path(act, event, request))


def _tell_booked(act: Act, event: events.LedgerEntryBooked) -> None:
    request = act.session.get_one(EntryRequest, event.request_id)
    if request.needs_second:
        path = _path(act, event, request)
        _tell(act, event, {request.proposed_by_id}, "ledger_booked", path)


def _tell_refused(act: Act, event: events.LedgerEntryRefused) -> None:
    request = act.session.get_one(EntryRequest, event.request_id)
    path = _path(act, event, request)
    _tell(act, event, {request.proposed_by_id}, "ledger_refused", path)


def _tell_named(act: Act, event: events.LedgerRoleGiven) -> None:
    roles = [
        one.role
        for one in holders_of(act.session, event.project_id)
        if one.person_id == event.person_id
    ]
    _tell(act, event, {event.person_id}, f"ledger_{roles[-1].value}", _accounts(act, event))


def _tell_limit(act: Act, event: events.LedgerLimitSet) -> None:
    people = {one.person_id for one in holders_of(act.session, event.project_id)}
    _tell(act, event, people, "ledger_limit", _accounts(act, event))


def _in_office(act: Act, event: ProjectEvent, role: LedgerRole) -> set[int]:
    found = holders_of(act.session, event.project_id)
    return {one.person_id for one in found if one.role is role}


def _accounts(act: Act, event: ProjectEvent) -> str:
    project = act.session.get_one(Project, event.project_id)
    return f"/projects/{project.public_id}/accounts"


def _path(act: Act, event: ProjectEvent, request: EntryRequest) -> str:
    return f"{_accounts(act, event)}/requests/{request.public_id}"


def _tell(act: Act, event: ProjectEvent, people: set[int], code: str, path: str) -> None:
    project = act.session.get_one(Project, event.project_id)
    notify(act, people, code, {"title": project.title}, path)
