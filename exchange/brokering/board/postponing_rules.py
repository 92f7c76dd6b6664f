"""Until when a match may rest, and when a side may be reminded, from values alone."""

from datetime import date, datetime, timedelta

from exchange.brokering.kinds import Answer
from exchange.kernel.decisions import Decision, allow, refuse

MOST_DAYS = 90
REMIND_AGAIN_AFTER = timedelta(days=1)


def may_postpone(
    day: date, today: date, *, lapses_on: date | None, due_on: date | None
) -> Decision:
    """Whether a match may rest until a day: a later one, not too far, and not past what is due.

    ``lapses_on``: the day on which its proposal lapses. ``due_on``: the first day on which
    something undelivered is due; one that has passed already is no obstacle.
    """
    if day <= today:
        return refuse("postpone_not_later")
    if day > today + timedelta(days=MOST_DAYS):
        return refuse("postpone_too_far", days=MOST_DAYS)
    if lapses_on is not None and day > lapses_on:
        return refuse("postpone_past_lapse", day=lapses_on)
    if due_on is not None and today <= due_on < day:
        return refuse("postpone_past_due", day=due_on)
    return allow()


def may_remind(
    answer: Answer, *, asked_at: datetime | None, reminded_at: datetime | None, now: datetime
) -> Decision:
    """Whether a side may be reminded: it has not answered, and heard of this a day ago or more."""
    if answer is not Answer.PENDING:
        return refuse("match_already_answered")
    heard = max((one for one in (asked_at, reminded_at) if one is not None), default=None)
    if heard is not None and now - heard < REMIND_AGAIN_AFTER:
        return refuse("reminded_lately" if reminded_at else "asked_lately")
    return allow()


def is_last_reminder_due(
    *, reminded_at: datetime | None, remind_at: datetime, now: datetime
) -> bool:
    """Whether the reminder before the lapse goes out: once, and not on top of another."""
    if now < remind_at:
        return False
    if reminded_at is None:
        return True
    return reminded_at < remind_at and now - reminded_at >= REMIND_AGAIN_AFTER
