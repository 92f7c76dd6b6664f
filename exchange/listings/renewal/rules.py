"""How long a listing lasts once more, when its owner is asked, and which season comes next."""

from datetime import date, timedelta

from exchange.kernel.decisions import Decision, allow, refuse
from exchange.listings.kinds import OPEN_STATES, State

NOTICES = (7, 1)  # so many days before the last day the owner is asked whether it is still needed
RENEWED_FROM, RENEWED_LONG_AFTER = timedelta(days=14), timedelta(days=60)
SHORTEST, LONGEST = timedelta(days=7), timedelta(days=180)
# By the root of the category, for what has no span of its own: days.
USUAL_DAYS = {
    "market": 30, "logistics": 30, "materials": 60, "volunteers": 60, "services": 90,
    "training": 90, "equipment": 90, "talent": 120, "technology": 120, "cooperation": 180,
    "policy": 180, "funds": 180,
}  # fmt: skip
OTHERWISE_DAYS = 60
FARTHEST_RETURN = timedelta(days=731)
LATEST_DAY = 28  # of a month: the day that every February has


def notice_due(to_date: date | None, today: date, told_days: int | None) -> int | None:
    """Of which notice it is time now, in days before the last day; each is given once, and none
    after a nearer one.
    """
    if to_date is None or to_date < today:
        return None
    left = (to_date - today).days
    reached = [days for days in NOTICES if left <= days]
    if not reached or (told_days is not None and told_days <= reached[-1]):
        return None
    return reached[-1]


def may_renew(state: State, to_date: date | None, today: date) -> Decision:
    """Whether a tap prolongs it: near its last day, or for some time after it."""
    if to_date is None:
        return refuse("renew_no_last_day")
    if state in OPEN_STATES and to_date - today <= RENEWED_FROM:
        return allow()
    if state is State.EXPIRED and today - to_date <= RENEWED_LONG_AFTER:
        return allow()
    return refuse("renew_not_due")


def renewed_until(
    to_date: date | None, published_on: date | None, category: str | None, today: date
) -> date:
    """The new last day: as long again as it was to stand, else as such things usually do."""
    if to_date is not None and published_on is not None and published_on < to_date:
        span = min(max(to_date - published_on, SHORTEST), LONGEST)
    else:
        root = (category or "").partition(".")[0]
        span = timedelta(days=USUAL_DAYS.get(root, OTHERWISE_DAYS))
    return max(today, to_date or today) + span


def return_allowed(until: date, today: date) -> Decision:
    """Whether a listing may be set aside until that day."""
    if until <= today:
        return refuse("return_not_ahead")
    return allow() if until - today <= FARTHEST_RETURN else refuse("dates_too_far")


def next_season(
    from_date: date | None, to_date: date | None, category: str | None, today: date
) -> tuple[date | None, date | None]:
    """The days of a listing that comes back: a season that is over begins again in a later year;
    without a first day it lasts as such things usually do.
    """
    if to_date is None or to_date >= today:
        return from_date, to_date
    if from_date is None:
        return None, renewed_until(None, None, category, today)
    first, last = from_date, to_date
    while last < today:
        first, last = _year_later(first), _year_later(last)
    return first, last


def _year_later(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        day = day.replace(day=LATEST_DAY)
    return day.replace(year=day.year + 1)
