"""When a case has rested for too long, from values alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Cause(StrEnum):
    """What has rested for too long."""

    CLAIMED = "claimed"
    ANSWER = "answer"
    DUE = "due"
    QUIET = "quiet"
    ASSIGNED = "assigned"
    UNCLAIMED = "unclaimed"


@dataclass(frozen=True)
class Patience:
    """How many days each may rest."""

    claimed: int
    answer: int
    due: int

    def days(self, cause: Cause) -> int:
        """For one cause. A need in somebody's hands or in nobody's may rest as long as a pair that
        was taken up; what was agreed without a day, or delivered and not confirmed, twice as long
        as what is late.
        """
        known = {Cause.ANSWER: self.answer, Cause.DUE: self.due, Cause.QUIET: 2 * self.due}
        return known.get(cause, self.claimed)


@dataclass(frozen=True)
class Rest:
    """What a case waits for, and since when nothing has happened."""

    cause: Cause
    since: datetime


def rests(
    *, is_claimed: bool, has_answer: bool, is_agreed: bool, touched: datetime, due: datetime | None
) -> Rest | None:
    """Why a live match waits for its worker; None while it waits for somebody else.

    ``due``: the moment after the first day on which something undelivered is due.
    """
    if is_claimed:
        return Rest(Cause.CLAIMED, touched)
    if has_answer:
        return Rest(Cause.ANSWER, touched)
    if is_agreed:
        return Rest(Cause.DUE, max(touched, due)) if due else Rest(Cause.QUIET, touched)
    return None


def is_time(rest: Rest, patience: Patience, now: datetime) -> bool:
    """Whether the worker is to be reminded; or the supervisors told, where there is no worker."""
    return now - rest.since >= timedelta(days=patience.days(rest.cause))


def is_time_to_tell(cause: Cause, reminded_at: datetime, patience: Patience, now: datetime) -> bool:
    """Whether the supervisors are to be told: as long again after the reminder."""
    return now - reminded_at >= timedelta(days=patience.days(cause))


def days_since(moment: datetime, now: datetime) -> int:
    """Whole days."""
    return max((now - moment) // timedelta(days=1), 0)


def day_after(day: date) -> date:
    """From when on something that is due on a day is overdue."""
    return day + timedelta(days=1)
