"""Who is told of cases that change hands or rest, and what follows when a point or duty ends."""

from typing import Any

import sqlalchemy as sa

from exchange.accounts.absence.events import AbsenceBegan, AbsenceEnded, AbsenceEvent
from exchange.accounts.absence.queries import with_stand_ins
from exchange.accounts.actor_queries import load_actor
from exchange.accounts.events import AssignmentEnded
from exchange.accounts.models import Person
from exchange.accounts.points.events import ServicePointClosed
from exchange.brokering.board.postponing_queries import rests_until
from exchange.brokering.centre import point_events as events
from exchange.brokering.centre.escalation_models import Escalation
from exchange.brokering.centre.escalation_queries import Subject
from exchange.brokering.centre.escalation_rules import Cause
from exchange.brokering.centre.escalation_service import close_for
from exchange.brokering.events import MatchClosed, MatchEvent
from exchange.brokering.handover.open_cases import keep_duty_with_cases, take_in_work_of
from exchange.brokering.models import Match
from exchange.brokering.queries import supervisors_of
from exchange.brokering.talk.discretion import title_of
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.events import EventBus
from exchange.listings.cards import category_label, shown_title
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.permissions import can_see as can_see_listing
from exchange.notifications.service import notify

LANGUAGES = ("zh", "en")
DESK, ESCALATIONS = "/today", "/escalations"


def register(bus: EventBus) -> None:
    """Listen."""
    bus.listen(MatchEvent, _close_of_match)
    bus.listen(events.NeedAssigned, _close_of_need)
    bus.listen(events.NeedAssignmentEnded, _close_of_need)
    bus.listen(events.MatchAssigned, _match_assigned)
    bus.listen(events.NeedAssigned, _need_assigned)
    bus.listen(events.Reminded, _reminded)
    bus.listen(events.Escalated, _escalated)
    bus.listen(events.HandedOver, _handed_over)
    bus.listen(AbsenceBegan, _absence("stand_in_begins"))
    bus.listen(AbsenceEnded, _absence("stand_in_ends"))
    bus.listen(ServicePointClosed, _point_closed)
    bus.listen(AssignmentEnded, _duty_ended)


def _close_of_match(act: Act, event: MatchEvent) -> None:
    """Whatever happens with a match: somebody has acted. A claim answers the need, too.

    What the clock does says nothing of that, unless it ends the match.
    """
    if act.actor.is_system and not isinstance(event, MatchClosed):
        return
    close_for(act, Subject(event.match_id, None, None))
    need_id = act.session.scalar(sa.select(Match.need_id).where(Match.id == event.match_id))
    close_for(act, Subject(None, need_id, None))


def _close_of_need(act: Act, event: events.NeedAssigned | events.NeedAssignmentEnded) -> None:
    close_for(act, Subject(None, event.need_id, None))


def _match_assigned(act: Act, event: events.MatchAssigned) -> None:
    if act.session.info.get(events.QUIET):
        return
    match = act.session.get_one(Match, event.match_id)
    path = f"/matches/{match.public_id}"
    _tell(act, {event.to_person_id}, "case_given", match.need, path, match)
    if event.from_person_id != event.to_person_id:
        _tell(act, {event.from_person_id}, "case_taken", match.need, path, match)


def _need_assigned(act: Act, event: events.NeedAssigned) -> None:
    if act.session.info.get(events.QUIET):
        return
    need = act.session.get_one(Listing, event.need_id)
    path = f"/listings/{need.public_id}"
    _tell(act, {event.to_person_id}, "case_given", need, path)
    if event.from_person_id is not None:
        _tell(act, {event.from_person_id}, "case_taken", need, path)


def _reminded(act: Act, event: events.Reminded) -> None:
    """Nobody is reminded of what they have set aside themselves; supervisors are told in time."""
    found = act.session.get_one(Escalation, event.escalation_id)
    if found.match is not None and rests_until(found.match, act.today):
        return
    people = with_stand_ins(act.session, {event.person_id})
    _tell_of(act, found, people, f"rests_{found.cause.value}")


def _escalated(act: Act, event: events.Escalated) -> None:
    found = act.session.get_one(Escalation, event.escalation_id)
    need = found.match.need if found.match else found.need
    bosses = supervisors_of(act.session, need.division_code if need else None)
    people, code = with_stand_ins(act.session, bosses), f"told_{found.cause.value}"
    if found.cause is Cause.UNCLAIMED:  # there may be many on one day, and the page lists them
        notify(act, people, code, {}, ESCALATIONS, dedupe_key=f"{code}:{act.today}")
    else:
        _tell_of(act, found, people, code, ESCALATIONS)


def _tell_of(
    act: Act, found: Escalation, people: set[int], code: str, path: str | None = None
) -> None:
    if found.match is not None:
        where = path or f"/matches/{found.match.public_id}"
        _tell(act, people, code, found.match.need, where, found.match)
    elif found.need is not None:
        _tell(act, people, code, found.need, path or f"/listings/{found.need.public_id}")


def _handed_over(act: Act, event: events.HandedOver) -> None:
    path = f"/handovers/{event.public_id}"
    name = act.session.get_one(Person, event.from_person_id).name
    for person_id, count in event.receivers:
        values = {"count": count, "name": name}
        notify(act, {person_id}, "cases_given", values, path)
    notify(act, {event.from_person_id}, "cases_passed", {"count": event.cases}, path)


def _absence(code: str) -> Any:
    def tell(act: Act, event: AbsenceEvent) -> None:
        name = act.session.get_one(Person, event.person_id).name
        values = {"name": name, "of_id": event.person_id}
        notify(act, {event.stand_in_id}, code, values, DESK)

    return tell


def _point_closed(act: Act, event: ServicePointClosed) -> None:
    take_in_work_of(act, event.service_point_id, event.parent_id)


def _duty_ended(act: Act, event: AssignmentEnded) -> None:
    keep_duty_with_cases(act, event.person_id)


def _tell(
    act: Act, people: set[int], code: str, need: Listing, path: str, match: Match | None = None
) -> None:
    for person_id in sorted(people):
        actor = load_actor(act.session, person_id)
        values = {"need": {one: _title(actor, need, match, one) for one in LANGUAGES}}
        notify(act, {person_id}, code, values, path)


def _title(actor: Actor, need: Listing, match: Match | None, locale: str) -> str:
    """As the reader finds it on the page itself."""
    if match is not None:
        return title_of(actor, match, Side.NEED, locale)
    if can_see_listing(actor, need):
        return shown_title(actor, need)
    return need.public_title or category_label(need, locale) or "—"
