"""Reminding those who come, and telling coordinators of shifts that lack people."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden
from exchange.volunteering.events import ShiftReminded, ShiftShort
from exchange.volunteering.kinds import ActivityState, ShiftState, SignupState
from exchange.volunteering.models import Activity, Shift, Signup
from exchange.volunteering.rules import LONGEST_WARNING, SHORTEST_WARNING
from exchange.volunteering.signups.reminder_rules import (
    DAY_HOURS,
    SHORT_HOURS,
    SHORTLY,
    asks_for_an_answer,
    evening_before,
    reminded_until,
    still_news,
)

BATCH = 200


def remind_of_the_day(act: Act, limit: int = BATCH) -> int:
    """The evening before, once; returns how many were looked at. Only the system does this.

    Whoever has not said so lately is asked whether they come.
    """
    zone = act.house.settings.time_zone
    later = Shift.starts_at > act.now + SHORTLY
    due = sa.and_(later, Shift.starts_at < reminded_until(act.now, zone))
    found = _due(act, sa.and_(due, Signup.day_told_at.is_(None)), limit)
    for signup in found:
        signup.day_told_at = act.now
        moment = evening_before(signup.shift.starts_at, zone)
        joined_at = signup.moved_up_at or signup.answered_at
        if still_news(moment, joined_at):
            asks = asks_for_an_answer(joined_at, signup.asked_at, signup.confirmed_at, act.now)
            if asks:
                signup.asked_at = act.now
            _remind(act, signup, DAY_HOURS, asks=asks)
    act.session.flush()
    return len(found)


def remind_shortly(act: Act, limit: int = BATCH) -> int:
    """Two hours before, once; returns how many were looked at. Only the system does this."""
    soon = Shift.starts_at <= act.now + SHORTLY
    due = sa.and_(Shift.starts_at > act.now, soon, Signup.hours_told_at.is_(None))
    found = _due(act, due, limit)
    for signup in found:
        signup.hours_told_at = act.now
        moment = signup.shift.starts_at - SHORTLY
        if still_news(moment, signup.moved_up_at or signup.answered_at):
            _remind(act, signup, SHORT_HOURS)
    act.session.flush()
    return len(found)


def tell_of_lacks(act: Act, limit: int = BATCH) -> int:
    """Coordinators hear once, so many days before as the activity says, that people are missing."""
    _require_system(act)
    within = (
        sa.and_(Activity.warning_days == days, Shift.starts_at <= act.now + timedelta(days=days))
        for days in range(SHORTEST_WARNING, LONGEST_WARNING + 1)
    )
    query = (
        sa.select(Shift)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            Activity.state == ActivityState.PUBLISHED,
            Shift.state == ShiftState.OPEN,
            Shift.starts_at > act.now,
            Shift.taken < Shift.minimum,
            Shift.short_told_at.is_(None),
            sa.or_(*within),
        )
        .options(contains_eager(Shift.activity))
        .order_by(Shift.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Shift)
    )
    found = act.session.scalars(query).all()
    for shift in found:
        shift.short_told_at = act.now
        activity = shift.activity
        act.emit(ShiftShort(activity.id, activity.organisation_id, shift.id, shift.missing))
    act.session.flush()
    return len(found)


def _due(act: Act, due: ColumnElement[bool], limit: int) -> list[Signup]:
    _require_system(act)
    query = (
        sa.select(Signup)
        .join(Shift, Shift.id == Signup.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            Signup.state == SignupState.SIGNED_UP,
            Shift.state == ShiftState.OPEN,
            Activity.state == ActivityState.PUBLISHED,
            due,
        )
        .options(contains_eager(Signup.shift).contains_eager(Shift.activity))
        .order_by(Signup.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Signup)
    )
    return list(act.session.scalars(query))


def _remind(act: Act, signup: Signup, hours: int, *, asks: bool = False) -> None:
    shift = signup.shift
    activity = shift.activity
    act.emit(
        ShiftReminded(
            activity.id, activity.organisation_id, shift.id, signup.person_id, hours, asks
        )
    )


def _require_system(act: Act) -> None:
    if not act.actor.is_system:
        raise Forbidden
