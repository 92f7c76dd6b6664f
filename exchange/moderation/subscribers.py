"""Who is told of what happens in a case, and what this room does on news of others.

Nothing that an owner is told says who reported, what they wrote, or how many they were.
"""

import sqlalchemy as sa

from exchange.accounts.closing.events import AccountClosed
from exchange.accounts.events import (
    OrganisationChanged,
    OrganisationEvent,
    OrganisationVerified,
    SuspensionLifted,
)
from exchange.accounts.models import Person
from exchange.accounts.queries import both_names, concerned
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.listings.events import ListingChanged, ListingSubmitted
from exchange.moderation import events
from exchange.moderation.jobs import look_again_at, show_again
from exchange.moderation.kinds import CaseState, Nearest, TargetKind, Verdict
from exchange.moderation.models import Appeal, ModerationCase, Report
from exchange.moderation.queries import deciders_of
from exchange.moderation.rules import SAID_TO_OWNER, URGENT
from exchange.moderation.second_look import second_look
from exchange.notifications.service import notify
from exchange.projects.events import ProjectChanged, ProjectEvent, ProjectSubmitted
from exchange.volunteering.events import ActivityChanged

OWNER_CODES = {
    Verdict.MEND: "moderation_mend",
    Verdict.HOLD: "moderation_held",
    Verdict.TAKE_DOWN: "moderation_taken_down",
    Verdict.SUSPEND: "moderation_suspended",
}


def register(bus: EventBus) -> None:
    """Listen to the room's own news, and to changes of what is looked into."""
    bus.listen(events.ReportMade, _reported)
    bus.listen(events.CaseHeldByItself, _held_by_itself)
    bus.listen(events.CaseDecided, _decided)
    bus.listen(events.CaseChanged, _changed)
    bus.listen(events.CaseOverdue, _overdue)
    bus.listen(events.AppealMade, _appealed)
    bus.listen(events.AppealDecided, _appeal_decided)
    bus.listen(events.HoldsReleased, _released)
    for kind in (ListingChanged, ListingSubmitted):
        bus.listen(kind, _listing_changed)
    bus.listen(ProjectChanged, _project_changed)
    bus.listen(ProjectSubmitted, _project_changed)
    bus.listen(ActivityChanged, _activity_changed)
    bus.listen(OrganisationChanged, _organisation_changed)
    for lifted in (SuspensionLifted, OrganisationVerified):
        bus.listen(lifted, _standing_back)
    bus.listen(AccountClosed, _account_closed)


def _case(act: Act, event: events.CaseEvent) -> ModerationCase:
    return act.session.get_one(ModerationCase, event.case_id)


def _reported(act: Act, event: events.ReportMade) -> None:
    if not (event.is_first or event.is_more_urgent):
        return
    case = _case(act, event)
    urgent = case.priority == URGENT
    code = "moderation_reported_urgent" if urgent else "moderation_reported"
    notify(
        act, deciders_of(act.session, case), code, {}, f"/moderation/{case.public_id}",
        dedupe_key=f"case:{case.id}:{case.priority}",
    )  # fmt: skip


def _tell_owner(
    act: Act, case: ModerationCase, code: str, also: int | None = None
) -> None:
    """The owner's people, or the person whom it is about; ``also`` one more of them."""
    people: set[int] = set()
    if case.organisation_id is not None:
        author = case.thing.author_id if case.thing else None
        people = concerned(act.session, case.organisation_id, author)
    if case.kind is TargetKind.PERSON and case.about_person_id is not None:
        people.add(case.about_person_id)
    people |= {also} if also else set()
    notify(act, people, code, {"what": _what(case)}, f"/decisions/{case.public_id}")


def _what(case: ModerationCase) -> str | dict[str, str]:
    """The owner's own words for what it is about."""
    if case.thing is not None:
        return case.thing.title
    owner = case.organisation
    if owner is None:
        return case.about_person.name if case.about_person else ""
    return both_names(owner)


def _held_by_itself(act: Act, event: events.CaseHeldByItself) -> None:
    case = _case(act, event)
    _tell_owner(act, case, "moderation_held")
    notify(
        act, deciders_of(act.session, case), "moderation_held_by_itself", {},
        f"/moderation/{case.public_id}", dedupe_key=f"case:{case.id}:held",
    )  # fmt: skip


def _decided(act: Act, event: events.CaseDecided) -> None:
    case, verdict = _case(act, event), Verdict(event.verdict)
    if verdict in SAID_TO_OWNER:
        _tell_owner(act, case, OWNER_CODES[verdict])
    elif verdict is Verdict.NO_ACTION and event.was_held:
        _tell_owner(act, case, "moderation_released")
    elif verdict is Verdict.REFER:
        path = f"/moderation/{case.public_id}"
        notify(act, deciders_of(act.session, case, centre=True), "moderation_referred", {}, path)
    if case.state is CaseState.CLOSED:
        _tell_reporters(act, case)


def _tell_reporters(act: Act, case: ModerationCase) -> None:
    """That it was dealt with; what came of it concerns others."""
    query = sa.select(Report).where(Report.case_id == case.id, Report.reporter_id.is_not(None))
    for report in act.session.scalars(query).all():
        people = {report.reporter_id} if report.reporter_id else set()
        notify(
            act, people, "report_dealt_with", {}, "/reports", dedupe_key=f"report:{report.id}"
        )


def _changed(act: Act, event: events.CaseChanged) -> None:
    """Whoever looks at it; where they do not serve there any more, all who look after it."""
    case = _case(act, event)
    everybody = deciders_of(act.session, case)
    people = everybody & {case.claimed_by_id} or everybody
    notify(act, people, "moderation_changed", {}, f"/moderation/{case.public_id}")


def _overdue(act: Act, event: events.CaseOverdue) -> None:
    case = _case(act, event)
    path = f"/moderation/{case.public_id}"
    notify(act, deciders_of(act.session, case, centre=True), "moderation_overdue", {}, path)


def _appealed(act: Act, event: events.AppealMade) -> None:
    """Those who may decide it: supervisors, but not the one who decided before. Where
    there is nobody, those who run the site hear that somebody is needed.
    """
    case = _case(act, event)
    look = second_look(act.session, case)
    notify(act, look.people, "moderation_appealed", {}, f"/moderation/{case.public_id}")
    if look.nearest is Nearest.NOBODY:
        people = sa.select(Person.id).where(Person.is_operator, Person.closed_at.is_(None))
        notify(act, set(act.session.scalars(people)), "appeal_needs_somebody", {}, "/points")


def _appeal_decided(act: Act, event: events.AppealDecided) -> None:
    case = _case(act, event)
    asked = act.session.get_one(Appeal, event.appeal_id).asked_by_id
    _tell_owner(act, case, "appeal_upheld" if event.upheld else "appeal_dismissed", asked)
    if event.upheld:
        _tell_reporters(act, case)


def _released(act: Act, event: events.HoldsReleased) -> None:
    _tell_owner(act, _case(act, event), "moderation_released")


def _listing_changed(act: Act, event: ListingChanged | ListingSubmitted) -> None:
    _ask_to_look_again(act, f"listing:{event.listing_id}")


def _project_changed(act: Act, event: ProjectEvent) -> None:
    _ask_to_look_again(act, f"project:{event.project_id}")


def _activity_changed(act: Act, event: ActivityChanged) -> None:
    _ask_to_look_again(act, f"activity:{event.activity_id}")


def _organisation_changed(act: Act, event: OrganisationChanged) -> None:
    _ask_to_look_again(act, f"organisation:{event.organisation_id}")


def _ask_to_look_again(act: Act, key: str) -> None:
    query = sa.select(ModerationCase.id).where(
        ModerationCase.target_key == key, ModerationCase.state == CaseState.WAITING
    )
    if act.session.execute(query).first() is not None:
        enqueue(act, look_again_at, {"target_key": key}, key=key)


def _standing_back(act: Act, event: OrganisationEvent) -> None:
    query = sa.select(ModerationCase.id).where(
        ModerationCase.organisation_id == event.organisation_id,
        ModerationCase.verdict == Verdict.SUSPEND,
    )
    if act.session.execute(query.limit(1)).first() is not None:
        values = {"organisation_id": event.organisation_id}
        enqueue(act, show_again, values, key=str(event.organisation_id))


def _account_closed(act: Act, event: AccountClosed) -> None:
    """Nobody knows any more who reported; what they looked after is free for others."""
    act.session.execute(
        sa.update(Report).where(Report.reporter_id == event.person_id).values(reporter_id=None)
    )
    act.session.execute(
        sa.update(ModerationCase)
        .where(
            ModerationCase.claimed_by_id == event.person_id,
            ModerationCase.state != CaseState.CLOSED,
        )
        .values(claimed_by_id=None, claimed_at=None)
    )
