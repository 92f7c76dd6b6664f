"""Hours: proposed by a coordinator, approved by a manager, objected to by the volunteer.

Nothing is ever overwritten: each step is another row. Whoever acts on what somebody else has
changed meanwhile is told so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from exchange.accounts.queries import managers_of
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.values import clean_text
from exchange.volunteering.attendance.events import (
    HoursApproved,
    HoursEvent,
    HoursObjected,
    HoursProposed,
)
from exchange.volunteering.attendance.hours_rules import (
    LONGEST_NOTE,
    may_approve,
    may_object,
    may_propose,
    minutes_allowed,
)
from exchange.volunteering.attendance.kinds import Basis, Step, Way
from exchange.volunteering.attendance.models import HoursStep
from exchange.volunteering.attendance.number_rules import text_has_identity_number
from exchange.volunteering.attendance.permissions import may_answer_for, may_mark
from exchange.volunteering.attendance.queries import (
    latest_steps,
    marks_of,
    people_of,
    presence_from,
)
from exchange.volunteering.attendance.rules import basis_of, minutes_of, planned_minutes
from exchange.volunteering.locking import lock_shift
from exchange.volunteering.models import Shift

EVENTS: dict[Step, type[HoursEvent]] = {
    Step.PROPOSED: HoursProposed,
    Step.APPROVED: HoursApproved,
    Step.OBJECTED: HoursObjected,
}


@dataclass(frozen=True)
class Proposal:
    """How long somebody was there. ``seen`` is the number of the step that was shown; 0 for none.

    ``travel_minutes`` are written down beside and never counted.
    """

    signup: str
    minutes: int
    travel_minutes: int = 0
    note: str = ""
    seen: int = 0


@dataclass(frozen=True)
class Chosen:
    """Whose hours are approved, and the number of the step that was shown."""

    signup: str
    seen: int


@dataclass(frozen=True)
class Approved:
    """How many were approved, and whether one's own were left to another manager."""

    count: int
    own_left: bool


def propose_hours(act: Act, shift: Shift, proposals: Sequence[Proposal]) -> int:
    """Say how long people were there; returns for how many something changed.

    What is said already is not said twice. Raises NotFound, Forbidden, Invalid with fields named
    ``minutes-<sign-up>`` and so on, or Conflict: too early, or changed meanwhile.
    """
    found = lock_shift(act, shift.id)
    if not may_mark(act.actor, found.activity):
        raise Forbidden("activity_not_yours")
    decision = may_propose(found.state, found.ends_at, act.now)
    if not decision:
        raise Conflict(decision.code, **decision.params)
    people = _people(act, found)
    latest = latest_steps(act.session, [found.id])
    _check(proposals)
    made = 0
    for one in proposals:
        person_id = people.get(one.signup)
        if person_id is None:
            raise Conflict("attend_no_place")
        last = latest.get((found.id, person_id))
        note = clean_text(one.note)
        if _is_said(last, one, note):
            continue
        _require_seen(last, one.seen)
        basis = _basis(act, found, person_id, one.minutes)
        _add(act, found, person_id, last, Step.PROPOSED, one.minutes, one.travel_minutes, basis,
             note)  # fmt: skip
        made += 1
    return made


def approve_hours(act: Act, shift: Shift, chosen: Sequence[Chosen], note: str = "") -> Approved:
    """The organisation stands by these hours; the people are told.

    Approving what is approved changes nothing. One's own are left out where another manager could
    approve them. Raises NotFound, Forbidden, Invalid, or Conflict.
    """
    found = lock_shift(act, shift.id)
    owner = found.activity.organisation_id
    if not may_answer_for(act.actor, owner):
        raise Forbidden("hours_managers_only")
    kept = _words(note, "note", required=False)
    people = _people(act, found)
    latest = latest_steps(act.session, [found.id])
    others = len(set(managers_of(act.session, owner)) - {act.actor.person_id})
    count, own_left = 0, False
    for one in chosen:
        person_id = people.get(one.signup)
        last = latest.get((found.id, person_id)) if person_id is not None else None
        if person_id is None or last is None:
            raise Conflict("hours_nothing_to_approve")
        if last.step is Step.APPROVED:
            continue
        _require_seen(last, one.seen)
        is_own = person_id == act.actor.person_id
        decision = may_approve(last.step, is_own=is_own, others=others)
        if not decision and decision.code == "hours_own":
            own_left = True
            continue
        if not decision:
            raise Conflict(decision.code, **decision.params)
        _add(act, found, person_id, last, Step.APPROVED, last.minutes, last.travel_minutes,
             last.basis, kept)  # fmt: skip
        count += 1
    if own_left and not count:
        raise Conflict("hours_own")
    return Approved(count, own_left)


def object_to_hours(act: Act, shift: Shift, words: str) -> HoursStep:
    """The volunteer says that their approved hours are wrong, and why. Sent twice it is said once.

    Raises NotFound for whoever has no hours there, Invalid without words, or Conflict.
    """
    found = lock_shift(act, shift.id)
    person_id = act.actor.person_id
    last = latest_steps(act.session, [found.id], person_id).get((found.id, person_id or 0))
    if person_id is None or last is None:
        raise NotFound
    kept = _words(words, "words", required=True)
    if last.step is Step.OBJECTED and last.note == kept:
        return last
    decided_at = last.made_at if last.step is Step.APPROVED else None
    decision = may_object(last.step, decided_at, act.now)
    if not decision:
        raise Conflict(decision.code, **decision.params)
    return _add(act, found, person_id, last, Step.OBJECTED, last.minutes, last.travel_minutes,
                last.basis, kept)  # fmt: skip


def _people(act: Act, shift: Shift) -> dict[str, int]:
    return {one.public_id: one.person_id for one in people_of(act.session, [shift.id])[shift.id]}


def _is_said(last: HoursStep | None, one: Proposal, note: str) -> bool:
    if last is None or last.step is Step.OBJECTED:
        return False
    same = (last.minutes, last.travel_minutes) == (one.minutes, one.travel_minutes)
    return same and (last.note == note or last.step is Step.APPROVED)


def _require_seen(last: HoursStep | None, seen: int) -> None:
    number = last.number if last else 0
    if number != seen:
        raise Conflict("changed_meanwhile", version=number)


def _check(proposals: Sequence[Proposal]) -> None:
    fields: dict[str, list[str]] = {}
    for one in proposals:
        for name, value in (("minutes", one.minutes), ("travel", one.travel_minutes)):
            decision = minutes_allowed(value)
            if not decision:
                fields[f"{name}-{one.signup}"] = [decision.code]
        note = clean_text(one.note)
        if len(note) > LONGEST_NOTE:
            fields[f"note-{one.signup}"] = ["too_long"]
        elif text_has_identity_number(note):
            fields[f"note-{one.signup}"] = ["text_has_identity"]
    if fields:
        raise Invalid("hours_invalid", fields=fields)


def _words(text: str, field: str, *, required: bool) -> str:
    kept = clean_text(text)
    if required and not kept:
        raise Invalid(fields={field: ["hours_words_needed"]})
    if len(kept) > LONGEST_NOTE:
        raise Invalid(fields={field: ["too_long"]})
    if text_has_identity_number(kept):
        raise Invalid(fields={field: ["text_has_identity"]})
    return kept


def _basis(act: Act, shift: Shift, person_id: int, minutes: int) -> Basis:
    marks = marks_of(act.session, [shift.id], person_id)[shift.id, person_id]
    presence = presence_from(marks, shift)
    counted = minutes_of(presence, shift.starts_at, shift.ends_at)
    return basis_of(
        minutes,
        None if presence.came is None else counted,
        planned_minutes(shift.starts_at, shift.ends_at),
        by_code=any(mark.way is Way.CODE for mark in marks),
    )


def _add(
    act: Act,
    shift: Shift,
    person_id: int,
    last: HoursStep | None,
    step: Step,
    minutes: int,
    travel_minutes: int,
    basis: Basis,
    note: str,
) -> HoursStep:
    activity = shift.activity
    made = HoursStep(
        shift_id=shift.id,
        person_id=person_id,
        organisation_id=activity.organisation_id,
        number=(last.number if last else 0) + 1,
        step=step,
        minutes=minutes,
        travel_minutes=travel_minutes,
        basis=basis,
        note=note,
        made_by_id=act.actor.person_id,
        made_at=act.now,
    )
    act.session.add(made)
    act.session.flush()
    news = EVENTS[step]
    act.emit(news(activity.id, activity.organisation_id, shift.id, person_id, made.id))
    return made
