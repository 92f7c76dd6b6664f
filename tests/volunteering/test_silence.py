"""Who has not answered: asked again, and the place given on after a stated time."""

from datetime import timedelta

import pytest

from exchange.kernel.errors import Conflict, Forbidden
from exchange.volunteering.kinds import SignupState
from exchange.volunteering.messaging.kinds import Answer, AskedBy
from exchange.volunteering.messaging.queries import silent_of
from exchange.volunteering.messaging.silence_service import (
    ask_again,
    release_due,
)
from exchange.volunteering.models import Shift
from exchange.volunteering.shifts.service import change_shift
from exchange.volunteering.signups.reminding import remind_of_the_day
from tests.conftest import SettableClock
from tests.volunteering.conftest import SATURDAY, Group
from tests.volunteering.messages_scene import (
    answer,
    ask,
    letter,
    release,
    send,
    silent_people,
    system,
)


def test_the_reminder_asks_and_a_change_asks(group: Group, clock: SettableClock) -> None:
    _, (shift,) = group.run()
    who, late = group.volunteer(), group.volunteer()
    group.joins(who, shift)
    clock.set(SATURDAY - timedelta(hours=16))
    group.joins(late, shift)
    clock.set(SATURDAY - timedelta(hours=14))
    with system(group) as act:
        remind_of_the_day(act)
    assert silent_people(group, shift) == [who.person_id]
    assert "shift_tomorrow_ask" in group.told(who)
    assert "shift_tomorrow" in group.told(late)
    fresh = group.fresh(shift)
    (one,) = silent_of(group.session, [fresh])[fresh.id]
    assert one.by is AskedBy.REMINDER
    with group.act_as(group.leader.actor) as act:
        later = group.shift(SATURDAY + timedelta(hours=1))
        change_shift(act, act.session.get_one(Shift, shift.id), later)
    assert set(silent_people(group, shift)) == {who.person_id, late.person_id}


def test_the_silent_are_asked_again_but_not_twice_a_day(
    group: Group, clock: SettableClock
) -> None:
    _, (shift,) = group.run(group.shift(SATURDAY + timedelta(days=7)))
    who, other = group.volunteer(), group.volunteer()
    for one in (who, other):
        group.joins(one, shift)
    with pytest.raises(Conflict, match="nobody_silent"):
        ask(group, shift)
    send(group, shift, letter(wants_answer=True))
    with pytest.raises(Conflict, match="asked_today"):
        ask(group, shift)
    clock.set(clock.now() + timedelta(hours=25))
    assert ask(group, shift, who) == 1
    assert ask(group, shift) == 1  # the other one
    assert group.told(who).count("shift_asked_again") == 1
    with pytest.raises(Conflict, match="asked_today"):
        ask(group, shift, who)
    with group.act_as(group.helper.actor) as act, pytest.raises(Forbidden):
        ask_again(act, act.session.get_one(Shift, shift.id))


def test_a_place_goes_to_the_next_one_when_the_time_is_over(
    group: Group, clock: SettableClock
) -> None:
    _, (shift,) = group.run(group.shift(maximum=1))
    silent, waits = group.volunteer(), group.volunteer()
    group.joins(silent, shift)
    group.joins(waits, shift)
    send(group, shift, letter(wants_answer=True))
    release(group, shift, silent)
    release(group, shift, silent, 6)
    assert group.told(silent).count("shift_release_asked") == 1
    with system(group) as act:
        assert release_due(act) == 0
    clock.set(clock.now() + timedelta(hours=3))
    with system(group) as act:
        assert release_due(act) == 1
    assert group.state(silent, shift) is SignupState.CANCELLED
    assert group.state(waits, shift) is SignupState.SIGNED_UP
    assert group.fresh(shift).taken == 1
    assert group.told(silent)[-1] == "shift_released"
    assert group.told(waits)[-1] == "shift_moved_up"
    with system(group) as act:
        assert release_due(act) == 0
    with group.act_as(group.leader.actor) as act, pytest.raises(Forbidden):
        release_due(act)


def test_whoever_answers_in_time_keeps_the_place(group: Group, clock: SettableClock) -> None:
    _, (shift,) = group.run()
    who = group.volunteer()
    group.joins(who, shift)
    made = send(group, shift, letter(wants_answer=True))
    release(group, shift, who)
    answer(group, who, made, Answer.COMING)
    clock.set(clock.now() + timedelta(hours=4))
    with system(group) as act:
        assert release_due(act) == 0
    assert group.state(who, shift) is SignupState.SIGNED_UP


def test_a_change_of_the_time_takes_the_stated_hour_back(
    group: Group, clock: SettableClock
) -> None:
    _, (shift,) = group.run()
    who = group.volunteer()
    group.joins(who, shift)
    send(group, shift, letter(wants_answer=True))
    release(group, shift, who)
    with group.act_as(group.leader.actor) as act:
        later = group.shift(SATURDAY + timedelta(hours=1))
        change_shift(act, act.session.get_one(Shift, shift.id), later)
    clock.set(clock.now() + timedelta(hours=4))
    with system(group) as act:
        assert release_due(act) == 0
    assert group.state(who, shift) is SignupState.SIGNED_UP
