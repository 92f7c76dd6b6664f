"""Putting somebody on the list of a shift who came without signing up."""

from datetime import datetime

import sqlalchemy as sa

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.models import Person
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address
from exchange.kernel.act import Act
from exchange.kernel.decisions import Decision
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.volunteering.attendance.permissions import may_mark
from exchange.volunteering.attendance.queries import own_signup
from exchange.volunteering.attendance.rules import admitting_allowed, list_open
from exchange.volunteering.events import PlaceTaken
from exchange.volunteering.gates import joining_allowed
from exchange.volunteering.kinds import SignupState
from exchange.volunteering.locking import lock_people, lock_shift
from exchange.volunteering.models import Shift, Signup
from exchange.volunteering.permissions import may_join
from exchange.volunteering.queries import clashing_shifts


def admit(act: Act, shift: Shift, address: Address) -> Signup:
    """Give whoever signs in with this address a free place; with one already it stays.

    What else must hold before somebody signs up holds here, too, and they are told. Raises
    Forbidden, Invalid where nobody has confirmed the address, or Conflict: the activity is not
    published or its organisation not verified, full, a clash, or too late.
    """
    locked = lock_shift(act, shift.id)
    if not may_mark(act.actor, locked.activity):
        raise Forbidden("activity_not_yours")
    decision = may_admit(locked, act.now)
    if not decision:
        raise Conflict(decision.code, **decision.params)
    person = _person(act, address)
    signup = own_signup(act.session, locked.id, person.id)
    if signup is not None and signup.state is SignupState.SIGNED_UP:
        return signup
    _require_joinable(act, locked, person)
    if locked.free <= 0:
        raise Conflict("attend_full")
    locked.taken += 1
    signup = _give_place(act, locked, signup, person)
    act.session.flush()
    activity = locked.activity
    act.emit(PlaceTaken(activity.id, activity.organisation_id, locked.id, person.id))
    return signup


def may_admit(shift: Shift, now: datetime) -> Decision:
    """Whether somebody may be put on the list of a shift at a moment."""
    decision = list_open(shift.state, shift.starts_at, shift.ends_at, now)
    if not decision:
        return decision
    activity = shift.activity
    return admitting_allowed(activity.state, verified=activity.organisation.is_verified)


def _person(act: Act, address: Address) -> Person:
    found = find_person(act.session, act.house.secrets, address)
    if found is None or not (found.phone_ok or found.email_confirmed_at):
        raise Invalid(fields={"phone": ["attend_nobody"]})
    lock_people(act, [found.id])
    return found


def _require_joinable(act: Act, shift: Shift, person: Person) -> None:
    them = load_actor(act.session, person.id)
    if not may_join(them, shift.activity):
        raise Conflict("activity_members_only")
    if clashing_shifts(act.session, [person.id], shift):
        raise Conflict("attend_clash")
    gate = joining_allowed(act, person.id, shift)
    if not gate:
        raise Conflict(gate.code, **gate.params)


def _give_place(act: Act, shift: Shift, signup: Signup | None, person: Person) -> Signup:
    if signup is None:
        own = sa.select(Person.acting_organisation_id).where(Person.id == person.id)
        signup = Signup(
            shift_id=shift.id,
            person_id=person.id,
            organisation_id=act.session.scalar(own),
            created_at=act.now,
        )
        act.session.add(signup)
    signup.state = SignupState.SIGNED_UP
    signup.asked_at = None
    signup.answered_at = signup.updated_at = act.now
    return signup
