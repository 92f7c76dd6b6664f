"""A training of the demonstration: a page to read, a date that is over, one ahead, questions for at
home, and an activity that asks for it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import Actor
from exchange.kernel.clock import FrozenClock
from exchange.kernel.database import db
from exchange.volunteering.kinds import SignupState, Work
from exchange.volunteering.models import Shift
from exchange.volunteering.queries import signups_by_shift
from exchange.volunteering.service import make_activity, publish_activity
from exchange.volunteering.shifts.service import add_shifts
from exchange.volunteering.signups.service import sign_up
from exchange.volunteering.training.completing_service import answer_questions, confirm_at_date
from exchange.volunteering.training.materials_service import add_material, set_questions
from exchange.volunteering.training.models import Training
from exchange.volunteering.training.requiring_service import require_trainings
from exchange.volunteering.training.rules import Question
from exchange.volunteering.training.service import add_date, make_training, publish_training
from exchange.volunteering.training.values import MaterialValues, TrainingValues
from exchange.volunteering.values import ActivityValues, ShiftValues

ORIGIN = "demonstration"
BEFORE = timedelta(days=3)  # so long before its first date it is published


def train(house: House, told: Mapping[str, Any]) -> None:
    """The past date first, with whoever completed it there; then what is ahead."""
    leader = _actor(house, told["leader"])
    past = _evening(house, told, told["past"]["in_days"])
    early = _at(house, past - BEFORE)
    with open_act(early, db.session, leader, ORIGIN) as act:
        training_id = _made(act, leader, told)
        shift_id = _dated(act, training_id, past)
    for phone in told["past"]["join"]:
        with open_act(early, db.session, _actor(house, phone), ORIGIN) as act:
            sign_up(act, act.session.get_one(Shift, shift_id))
    with open_act(_at(house, past + timedelta(hours=2)), db.session, leader, ORIGIN) as act:
        _confirm(act, training_id, shift_id)
    ahead = _evening(house, told, told["ahead"]["in_days"])
    with open_act(house, db.session, leader, ORIGIN) as act:
        shift_id = _dated(act, training_id, ahead)
    for phone in told["ahead"]["join"]:
        with open_act(house, db.session, _actor(house, phone), ORIGIN) as act:
            sign_up(act, act.session.get_one(Shift, shift_id))
    with open_act(house, db.session, _actor(house, told["at_home"]), ORIGIN) as act:
        training = act.session.get_one(Training, training_id)
        answer_questions(act, training, [one["right"] for one in told["questions"]])
    _ask(house, leader, training_id, told["asks"])


def _made(act: Act, leader: Actor, told: Mapping[str, Any]) -> int:
    if leader.organisation_id is None:
        raise LookupError("the story has a training that nobody runs")
    values = TrainingValues(
        title=told["title"],
        learns=told["learns"],
        for_whom=told["for_whom"],
        division_code=told["division"],
        place=told["place"],
        valid_months=told["valid_months"],
    )
    made = make_training(act, leader.organisation_id, values)
    for page in told["pages"]:
        add_material(act, made, MaterialValues(page["title"], "\n".join(page["lines"])))
    questions = [
        Question(one["text"], tuple(one["options"]), one["right"]) for one in told["questions"]
    ]
    set_questions(act, made, questions, len(questions))
    act.session.expire(made, ["materials"])
    publish_training(act, made)
    return made.id


def _dated(act: Act, training_id: int, starts: datetime) -> int:
    values = ShiftValues(starts, starts + timedelta(minutes=90), 1, 20)
    return add_date(act, act.session.get_one(Training, training_id), values).id


def _confirm(act: Act, training_id: int, shift_id: int) -> None:
    people = signups_by_shift(act.session, [shift_id], (SignupState.SIGNED_UP,))[shift_id]
    training, shift = (
        act.session.get_one(Training, training_id),
        act.session.get_one(Shift, shift_id),
    )
    confirm_at_date(act, training, shift, [one.public_id for one in people])


def _ask(house: House, leader: Actor, training_id: int, told: Mapping[str, Any]) -> None:
    """The activity that asks for it, and who comes."""
    starts = _evening(house, told, told["in_days"])
    with open_act(house, db.session, leader, ORIGIN) as act:
        values = ActivityValues(
            title=told["title"],
            text=told["text"],
            division_code=told["division"],
            place=told["place"],
            work=Work.COMPANY,
            skills=("elder_care",),
        )
        activity = make_activity(act, leader.organisation_id or 0, values)
        hours = timedelta(hours=2)
        shift_id = add_shifts(act, activity, ShiftValues(starts, starts + hours, 2, 6))[0].id
        training = act.session.get_one(Training, training_id)
        require_trainings(act, activity, [training.public_id])
        publish_activity(act, activity)
    for phone in told["join"]:
        with open_act(house, db.session, _actor(house, phone), ORIGIN) as act:
            sign_up(act, act.session.get_one(Shift, shift_id))


def _evening(house: House, told: Mapping[str, Any], days: int) -> datetime:
    now = house.clock.now().astimezone(ZoneInfo(house.settings.time_zone))
    day = now.date() + timedelta(days=days)
    return datetime.combine(day, time.fromisoformat(told["starts"]), now.tzinfo)


def _at(house: House, moment: datetime) -> House:
    return replace(house, clock=FrozenClock(moment))


def _actor(house: House, phone: str) -> Actor:
    person = find_person(db.session(), house.secrets, Address(AddressKind.PHONE, phone))
    if person is None:
        raise LookupError("the story has a training with somebody who is not in it")
    return load_actor(db.session(), person.id)
