"""Marking who came: by the code that the volunteer scans, or by the coordinator's list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.decisions import Decision
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.volunteering.attendance.code_rules import proof_allowed
from exchange.volunteering.attendance.events import AttendanceMarked
from exchange.volunteering.attendance.kinds import MarkKind, Way
from exchange.volunteering.attendance.models import AttendanceMark
from exchange.volunteering.attendance.permissions import may_mark
from exchange.volunteering.attendance.queries import (
    marks_of,
    own_signup,
    people_of,
    presence_from,
)
from exchange.volunteering.attendance.rules import (
    MOST_TICKS,
    client_id_allowed,
    code_shown,
    list_open,
    moment_of_tick,
)
from exchange.volunteering.kinds import SignupState
from exchange.volunteering.locking import lock_shift
from exchange.volunteering.models import Shift, Signup


@dataclass(frozen=True)
class Tick:
    """What a coordinator ticked: whose sign-up, what, how many seconds ago by the phone's clock."""

    client_id: str
    signup: str
    kind: MarkKind
    age_seconds: int = 0


@dataclass
class Taken:
    """What became of ticks: those that are kept, also from before, and why others are not."""

    kept: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def mark_by_code(act: Act, shift: Shift, kind: MarkKind, seen_at: datetime) -> None:
    """The volunteer says that they came or leave; they opened a good code at ``seen_at``.

    Only those with a place in this shift count. Sent twice it is one mark. Raises Conflict.
    """
    found = lock_shift(act, shift.id)
    for decision in (
        proof_allowed(seen_at, act.now),
        code_shown(found.state, found.starts_at, found.ends_at, act.now),
    ):
        _require(decision)
    if kind is MarkKind.ABSENT:
        raise Invalid(fields={"kind": ["field_choice"]})
    signup = own_signup(act.session, found.id, act.actor.person_id)
    if signup is None or signup.state is not SignupState.SIGNED_UP:
        raise Conflict(not_on_list(signup))
    marks = marks_of(act.session, [found.id], signup.person_id)[found.id, signup.person_id]
    presence = presence_from(marks, found)
    if kind is MarkKind.LEFT and not presence.spells:
        raise Conflict("attend_not_there")
    if presence.is_inside == (kind is MarkKind.CAME):
        return
    _write(act, found, signup.person_id, kind, Way.CODE, act.now, None)


def not_on_list(signup: Signup | None) -> str:
    """Why the code does not count for somebody."""
    if signup is not None and signup.state is SignupState.WAITING:
        return "attend_waiting"
    return "attend_not_signed_up"


def mark_by_list(act: Act, shift: Shift, ticks: Sequence[Tick]) -> Taken:
    """What a coordinator ticked, now or hours ago without a network.

    Each tick counts once, whatever is sent again; of two about the same person the later wins, and
    both stay in the record. A tick that cannot be is refused alone. Raises NotFound, Forbidden,
    Invalid or Conflict for the whole.
    """
    found = lock_shift(act, shift.id)
    if not may_mark(act.actor, found.activity):
        raise Forbidden("activity_not_yours")
    _require(list_open(found.state, found.starts_at, found.ends_at, act.now))
    if len(ticks) > MOST_TICKS:
        raise Invalid("attend_too_many", most=MOST_TICKS)
    present = _known(act, found, [tick.client_id for tick in ticks])
    people = {one.public_id: one.person_id for one in people_of(act.session, [found.id])[found.id]}
    taken = Taken()
    for tick in ticks:
        if not client_id_allowed(tick.client_id):
            taken.refused[tick.client_id[:60]] = "attend_client_id"
        elif tick.client_id in present:
            taken.kept.append(tick.client_id)
        elif tick.signup not in people:
            taken.refused[tick.client_id] = "attend_no_place"
        else:
            at = moment_of_tick(tick.age_seconds, found.starts_at, act.now)
            _write(act, found, people[tick.signup], tick.kind, Way.LIST, at, tick.client_id)
            present.add(tick.client_id)
            taken.kept.append(tick.client_id)
    return taken


def _known(act: Act, shift: Shift, client_ids: Sequence[str]) -> set[str]:
    query = sa.select(AttendanceMark.client_id).where(
        AttendanceMark.shift_id == shift.id, AttendanceMark.client_id.in_(set(client_ids))
    )
    return {one for one in act.session.scalars(query) if one}


def _write(
    act: Act,
    shift: Shift,
    person_id: int,
    kind: MarkKind,
    way: Way,
    at: datetime,
    client_id: str | None,
) -> None:
    mark = AttendanceMark(
        shift_id=shift.id,
        person_id=person_id,
        kind=kind,
        way=way,
        at=at,
        client_id=client_id,
        recorded_by_id=act.actor.person_id,
        recorded_at=act.now,
    )
    act.session.add(mark)
    act.session.flush()
    activity = shift.activity
    act.emit(AttendanceMarked(activity.id, activity.organisation_id, shift.id, person_id, mark.id))


def _require(decision: Decision) -> None:
    if not decision:
        raise Conflict(decision.code, **decision.params)
