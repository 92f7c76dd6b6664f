"""Who is told of hours and certificates, and what is forgotten when somebody leaves."""

from typing import Any

import sqlalchemy as sa

from exchange.accounts.closing.events import AccountClosed
from exchange.accounts.models import Organisation
from exchange.accounts.queries import both_names, managers_of
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.events import EventBus
from exchange.notifications.service import notify
from exchange.volunteering.attendance import events
from exchange.volunteering.attendance.hours_rules import split_minutes
from exchange.volunteering.attendance.models import Certificate, HoursStep, VolunteerNumber
from exchange.volunteering.events import PlaceTaken
from exchange.volunteering.models import Shift
from exchange.volunteering.queries import coordinators_of
from exchange.volunteering.telling import day_words


def register(bus: EventBus) -> None:
    """Listen."""
    bus.listen(PlaceTaken, _put_on_list)
    bus.listen(events.HoursProposed, _proposed)
    bus.listen(events.HoursApproved, _approved)
    bus.listen(events.HoursObjected, _objected)
    bus.listen(events.CertificateIssued, _issued)
    bus.listen(events.CertificateRevoked, _revoked)
    bus.listen(AccountClosed, _closed)


def _about(act: Act, event: events.HoursEvent | PlaceTaken) -> tuple[Shift, dict[str, Any]]:
    shift = act.session.get_one(Shift, event.shift_id)
    day = civil_date(shift.starts_at, act.house.settings.time_zone)
    return shift, {"activity": shift.activity.title, "day": day_words(act, day)}


def _put_on_list(act: Act, event: PlaceTaken) -> None:
    """Somebody else did it: whoever signs up themself knows."""
    if act.actor.person_id == event.person_id:
        return
    shift, words = _about(act, event)
    organisation = act.session.get_one(Organisation, event.organisation_id)
    told = {**words, "organisation": both_names(organisation)}
    path = f"/activities/{shift.activity.public_id}"
    notify(act, {event.person_id}, "attend_put_on_list", told, path)


def _proposed(act: Act, event: events.HoursProposed) -> None:
    """Managers hear of a shift once a day, however many people were in it."""
    shift, words = _about(act, event)
    notify(
        act,
        managers_of(act.session, event.organisation_id),
        "hours_proposed",
        words,
        f"/volunteering/shifts/{shift.public_id}/hours",
        dedupe_key=f"hours_proposed:{shift.id}:{act.today}",
    )


def _approved(act: Act, event: events.HoursApproved) -> None:
    step = act.session.get_one(HoursStep, event.hours_id)
    _shift, words = _about(act, event)
    hours, rest = split_minutes(step.minutes)
    told = {**words, "hours": hours, "minutes": rest}
    notify(act, {event.person_id}, "hours_approved", told, "/my/hours")


def _objected(act: Act, event: events.HoursObjected) -> None:
    shift, words = _about(act, event)
    people = set(managers_of(act.session, event.organisation_id))
    people |= coordinators_of(act.session, shift.activity)
    path = f"/volunteering/shifts/{shift.public_id}/hours"
    notify(act, people, "hours_objected", words, path)


def _issued(act: Act, event: events.CertificateIssued) -> None:
    _tell(act, event, "certificate_ready")


def _revoked(act: Act, event: events.CertificateRevoked) -> None:
    _tell(act, event, "certificate_revoked")


def _tell(act: Act, event: events.CertificateEvent, code: str) -> None:
    certificate = act.session.get_one(Certificate, event.certificate_id)
    organisation = act.session.get_one(Organisation, event.organisation_id)
    path = f"/certificates/{certificate.public_id}"
    notify(act, {event.person_id}, code, {"organisation": both_names(organisation)}, path)


def _closed(act: Act, event: AccountClosed) -> None:
    """The number goes, their words go, and names leave the certificates; hours stay counted."""
    person_id = event.person_id
    for gone in (
        sa.delete(VolunteerNumber).where(VolunteerNumber.person_id == person_id),
        sa.update(Certificate).where(Certificate.person_id == person_id).values(name=""),
        sa.update(HoursStep).where(HoursStep.person_id == person_id).values(note=""),
    ):
        act.session.execute(gone.execution_options(synchronize_session=False))
