"""Those who were asked and are silent: ask once more, or let their place go after a stated time."""

from collections.abc import Collection
from datetime import timedelta

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.volunteering.kinds import SignupState
from exchange.volunteering.locking import lock_shift, lock_shifts
from exchange.volunteering.messaging.events import ComingAskedAgain, PlaceReleased
from exchange.volunteering.messaging.models import ComingAsk
from exchange.volunteering.messaging.queries import ask_of, silent
from exchange.volunteering.messaging.rules import may_ask_again, may_release
from exchange.volunteering.messaging.sending_service import note_ask
from exchange.volunteering.models import Shift, Signup
from exchange.volunteering.permissions import may_manage
from exchange.volunteering.rules import is_open
from exchange.volunteering.service import reason_of
from exchange.volunteering.signups.filling import fill_free_places, lock_waiting

BATCH = 100


def ask_again(act: Act, shift: Shift, chosen: Collection[str] | None = None) -> list[Signup]:
    """Ask those who are silent once more, or those of them with these public ids; who was asked.

    Nobody is asked more than once a day: without a choice whoever was asked today is left out.
    Raises NotFound, Forbidden, or Conflict: nobody is silent, "asked_today", or it has begun.
    """
    locked = _lock(act, shift)
    signups = _silent(act, locked, chosen)
    if chosen is not None and len(signups) < len(set(chosen)):
        raise NotFound
    due = [one for one in signups if _may_ask(act, locked, one)]
    if not due:
        raise Conflict("asked_today" if signups else "nobody_silent")
    for signup in due:
        note_ask(act, signup)
    act.session.flush()
    for signup in due:
        _tell(act, locked, signup, with_release=False)
    return due


def release_unless(act: Act, shift: Shift, key: str, hours: int, reason: str) -> ComingAsk:
    """Let somebody's place go to others unless they answer within so many hours; they are told.

    Done twice it is done once: the time that was stated first holds. Raises NotFound, Forbidden,
    Invalid, or Conflict when it has begun.
    """
    locked = _lock(act, shift)
    kept_reason = reason_of(reason)
    decision = may_release(hours, locked.starts_at, act.now)
    if not decision:
        raise Invalid(fields={"hours": [decision.code]})
    signup = next(iter(_silent(act, locked, [key])), None)
    if signup is None:
        raise NotFound
    present = ask_of(act.session, signup.id)
    if present is not None and present.release_at is not None:
        return present
    kept = note_ask(act, signup)
    kept.release_at, kept.reason = act.now + timedelta(hours=hours), kept_reason
    act.session.flush()
    _tell(act, locked, signup, with_release=True)
    return kept


def release_due(act: Act, limit: int = BATCH) -> int:
    """Release the places whose time has come; how many were looked at. Only the system does this.

    Whoever has answered meanwhile is asked no more, and keeps the place.
    """
    if not act.actor.is_system:
        raise Forbidden
    query = (
        sa.select(ComingAsk.signup_id, Signup.shift_id)
        .join(Signup, Signup.id == ComingAsk.signup_id)
        .where(ComingAsk.release_at <= act.now)
        .order_by(ComingAsk.release_at, ComingAsk.signup_id)
        .limit(limit)
    )
    due = [(signup_id, shift_id) for signup_id, shift_id in act.session.execute(query)]
    shifts = {one.id: one for one in lock_shifts(act, [shift_id for _, shift_id in due])}
    lock_waiting(act, shifts.values())
    for signup_id, shift_id in due:
        ask = ask_of(act.session, signup_id)
        if ask is not None and ask.release_at is not None and ask.release_at <= act.now:
            _release(act, shifts[shift_id], ask)
    for shift in shifts.values():
        fill_free_places(act, shift)
    return len(due)


def forget_ask(act: Act, shift_id: int, person_id: int) -> None:
    """They have answered, or something else is asked by now: no place goes for this."""
    query = sa.select(Signup.id).where(
        Signup.shift_id == shift_id, Signup.person_id == person_id
    )
    act.session.execute(
        sa.delete(ComingAsk)
        .where(ComingAsk.signup_id.in_(query))
        .execution_options(synchronize_session="fetch")
    )


def _release(act: Act, shift: Shift, ask: ComingAsk) -> None:
    signup = act.session.get_one(Signup, ask.signup_id, populate_existing=True)
    open_now = is_open(shift.activity.state, shift.state, shift.starts_at, act.now)
    silent_still = signup.state is SignupState.SIGNED_UP and signup.asked_at is not None
    if not (open_now and silent_still):
        act.session.delete(ask)
        act.session.flush()
        return
    signup.state, signup.updated_at = SignupState.CANCELLED, act.now
    signup.asked_at = signup.confirmed_at = signup.moved_up_at = None
    shift.taken -= 1
    act.session.flush()
    activity = shift.activity
    act.emit(PlaceReleased(activity.id, activity.organisation_id, shift.id, signup.person_id))
    act.session.delete(ask)
    act.session.flush()


def _lock(act: Act, shift: Shift) -> Shift:
    locked = lock_shift(act, shift.id)
    if not may_manage(act.actor, locked.activity):
        raise Forbidden("activity_not_yours")
    decision = is_open(locked.activity.state, locked.state, locked.starts_at, act.now)
    if not decision:
        raise Conflict(decision.code, **decision.params)
    return locked


def _silent(act: Act, shift: Shift, chosen: Collection[str] | None) -> list[Signup]:
    query = sa.select(Signup).where(
        Signup.shift_id == shift.id,
        Signup.state == SignupState.SIGNED_UP,
        Signup.asked_at.is_not(None),
    )
    if chosen is not None:
        query = query.where(Signup.public_id.in_(sorted(set(chosen))))
    fresh = query.order_by(Signup.id).execution_options(populate_existing=True)
    return list(act.session.scalars(fresh))


def _may_ask(act: Act, shift: Shift, signup: Signup) -> bool:
    found = silent(signup, ask_of(act.session, signup.id), shift)
    return bool(may_ask_again(found.last_asked_at, act.now))


def _tell(act: Act, shift: Shift, signup: Signup, *, with_release: bool) -> None:
    activity = shift.activity
    act.emit(
        ComingAskedAgain(
            activity.id, activity.organisation_id, shift.id, signup.person_id, with_release
        )
    )
