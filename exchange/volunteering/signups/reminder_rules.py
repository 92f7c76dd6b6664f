"""When somebody is reminded of a shift, once the evening before and once shortly before. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

EVENING = time(18)
SHORTLY = timedelta(hours=2)
LATELY = timedelta(hours=24)
DAY_HOURS, SHORT_HOURS = 24, 2  # what the events say


def reminded_until(now: datetime, time_zone: str) -> datetime:
    """Up to which start the reminder of the day before is due: today's and, from six in the
    evening, tomorrow's shifts. What was missed while the site was down is made up for.
    """
    here = now.astimezone(ZoneInfo(time_zone))
    days = 2 if here.time() >= EVENING else 1
    return datetime.combine(here.date() + timedelta(days=days), time(), here.tzinfo)


def evening_before(starts_at: datetime, time_zone: str) -> datetime:
    """The moment of the reminder of the day before."""
    here = starts_at.astimezone(ZoneInfo(time_zone))
    return datetime.combine(here.date() - timedelta(days=1), EVENING, here.tzinfo)


def still_news(moment: datetime, joined_at: datetime) -> bool:
    """Whether a reminder says anything: not to somebody who got the place after its moment."""
    return joined_at < moment


def asks_for_an_answer(
    answered_at: datetime, asked_at: datetime | None, confirmed_at: datetime | None, now: datetime
) -> bool:
    """Whether the reminder of the day before asks: not whoever has said so, or signed up lately."""
    said = asked_at is not None or confirmed_at is not None
    return not said and now - answered_at >= LATELY
