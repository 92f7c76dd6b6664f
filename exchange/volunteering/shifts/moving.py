"""A shift at another time or place: calendars hear of it, and whoever has a place is asked anew."""

from exchange.kernel.act import Act
from exchange.volunteering.events import ComingAsked, ShiftMoved
from exchange.volunteering.kinds import ActivityState, SignupState
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.queries import signups_by_shift


def announce_move(act: Act, activity: Activity, shift: Shift) -> None:
    """Tell everybody at once. The caller holds the shift's lock and has written the change."""
    shift.moved_at = act.now
    count_change(act, shift)
    act.emit(ShiftMoved(activity.id, activity.organisation_id, shift.id))
    _ask_anew(act, activity, shift)


def count_change(act: Act, shift: Shift) -> None:
    """It is another version now, for forms and calendars."""
    shift.version += 1
    shift.updated_at = act.now
    act.session.flush()


def _ask_anew(act: Act, activity: Activity, shift: Shift) -> None:
    if activity.state is not ActivityState.PUBLISHED:
        return
    present = signups_by_shift(act.session, [shift.id], (SignupState.SIGNED_UP,))[shift.id]
    for signup in present:
        signup.asked_at, signup.confirmed_at = act.now, None
        signup.day_told_at = signup.hours_told_at = None
        signup.updated_at = act.now
    act.session.flush()
    for signup in present:
        act.emit(ComingAsked(activity.id, activity.organisation_id, shift.id, signup.person_id))
