"""Hours: who proposes, approves and objects, and what can be an amount of them. Pure."""

from datetime import datetime, timedelta

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.volunteering.attendance.kinds import Step
from exchange.volunteering.kinds import ShiftState

MOST_MINUTES = 24 * 60
TO_OBJECT = timedelta(days=14)
LONGEST_NOTE = 500
APPROVABLE = (Step.PROPOSED, Step.OBJECTED)


def minutes_allowed(minutes: int) -> Decision:
    """Between nothing and a day."""
    return allow() if 0 <= minutes <= MOST_MINUTES else refuse("hours_minutes_form")


def may_propose(state: ShiftState, ends_at: datetime, now: datetime) -> Decision:
    """Hours are proposed when the shift is over."""
    if state is ShiftState.CANCELLED:
        return refuse("shift_cancelled")
    return allow() if ends_at <= now else refuse("hours_too_early")


def may_approve(step: Step | None, *, is_own: bool, others: int) -> Decision:
    """Whether a manager may approve: nobody their own hours while another manager could.

    ``others`` counts the organisation's other managers.
    """
    if step not in APPROVABLE:
        return refuse("hours_nothing_to_approve")
    return refuse("hours_own") if is_own and others else allow()


def may_object(step: Step | None, decided_at: datetime | None, now: datetime) -> Decision:
    """Whether the volunteer may object: within two weeks after their hours were approved."""
    if step is not Step.APPROVED or decided_at is None:
        return refuse("hours_not_approved")
    return allow() if now - decided_at <= TO_OBJECT else refuse("hours_objection_late")


def split_minutes(minutes: int) -> tuple[int, int]:
    """Hours and minutes."""
    return divmod(minutes, 60)


def decimal_hours(minutes: int) -> str:
    """Hours with two decimals, rounded half up: 95 minutes are 1.58, 439 are 7.32."""
    hundredths = (minutes * 200 + 60) // 120
    return f"{hundredths // 100}.{hundredths % 100:02d}"
