"""Places that are free go to the waiting list, in its order and in the same act."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.volunteering.events import MovedUp
from exchange.volunteering.gates import joining_allowed
from exchange.volunteering.kinds import SignupState
from exchange.volunteering.locking import lock_people
from exchange.volunteering.models import Shift, Signup
from exchange.volunteering.queries import clashing_shifts
from exchange.volunteering.rules import is_open, next_up


def fill_free_places(act: Act, shift: Shift, but: Collection[int] = ()) -> list[Signup]:
    """Let the first of the waiting list move up, as many as there are places; returns them.

    The caller holds the shift's lock. Whoever has another shift at that time by now, or may not
    come any more, keeps their number and is passed over; so are those in ``but``.
    """
    open_now = is_open(shift.activity.state, shift.state, shift.starts_at, act.now)
    if shift.free <= 0 or not open_now:
        return []
    act.session.flush()
    waiting = {one.person_id: one for one in _waiting(act, shift) if one.person_id not in but}
    lock_people(act, waiting.keys())
    clashing = clashing_shifts(act.session, waiting.keys(), shift)
    free = shift.free
    moved: list[Signup] = []
    for person_id in next_up(waiting, clashing.keys(), len(waiting)):
        if len(moved) == free:
            break
        if joining_allowed(act, person_id, shift):
            _move_up(act, shift, waiting[person_id])
            moved.append(waiting[person_id])
    for signup in moved:
        activity = shift.activity
        act.emit(MovedUp(activity.id, activity.organisation_id, shift.id, signup.person_id))
    return moved


def _move_up(act: Act, shift: Shift, signup: Signup) -> None:
    """Written at once: whether the next one may come depends on who is in by then."""
    signup.state, signup.moved_up_at = SignupState.SIGNED_UP, act.now
    signup.updated_at = act.now
    shift.taken += 1
    act.session.flush()


def lock_waiting(act: Act, shifts: Iterable[Shift]) -> None:
    """Lock everybody who waits for one of several shifts, before places of any go to them."""
    lock_people(act, _who_waits(act, shifts))


def _who_waits(act: Act, shifts: Iterable[Shift]) -> set[int]:
    query = sa.select(Signup.person_id).where(
        Signup.shift_id.in_([shift.id for shift in shifts]), Signup.state == SignupState.WAITING
    )
    return set(act.session.scalars(query))


def let_waiting_first(act: Act, shift: Shift, person_id: int) -> None:
    """Lock somebody who wants a place in a shift; a free one goes to those who wait for it before.

    The caller holds the shift's lock. Whoever was passed over, for another shift at that time or
    for what they lacked, may come by now; without anybody who waits it is one query.
    """
    waiting = _who_waits(act, [shift]) if shift.free > 0 else set()
    lock_people(act, {person_id, *waiting})
    if waiting:
        fill_free_places(act, shift)


def _waiting(act: Act, shift: Shift) -> list[Signup]:
    query = sa.select(Signup).where(
        Signup.shift_id == shift.id, Signup.state == SignupState.WAITING
    )
    fresh = query.order_by(Signup.number, Signup.id).execution_options(populate_existing=True)
    return list(act.session.scalars(fresh))
