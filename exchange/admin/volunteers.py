"""Volunteer activities of the demonstration: one that repeats, one that is full, one in draft."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.kernel.database import db
from exchange.volunteering.kinds import Repeat, Work
from exchange.volunteering.messaging.answering_service import answer_message
from exchange.volunteering.messaging.kinds import Addressed, Answer
from exchange.volunteering.messaging.sending_service import Letter, send_message
from exchange.volunteering.models import Shift
from exchange.volunteering.service import make_activity, publish_activity
from exchange.volunteering.shifts.service import add_shifts
from exchange.volunteering.signups.service import say_no, sign_up
from exchange.volunteering.values import ActivityValues, ShiftValues


def volunteer(house: House, told: Sequence[Mapping[str, Any]]) -> None:
    """Each is made by who leads it, and answered to by others."""
    for one in told:
        leader = _actor(house, one["leader"])
        with open_act(house, db.session, leader, "demonstration") as act:
            shift_id = _made(act, leader, one)
        for phone in one["join"]:
            with open_act(house, db.session, _actor(house, phone), "demonstration") as act:
                sign_up(act, act.session.get_one(Shift, shift_id))
        for phone in one["decline"]:
            with open_act(house, db.session, _actor(house, phone), "demonstration") as act:
                say_no(act, act.session.get_one(Shift, shift_id))
        if "message" in one:
            _write(house, leader, shift_id, one["message"])


def _write(house: House, leader: Actor, shift_id: int, told: Mapping[str, Any]) -> None:
    """Whoever leads it writes to those who come; some answer, the others are silent."""
    with open_act(house, db.session, leader, "demonstration") as act:
        letter = Letter(told["text"], Addressed.PLACED, "demonstration", wants_answer=True)
        message = send_message(act, act.session.get_one(Shift, shift_id), letter).public_id
    for phone, said in told["answers"].items():
        answer = Answer(said)
        note = told["question"] if answer is Answer.QUESTION else ""
        with open_act(house, db.session, _actor(house, phone), "demonstration") as act:
            answer_message(act, message, answer, note)


def _made(act: Act, leader: Actor, one: Mapping[str, Any]) -> int:
    """The activity with its shifts; the id of the first."""
    if leader.organisation_id is None:
        raise LookupError("the story has an activity that nobody runs")
    made = make_activity(act, leader.organisation_id, _values(one))
    repeat = Repeat(one["repeat"]) if one["repeat"] else None
    shift = _shift(act, one)
    until = civil_date(shift.starts_at) + timedelta(weeks=one["weeks"])
    shifts = add_shifts(act, made, shift, repeat, until if repeat else None)
    if not one["draft"]:
        publish_activity(act, made)
    return shifts[0].id


def _values(one: Mapping[str, Any]) -> ActivityValues:
    return ActivityValues(
        title=one["title"],
        division_code=one["division"],
        text=one["text"],
        work=Work(one["work"]),
        place=one["place"],
        meeting_point=one["meeting_point"],
        safety_note=one["safety_note"],
        skills=tuple(one["skills"]),
        with_children=one["children"],
        is_outdoor=one["outdoor"],
    )


def _shift(act: Act, one: Mapping[str, Any]) -> ShiftValues:
    zone = ZoneInfo(act.house.settings.time_zone)
    day = act.today + timedelta(days=one["in_days"])
    if "weekday" in one:
        day += timedelta(days=(one["weekday"] - day.weekday()) % 7)
    starts = datetime.combine(day, time.fromisoformat(one["starts"]), zone)
    ends = starts + timedelta(hours=one["hours"])
    return ShiftValues(starts, ends, one["minimum"], one["maximum"])


def _actor(house: House, phone: str) -> Actor:
    person = find_person(db.session(), house.secrets, Address(AddressKind.PHONE, phone))
    if person is None:
        raise LookupError("the story has an activity with somebody who is not in it")
    return load_actor(db.session(), person.id)
