"""Asking for substitutes, and what becomes of it.

The shift is locked, then the people who are asked, in the order of their ids; who fits is found
anew under these locks. Whoever changes or pauses what they say meanwhile is asked before or not at
all.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, SignInNeeded
from exchange.volunteering.availability.events import SubstituteAsked, SubstituteReplied
from exchange.volunteering.availability.finding import candidates, people_behind, request_for
from exchange.volunteering.availability.kinds import Reply
from exchange.volunteering.availability.models import SubstituteRequest
from exchange.volunteering.availability.permissions import may_ask
from exchange.volunteering.availability.rules import MOST_AT_ONCE
from exchange.volunteering.gates import joining_allowed
from exchange.volunteering.locking import lock_people, lock_shift
from exchange.volunteering.models import Shift
from exchange.volunteering.rules import is_open


@dataclass(frozen=True)
class Asked:
    """How many were asked, and how many do not fit any more or were asked already."""

    count: int
    left_out: int


def ask_substitutes(act: Act, shift: Shift, public_ids: Sequence[str]) -> Asked:
    """Ask people to come to a shift. The names are those of what they say of their time.

    The caller has made sure that the actor may know of the shift. Sent twice each is asked once.
    Raises SignInNeeded, Forbidden, Invalid ("substitutes_none", "substitutes_too_many"), or
    Conflict: it has begun, does not take place, or is full by now.
    """
    if act.actor.person_id is None:
        raise SignInNeeded
    names = list(dict.fromkeys(public_ids))
    if not names:
        raise Invalid("substitutes_none")
    if len(names) > MOST_AT_ONCE:
        raise Invalid("substitutes_too_many", most=MOST_AT_ONCE)
    locked = lock_shift(act, shift.id)
    activity = locked.activity
    if not may_ask(act.actor, activity):
        raise Forbidden("activity_not_yours")
    decision = is_open(activity.state, locked.state, locked.starts_at, act.now)
    if not decision:
        raise Conflict(decision.code, **decision.params)
    if locked.free <= 0:
        raise Conflict("substitutes_full")
    people = people_behind(act.session, names)
    lock_people(act, people.values())
    fitting = candidates(
        act.session, act.house, locked, act.now, but=act.actor.person_id, only=people.values()
    )
    chosen = sorted(
        one.row.person_id for one in fitting if joining_allowed(act, one.row.person_id, locked)
    )
    for person_id in chosen:
        _ask(act, locked, person_id)
    return Asked(len(chosen), len(names) - len(chosen))


def note_reply(act: Act, shift_id: int, person_id: int, reply: Reply) -> None:
    """Write down how somebody who was asked has answered; nothing where they were not asked.

    For subscribers: the answer itself is a sign-up like any other, under the shift's lock.
    """
    asked = request_for(act.session, shift_id, person_id)
    if asked is None or asked.reply is reply:
        return
    asked.reply, asked.replied_at = reply, act.now
    act.session.flush()
    activity = act.session.get_one(Shift, shift_id).activity
    act.emit(
        SubstituteReplied(activity.id, activity.organisation_id, shift_id, person_id, asked.id)
    )


def _ask(act: Act, shift: Shift, person_id: int) -> None:
    asked = SubstituteRequest(
        shift_id=shift.id,
        person_id=person_id,
        asked_by_id=act.actor.person_id,
        asked_at=act.now,
        reply=Reply.OPEN,
    )
    act.session.add(asked)
    act.session.flush()
    activity = shift.activity
    act.emit(
        SubstituteAsked(activity.id, activity.organisation_id, shift.id, person_id, asked.id)
    )
