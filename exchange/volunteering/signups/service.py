"""What a volunteer says to a shift: I come, I cannot, I still come.

Each is one act under the lock of the shift: nobody is ever over the number, and what is sent twice
is done once.
"""

from collections.abc import Collection

import sqlalchemy as sa

from exchange.accounts.models import Person
from exchange.kernel.act import Act
from exchange.kernel.decisions import Decision
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from exchange.listings.rules import may_submit
from exchange.listings.values import one_line
from exchange.volunteering.events import (
    ComingConfirmed,
    PlaceGivenBack,
    PlaceTaken,
    ShiftDeclined,
    WaitingJoined,
    WaitingLeft,
)
from exchange.volunteering.gates import joining_allowed, keeping_allowed
from exchange.volunteering.kinds import LIVE_STATES, NO_STATES, SignupState
from exchange.volunteering.locking import lock_people, lock_shift, lock_shifts
from exchange.volunteering.models import Shift, Signup
from exchange.volunteering.permissions import may_join
from exchange.volunteering.queries import clashing_shifts, waited_for_then
from exchange.volunteering.rules import LONGEST_NOTE, is_open
from exchange.volunteering.signups.filling import (
    fill_free_places,
    let_waiting_first,
    lock_waiting,
)
from exchange.volunteering.telling import when_words

NewsKind = type[PlaceTaken | WaitingJoined | PlaceGivenBack | WaitingLeft | ShiftDeclined]


def sign_up(act: Act, shift: Shift, note: str = "", *, wait: bool = True) -> Signup:
    """Come to a shift, or wait for a place in it where it is full and ``wait`` says so. Who waits
    for a place that is free by now has it first.

    The caller has made sure that the actor may know of the shift. Raises SignInNeeded, Forbidden
    ("activity_members_only", "confirm_contact_first"), Invalid, or Conflict: it is not open,
    "shift_full", or "shift_clash" with what other shift the actor has at that time.
    """
    person_id = _person(act)
    kept = _noted(note)
    locked = lock_shift(act, shift.id)
    if not may_join(act.actor, locked.activity):
        raise Forbidden("activity_members_only")
    _require_reachable(act, person_id)
    _require_open(act, locked)
    signup = _own(act, locked.id, person_id)
    if signup is not None and signup.state is SignupState.SIGNED_UP:
        return signup
    let_waiting_first(act, locked, person_id)
    if signup is not None and signup.state is SignupState.SIGNED_UP:
        return signup
    _refuse_clash(act, locked, person_id)
    _require(joining_allowed(act, person_id, locked))
    if signup is not None and signup.state is SignupState.WAITING and locked.free <= 0:
        return signup
    if locked.free > 0:
        locked.taken += 1
        return _answer(act, locked, signup, SignupState.SIGNED_UP, kept, PlaceTaken)
    if not wait:
        raise Conflict("shift_full")
    locked.last_number += 1
    return _answer(act, locked, signup, SignupState.WAITING, kept, WaitingJoined)


def say_no(act: Act, shift: Shift, note: str = "") -> Signup:
    """Not come: give a place or a number on the waiting list back, or just say so.

    The first of the waiting list moves up in the same act, and the actor in what they wait for at
    that time. Raises SignInNeeded, NotFound, Forbidden, Invalid, or Conflict when the shift has
    begun or was cancelled.
    """
    person_id = _person(act)
    kept = _noted(note)
    waits = waited_for_then(act.session, person_id, shift)
    taken = {one.id: one for one in lock_shifts(act, [shift.id, *waits])}
    locked = taken.pop(shift.id, None)
    if locked is None:
        raise NotFound
    signup = _own(act, locked.id, person_id)
    if signup is None and not may_join(act.actor, locked.activity):
        raise Forbidden("activity_members_only")
    _require_open(act, locked)
    if signup is not None and signup.state in NO_STATES:
        if kept:
            signup.note, signup.updated_at = kept, act.now
        return signup
    lock_waiting(act, [locked, *taken.values()])
    found = _give_back(act, locked, signup, kept)
    for other in taken.values():
        fill_free_places(act, other)
    return found


def still_come(act: Act, shift: Shift) -> Signup:
    """Say that one comes all the same after a change.

    Raises SignInNeeded, or Conflict: without a place, not open any more, "shift_clash" where it
    was moved to the time of another shift that the actor has, or what age, consent or check lacks.
    """
    person_id = _person(act)
    locked = lock_shift(act, shift.id)
    signup = _own(act, locked.id, person_id)
    if signup is None or signup.state is not SignupState.SIGNED_UP:
        raise Conflict("signup_no_place")
    _require_open(act, locked)
    lock_people(act, [person_id])
    _require(keeping_allowed(act, person_id, locked))
    if signup.asked_at is not None or signup.confirmed_at is None:
        _refuse_clash(act, locked, person_id)
        signup.asked_at, signup.confirmed_at, signup.updated_at = None, act.now, act.now
        act.session.flush()
        activity = locked.activity
        act.emit(ComingConfirmed(activity.id, activity.organisation_id, locked.id, person_id))
    return signup


def leave_shifts(act: Act, person_id: int, shift_ids: Collection[int]) -> int:
    """Give back all that a person has in these shifts, on their leaving; returns how many.

    For subscribers: shifts that have begun stay as they are.
    """
    given = 0
    shifts = lock_shifts(act, shift_ids)
    lock_waiting(act, shifts)
    for shift in shifts:
        signup = _own(act, shift.id, person_id)
        if signup is None or signup.state not in LIVE_STATES or shift.starts_at <= act.now:
            continue
        _give_back(act, shift, signup, "")
        given += 1
    return given


def _give_back(act: Act, shift: Shift, signup: Signup | None, note: str) -> Signup:
    had_place = signup is not None and signup.state is SignupState.SIGNED_UP
    news: NewsKind = PlaceGivenBack if had_place else WaitingLeft if signup else ShiftDeclined
    state = SignupState.CANCELLED if signup else SignupState.DECLINED
    if had_place:
        shift.taken -= 1
    found = _answer(act, shift, signup, state, note, news)
    if had_place:
        fill_free_places(act, shift)
    return found


def _answer(
    act: Act,
    shift: Shift,
    signup: Signup | None,
    state: SignupState,
    note: str,
    news: NewsKind,
) -> Signup:
    if signup is None:
        signup = Signup(shift_id=shift.id, person_id=_person(act), created_at=act.now)
        act.session.add(signup)
    if state in LIVE_STATES:
        signup.organisation_id = act.actor.organisation_id
    signup.state, signup.note = state, note
    signup.number = shift.last_number if state is SignupState.WAITING else 0
    signup.answered_at = signup.updated_at = act.now
    signup.moved_up_at = signup.asked_at = signup.confirmed_at = None
    signup.day_told_at = signup.hours_told_at = None
    act.session.flush()
    activity = shift.activity
    act.emit(news(activity.id, activity.organisation_id, shift.id, signup.person_id))
    return signup


def _own(act: Act, shift_id: int, person_id: int) -> Signup | None:
    query = sa.select(Signup).where(Signup.shift_id == shift_id, Signup.person_id == person_id)
    return act.session.scalars(query.execution_options(populate_existing=True)).first()


def _person(act: Act) -> int:
    if act.actor.person_id is None:
        raise SignInNeeded
    return act.actor.person_id


def _noted(note: str) -> str:
    kept = one_line(note)
    if len(kept) > LONGEST_NOTE:
        raise Invalid(fields={"note": ["too_long"]})
    return kept


def _require_open(act: Act, shift: Shift) -> None:
    _require(is_open(shift.activity.state, shift.state, shift.starts_at, act.now))


def _require(decision: Decision) -> None:
    if not decision:
        raise Conflict(decision.code, **decision.params)


def _require_reachable(act: Act, person_id: int) -> None:
    """Who is expected can be told that it is cancelled."""
    person = act.session.get_one(Person, person_id)
    reachable = act.actor.phone_ok or person.phone_ok or person.email_confirmed_at is not None
    decision = may_submit(contact_confirmed=reachable, is_system=act.actor.is_system)
    if not decision:
        raise Forbidden(decision.code)


def _refuse_clash(act: Act, shift: Shift, person_id: int) -> None:
    other = clashing_shifts(act.session, [person_id], shift).get(person_id)
    if other is None:
        return
    raise Conflict("shift_clash", title=other.activity.title, when=when_words(act, other))
