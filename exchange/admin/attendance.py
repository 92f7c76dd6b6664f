"""Who came to activities of the demonstration: hours that are approved, wait, and are objected to,
a certificate, and a shift that goes on now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind
from exchange.kernel.act import House, open_act
from exchange.kernel.actor import Actor
from exchange.kernel.clock import FrozenClock
from exchange.kernel.database import db
from exchange.volunteering.attendance.certificate_service import Scope, issue_certificate
from exchange.volunteering.attendance.hours_service import (
    Chosen,
    Proposal,
    approve_hours,
    object_to_hours,
    propose_hours,
)
from exchange.volunteering.attendance.kinds import MarkKind
from exchange.volunteering.attendance.number_service import give_number
from exchange.volunteering.attendance.queries import people_of
from exchange.volunteering.attendance.service import Tick, mark_by_code, mark_by_list
from exchange.volunteering.kinds import Work
from exchange.volunteering.models import Shift
from exchange.volunteering.service import make_activity, publish_activity
from exchange.volunteering.shifts.service import add_shifts
from exchange.volunteering.signups.service import sign_up
from exchange.volunteering.values import ActivityValues, ShiftValues

LONG = timedelta(hours=2, minutes=30)


def attend(house: House, told: Mapping[str, Any]) -> None:
    """A shift of last week with its hours, and one that began half an hour ago."""
    now = house.clock.now().replace(second=0, microsecond=0)
    leader = _actor(house, told["leader"])
    begun = now - timedelta(days=told["past"]["days_ago"])
    shift_id = _shift(house, told, told["past"], leader, begun)
    phones: Sequence[str] = told["past"]["join"]
    _mark(house, leader, shift_id, phones, begun)
    _count(house, leader, shift_id, phones, begun)
    _answer(house, told, leader, shift_id)
    today = now - timedelta(minutes=30)
    running = _shift(house, told, told["today"], leader, today)
    first = told["today"]["join"][0]
    with open_act(_at(house, today), db.session, _actor(house, first), "demonstration") as act:
        mark_by_code(act, act.session.get_one(Shift, running), MarkKind.CAME, act.now)


def _shift(
    house: House, told: Mapping[str, Any], one: Mapping[str, Any], leader: Actor, begins: datetime
) -> int:
    """The activity, published two days before, with one shift and whoever comes."""
    past = _at(house, begins - timedelta(days=2))
    if leader.organisation_id is None:
        raise LookupError("the story has an activity that nobody runs")
    with open_act(past, db.session, leader, "demonstration") as act:
        values = ActivityValues(
            title=one["title"],
            text=one["text"],
            division_code=told["division"],
            place=told["place"],
            work=Work.COMPANY,
        )
        made = make_activity(act, leader.organisation_id, values)
        shift = add_shifts(act, made, ShiftValues(begins, begins + LONG, 1, 8))[0]
        publish_activity(act, made)
        shift_id = shift.id
    for phone in one["join"]:
        with open_act(past, db.session, _actor(house, phone), "demonstration") as act:
            sign_up(act, act.session.get_one(Shift, shift_id))
    return shift_id


def _mark(
    house: House, leader: Actor, shift_id: int, phones: Sequence[str], begun: datetime
) -> None:
    """The first two scan the code, the second leaves early; the others are ticked on the list."""
    for phone, minutes in zip(phones[:2], (150, 90), strict=True):
        for kind, after in ((MarkKind.CAME, 1), (MarkKind.LEFT, minutes)):
            moment = _at(house, begun + timedelta(minutes=after))
            with open_act(moment, db.session, _actor(house, phone), "demonstration") as act:
                mark_by_code(act, act.session.get_one(Shift, shift_id), kind, act.now)
    with open_act(_at(house, begun + LONG), db.session, leader, "demonstration") as act:
        keys = _signups(act.session, house, shift_id, phones)
        kinds = (MarkKind.CAME, MarkKind.ABSENT)
        ticks = [
            Tick(f"demonstration-{number}", key, kind)
            for number, (key, kind) in enumerate(zip(keys[2:], kinds, strict=True))
        ]
        mark_by_list(act, act.session.get_one(Shift, shift_id), ticks)


def _count(
    house: House, leader: Actor, shift_id: int, phones: Sequence[str], begun: datetime
) -> None:
    """Those who came are entered; the first two are approved the day after."""
    with open_act(
        _at(house, begun + timedelta(hours=4)), db.session, leader, "demonstration"
    ) as act:
        keys = _signups(act.session, house, shift_id, phones)
        minutes = zip(keys[:3], (149, 89, 150), (40, 0, 0), strict=True)
        proposals = [Proposal(key, counted, travel) for key, counted, travel in minutes]
        propose_hours(act, act.session.get_one(Shift, shift_id), proposals)
    with open_act(
        _at(house, begun + timedelta(days=1)), db.session, leader, "demonstration"
    ) as act:
        chosen = [Chosen(key, 1) for key in keys[:2]]
        approve_hours(act, act.session.get_one(Shift, shift_id), chosen)


def _answer(house: House, told: Mapping[str, Any], leader: Actor, shift_id: int) -> None:
    """The first volunteer gives a number and gets a certificate; the second objects."""
    first, second = (_actor(house, phone) for phone in told["past"]["join"][:2])
    with open_act(house, db.session, first, "demonstration") as act:
        give_number(act, told["number"])
        shift = act.session.get_one(Shift, shift_id)
        owner, person_id = leader.organisation_id or 0, first.person_id or 0
        issue_certificate(act, Scope(owner, person_id, activity_id=shift.activity_id))
    with open_act(house, db.session, second, "demonstration") as act:
        object_to_hours(act, act.session.get_one(Shift, shift_id), told["objection"])


def _signups(session: Any, house: House, shift_id: int, phones: Sequence[str]) -> list[str]:
    """The sign-ups of these people, in their order."""
    keys = {one.person_id: one.public_id for one in people_of(session, [shift_id])[shift_id]}
    return [keys[_actor(house, phone).person_id or 0] for phone in phones]


def _at(house: House, moment: datetime) -> House:
    return replace(house, clock=FrozenClock(moment))


def _actor(house: House, phone: str) -> Actor:
    person = find_person(db.session(), house.secrets, Address(AddressKind.PHONE, phone))
    if person is None:
        raise LookupError("the story has attendance of somebody who is not in it")
    return load_actor(db.session(), person.id)
