"""Shifts as entries of calendars."""

from datetime import timedelta

from exchange.volunteering.kinds import ActivityState, ShiftState, SignupState
from exchange.volunteering.models import Activity, Shift, Signup
from exchange.web.calendar_file import CalendarEvent

ALARM = timedelta(hours=2)


def own_entry(signup: Signup, base_url: str) -> CalendarEvent:
    """For the volunteer: with the meeting point and the safety note; tentative while they wait."""
    shift = signup.shift
    activity = shift.activity
    comes = signup.state is SignupState.SIGNED_UP
    exact = activity.meeting_point if comes else ""
    text = "\n".join(part for part in (_role(shift), activity.safety_note) if part)
    return _entry(
        shift,
        activity,
        base_url,
        place=shift.place or exact or activity.place,
        text=text,
        is_tentative=not comes,
        alarm=ALARM if comes else None,
    )


def public_entry(shift: Shift, base_url: str) -> CalendarEvent:
    """For everybody: what also stands on the page of the activity."""
    activity = shift.activity
    return _entry(shift, activity, base_url, shift.place or activity.place, _role(shift))


def _role(shift: Shift) -> str:
    return shift.role.name if shift.role else ""


def _entry(
    shift: Shift,
    activity: Activity,
    base_url: str,
    place: str,
    text: str,
    *,
    is_tentative: bool = False,
    alarm: timedelta | None = None,
) -> CalendarEvent:
    cancelled = shift.state is ShiftState.CANCELLED or activity.state is ActivityState.CANCELLED
    return CalendarEvent(
        uid=f"shift-{shift.public_id}@{base_url.partition('//')[2].strip('/') or 'exchange'}",
        title=activity.title,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        changed_at=shift.updated_at,
        place=place,
        text=text,
        url=f"{base_url.rstrip('/')}/activities/{activity.public_id}",
        sequence=shift.version - 1,
        is_cancelled=cancelled,
        is_tentative=is_tentative,
        alarm=alarm,
    )
