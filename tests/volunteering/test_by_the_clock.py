"""Reminders, lacks of people, ends: what happens by the clock, each once."""

from collections.abc import Callable
from datetime import datetime, timedelta

from exchange.volunteering.jobs import end_activities, remind_volunteers
from exchange.volunteering.kinds import ActivityState
from exchange.volunteering.models import Activity
from tests.conftest import SettableClock
from tests.volunteering.conftest import SATURDAY, Group

At = Callable[[datetime], None]
EVENING = SATURDAY - timedelta(hours=15)  # six on Friday


def remind(group: Group) -> None:
    run = group.cast.app.extensions["exchange.jobs"]
    with run.context():
        remind_volunteers.handler(run, [])
        remind_volunteers.handler(run, [])  # jobs may run twice


def test_who_comes_is_reminded_the_evening_before_and_two_hours_before(
    group: Group, clock: SettableClock
) -> None:
    _, (shift,) = group.run(group.shift(maximum=1, minimum=0))
    first, waits = group.volunteer(), group.volunteer()
    group.joins(first, shift)
    group.joins(waits, shift)
    clock.set(EVENING - timedelta(minutes=1))
    remind(group)
    assert group.told(first) == []
    clock.set(EVENING)
    remind(group)
    assert group.told(first) == ["shift_tomorrow_ask"]
    clock.set(SATURDAY - timedelta(hours=2))
    remind(group)
    assert group.told(first) == ["shift_tomorrow_ask", "shift_soon"]
    assert group.told(waits) == []


def test_who_signs_up_after_the_evening_is_reminded_shortly_before_only(
    group: Group, clock: SettableClock
) -> None:
    _, (shift,) = group.run(group.shift(minimum=0))
    clock.set(EVENING + timedelta(hours=2))
    who = group.volunteer()
    group.joins(who, shift)
    remind(group)
    clock.set(SATURDAY - timedelta(hours=1))
    remind(group)
    assert group.told(who) == ["shift_soon"]


def test_coordinators_hear_once_that_people_are_missing(group: Group, clock: SettableClock) -> None:
    group.run(group.shift(minimum=2), warning_days=3)
    clock.set(SATURDAY - timedelta(days=3, minutes=1))
    remind(group)
    assert group.told(group.leader) == []
    clock.set(SATURDAY - timedelta(days=3))
    remind(group)
    assert group.told(group.leader) == ["shift_short"]


def test_an_activity_is_over_when_its_last_shift_is(group: Group, clock: SettableClock) -> None:
    activity, _ = group.run()
    run = group.cast.app.extensions["exchange.jobs"]
    clock.set(SATURDAY + timedelta(hours=3))
    with run.context():
        end_activities.handler(run, [])
    group.session.rollback()
    assert group.session.get_one(Activity, activity.id).state is ActivityState.PUBLISHED
    clock.set(SATURDAY + timedelta(hours=15))
    with run.context():
        end_activities.handler(run, [])
    group.session.rollback()
    assert group.session.get_one(Activity, activity.id).state is ActivityState.ENDED
