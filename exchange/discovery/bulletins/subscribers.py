"""Who is told of what happens to a bulletin."""

from exchange.accounts.closing.events import AccountClosed
from exchange.discovery.bulletins import events
from exchange.discovery.bulletins.jobs import request_telling
from exchange.discovery.bulletins.models import Bulletin, BulletinPlace
from exchange.discovery.bulletins.place_service import forget_person
from exchange.discovery.bulletins.queries import (
    both_place_names,
    hearers_of_missed,
    supervisors_of,
    workers_of,
)
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.notifications.service import notify


def register(bus: EventBus) -> None:
    """Listen to the room's own news, and to accounts that close."""
    bus.listen(events.BulletinComposed, _composed)
    bus.listen(events.BulletinSubmitted, _submitted)
    bus.listen(events.BulletinSentBack, _sent_back)
    bus.listen(events.BulletinPublished, _published)
    bus.listen(events.BulletinMissed, _missed)
    bus.listen(AccountClosed, _forget)


def _composed(act: Act, event: events.BulletinComposed) -> None:
    """The editor, while they serve the place, else its supervisors."""
    place = act.session.get_one(BulletinPlace, event.bulletin_place_id)
    if not place.needs_approval:
        return
    editor = {place.editor_id} if place.editor_id else set()
    people = (editor & workers_of(act.session, place)) or supervisors_of(act.session, place)
    _tell(act, people, "bulletin_composed", event)


def _submitted(act: Act, event: events.BulletinSubmitted) -> None:
    place = act.session.get_one(BulletinPlace, event.bulletin_place_id)
    _tell(act, supervisors_of(act.session, place), "bulletin_submitted", event)


def _sent_back(act: Act, event: events.BulletinSentBack) -> None:
    """Whoever has worked on it last, and the editor of the place."""
    place = act.session.get_one(BulletinPlace, event.bulletin_place_id)
    issue = act.session.get_one(Bulletin, event.bulletin_id)
    worked = {issue.submitted_by_id or issue.edited_by_id, place.editor_id}
    people = {one for one in worked if one is not None} & workers_of(act.session, place)
    _tell(act, people, "bulletin_sent_back", event, note=issue.note)


def _published(act: Act, event: events.BulletinPublished) -> None:
    if event.is_first:
        request_telling(act, event.bulletin_id)


def _missed(act: Act, event: events.BulletinMissed) -> None:
    """Who supervises only a part of the place cannot open the issue: the desk is theirs."""
    place = act.session.get_one(BulletinPlace, event.bulletin_place_id)
    people = hearers_of_missed(act.session, place)
    issue = act.session.get(Bulletin, event.bulletin_id) if event.bulletin_id else None
    code = "bulletin_not_approved" if issue else "bulletin_not_composed"
    opens = people <= supervisors_of(act.session, place)
    path = f"/bulletins/{issue.public_id}/edit" if issue and opens else "/bulletins/desk"
    names = {"place": both_place_names(act.session, place)}
    key = f"bulletin_missed:{place.id}:{place.told_due_on}"
    notify(act, people, code, names, path, dedupe_key=key)


def _tell(
    act: Act, people: set[int], code: str, event: events.BulletinEvent, **params: str
) -> None:
    place = act.session.get_one(BulletinPlace, event.bulletin_place_id)
    issue = act.session.get_one(Bulletin, event.bulletin_id)
    said = {"place": both_place_names(act.session, place), **params}
    notify(act, people, code, said, f"/bulletins/{issue.public_id}/edit")


def _forget(act: Act, event: AccountClosed) -> None:
    forget_person(act, event.person_id)
