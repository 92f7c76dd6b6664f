"""Hiding an activity from all but its own people, those who signed up, and the brokers."""

from exchange.kernel.act import Act
from exchange.volunteering.events import ActivityHeld
from exchange.volunteering.locking import lock_shifts
from exchange.volunteering.models import Activity
from exchange.volunteering.queries import open_shifts_ahead
from exchange.volunteering.signups.filling import fill_free_places, lock_waiting


def set_held(act: Act, activity: Activity, *, held: bool) -> bool:
    """Hide it or show it; return whether that changed anything. Nobody signs up meanwhile.

    The caller has decided that it may be done, holds the lock of the row, and tells the owner.
    """
    if held is (activity.held_at is not None):
        return False
    activity.held_at = act.now if held else None
    activity.version += 1
    activity.updated_at = act.now
    act.session.flush()
    act.emit(ActivityHeld(activity.id, activity.organisation_id))
    if not held:
        _go_on(act, activity)
    return True


def _go_on(act: Act, activity: Activity) -> None:
    """Places that were given back meanwhile go to those who wait."""
    ahead = open_shifts_ahead(act.session, activity.id, act.now)
    shifts = lock_shifts(act, [one.id for one in ahead])
    lock_waiting(act, shifts)
    for shift in shifts:
        fill_free_places(act, shift)
