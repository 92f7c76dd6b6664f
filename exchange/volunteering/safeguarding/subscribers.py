"""Who is told of consents and checks, and what goes with an account."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from exchange.accounts.closing.events import AccountClosed
from exchange.accounts.models import Organisation
from exchange.accounts.queries import both_names, brokers_serving, managers_of
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.notifications.service import notify
from exchange.volunteering.events import ShiftEvent
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.queries import coordinators_of
from exchange.volunteering.safeguarding import events
from exchange.volunteering.safeguarding.forgetting_service import forget_volunteer
from exchange.volunteering.safeguarding.jobs import SEND_LINK
from exchange.volunteering.safeguarding.kinds import AskKind, ConsentWay
from exchange.volunteering.safeguarding.models import (
    ChildrenCheck,
    GuardianConsent,
    SafeguardAsk,
)
from exchange.volunteering.telling import day_words, when_words

OWN_PAGE = "/my/safeguarding"


def register(bus: EventBus) -> None:
    """Listen."""
    bus.listen(events.AgeAskedAgain, _age_asked_again)
    bus.listen(events.RecordAsked, _asked)
    bus.listen(events.ConsentAsked, _send_link)
    bus.listen(events.ConsentRecorded, _agreed)
    bus.listen(events.ConsentRefused, _refused)
    bus.listen(events.ConsentWithdrawn, _withdrawn)
    bus.listen(events.PlacesWithoutConsent, _places_back)
    bus.listen(events.PlaceOutsideAge, _outside_age)
    bus.listen(events.ConsentEnding, _consent_ending)
    bus.listen(events.CheckRecorded, _check_recorded)
    bus.listen(events.CheckObjected, _check_objected)
    bus.listen(events.CheckRemoved, _check_removed)
    bus.listen(events.CheckEnding, _check_ending)
    bus.listen(events.AdultsLacking, _adults_lacking)
    bus.listen(events.ChecksLacking, _checks_lacking)
    bus.listen(AccountClosed, _closed)


def _organisation(act: Act, event: events.SafeguardEvent) -> Organisation:
    return act.session.get_one(Organisation, event.organisation_id)


def _names(act: Act, event: events.SafeguardEvent) -> dict[str, Any]:
    return {"organisation": both_names(_organisation(act, event))}


def _records(organisation: Organisation) -> str:
    return f"/organisations/{organisation.public_id}/safeguarding"


def _keepers(act: Act, event: events.SafeguardEvent) -> set[int]:
    """The managers; where the only one is whom it is about, the social workers of the place."""
    people = set(managers_of(act.session, event.organisation_id)) - {event.person_id}
    return people or set(brokers_serving(act.session, _organisation(act, event).division_code))


def _age_asked_again(act: Act, event: events.AgeAskedAgain) -> None:
    notify(act, {event.person_id}, "age_asked_again", {}, OWN_PAGE)


def _asked(act: Act, event: events.RecordAsked) -> None:
    ask = act.session.get_one(SafeguardAsk, event.ask_id)
    activity = act.session.get(Activity, ask.activity_id) if ask.activity_id else None
    words = {"activity": activity.title if activity else ""}
    people = _keepers(act, event)
    if ask.kind is AskKind.CONSENT and activity is not None:
        people |= coordinators_of(act.session, activity)
    code = f"safeguard_asked_{ask.kind.value}"
    notify(act, people - {event.person_id}, code, words, _records(_organisation(act, event)))


def _send_link(act: Act, event: events.ConsentAsked) -> None:
    enqueue(act, SEND_LINK, {"consent_id": event.consent_id})


def _agreed(act: Act, event: events.ConsentRecorded) -> None:
    consent = act.session.get_one(GuardianConsent, event.consent_id)
    notify(act, {event.person_id}, "guardian_agreed_volunteer", _names(act, event), "/activities")
    if consent.way is ConsentWay.LINK:
        _tell_recorder(act, event, consent, "guardian_agreed")


def _refused(act: Act, event: events.ConsentRefused) -> None:
    consent = act.session.get_one(GuardianConsent, event.consent_id)
    _tell_recorder(act, event, consent, "guardian_refused")
    notify(act, {event.person_id}, "guardian_refused_volunteer", _names(act, event), OWN_PAGE)


def _withdrawn(act: Act, event: events.ConsentWithdrawn) -> None:
    consent = act.session.get_one(GuardianConsent, event.consent_id)
    _tell_recorder(act, event, consent, "guardian_withdrew")
    notify(act, {event.person_id}, "guardian_withdrew_volunteer", _names(act, event), OWN_PAGE)


def _tell_recorder(
    act: Act, event: events.ConsentEvent, consent: GuardianConsent, code: str
) -> None:
    people = _keepers(act, event)
    if consent.recorded_by_id is not None:
        people.add(consent.recorded_by_id)
    page = f"/consents/{consent.public_id}"
    notify(act, people - {event.person_id}, code, _names(act, event), page)


def _places_back(act: Act, event: events.PlacesWithoutConsent) -> None:
    words = {**_names(act, event), "count": event.count}
    notify(act, {event.person_id}, "places_without_consent", words, "/my/volunteering")


def _outside_age(act: Act, event: events.PlaceOutsideAge) -> None:
    _tell_of_shift(act, event, "place_outside_age_team", {})
    shift = _shift(act, event)
    told = {"title": shift.activity.title, "when": when_words(act, shift)}
    page = f"/activities/{shift.activity.public_id}"
    # Also where they have just said their age: that it costs a place is news to them.
    notify(act, {event.person_id}, "place_outside_age", told, page, also_actor=True)


def _consent_ending(act: Act, event: events.ConsentEnding) -> None:
    consent = act.session.get_one(GuardianConsent, event.consent_id)
    day = day_words(act, consent.valid_until) if consent.valid_until else ""
    words = {**_names(act, event), "day": day}
    people = _keepers(act, event)
    notify(act, people, "guardian_consent_ending", words, _records(_organisation(act, event)))
    notify(act, {event.person_id}, "guardian_consent_ending", words, OWN_PAGE)


def _check(act: Act, event: events.CheckEvent) -> tuple[ChildrenCheck, dict[str, Any]]:
    check = act.session.get_one(ChildrenCheck, event.check_id)
    return check, {**_names(act, event), "day": day_words(act, check.expires_on)}


def _check_recorded(act: Act, event: events.CheckRecorded) -> None:
    notify(act, {event.person_id}, "check_recorded", _check(act, event)[1], OWN_PAGE)


def _check_objected(act: Act, event: events.CheckObjected) -> None:
    check, words = _check(act, event)
    people = _keepers(act, event)
    if check.recorded_by_id is not None:
        people.add(check.recorded_by_id)
    page = _records(_organisation(act, event))
    notify(act, people - {event.person_id}, "check_objected", words, page)


def _check_removed(act: Act, event: events.CheckRemoved) -> None:
    words, page = _check(act, event)[1], _records(_organisation(act, event))
    notify(act, _keepers(act, event), "check_removed", words, page)
    notify(act, {event.person_id}, "check_removed", words, OWN_PAGE)


def _check_ending(act: Act, event: events.CheckEnding) -> None:
    words, page = _check(act, event)[1], _records(_organisation(act, event))
    notify(act, _keepers(act, event), "check_ending", words, page)
    notify(act, {event.person_id}, "check_ending", words, OWN_PAGE)


def _adults_lacking(act: Act, event: events.AdultsLacking) -> None:
    _tell_of_shift(act, event, "children_adults_lacking", {"adults": event.adults})


def _checks_lacking(act: Act, event: events.ChecksLacking) -> None:
    _tell_of_shift(act, event, "children_checks_lacking", {"people": event.people})


def _tell_of_shift(act: Act, event: ShiftEvent, code: str, words: dict[str, Any]) -> None:
    shift = _shift(act, event)
    told = {"title": shift.activity.title, "when": when_words(act, shift), **words}
    people = coordinators_of(act.session, shift.activity)
    page = f"/activities/{shift.activity.public_id}/people#shift-{shift.public_id}"
    notify(act, people, code, told, page)


def _shift(act: Act, event: ShiftEvent) -> Shift:
    query = sa.select(Shift).where(Shift.id == event.shift_id).options(joinedload(Shift.activity))
    return act.session.scalars(query).one()


def _closed(act: Act, event: AccountClosed) -> None:
    """All that is on record about them goes, with what it says of their guardian."""
    forget_volunteer(act, event.person_id)
