"""What goes wrong on ordinary days of the demonstration: a report about a need, a case that rests
until its supervisor is told, a worker who will be away."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from exchange.accounts.absence.service import set_absence
from exchange.accounts.actor_queries import load_actor
from exchange.accounts.models import Person
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind
from exchange.brokering.centre.escalation_queries import resting
from exchange.brokering.centre.escalation_service import look_after
from exchange.kernel.act import House, open_act
from exchange.kernel.actor import SYSTEM
from exchange.kernel.clock import FrozenClock
from exchange.kernel.database import db
from exchange.listings.models import Listing
from exchange.moderation.kinds import Reason, TargetKind
from exchange.moderation.report_service import report

REMINDED = timedelta(days=5)  # a pair that was taken up nine days ago had rested for four by then


def happen(house: House, story: Mapping[str, Any]) -> None:
    """All of it, by the verbs that people use and the clock's own work."""
    _report(house, story["report"])
    _be_away(house, story["absence"])
    for moment in (house.clock.now() - REMINDED, house.clock.now()):
        _let_rest(replace(house, clock=FrozenClock(moment)))


def _report(house: House, told: Mapping[str, Any]) -> None:
    who = load_actor(db.session(), _person(house, told["phone"]).id)
    query = sa.select(Listing.public_id).where(Listing.external_id == told["listing"])
    public_id = db.session.scalars(query).one()
    moment = house.clock.now() - timedelta(days=told["days_ago"])
    past = replace(house, clock=FrozenClock(moment))
    with open_act(past, db.session, who, "demonstration") as act:
        report(act, TargetKind.LISTING, public_id, Reason(told["reason"]), told["text"])


def _be_away(house: House, told: Mapping[str, Any]) -> None:
    person, stand_in = (_person(house, told[key]) for key in ("phone", "stand_in"))
    names, who = (person.public_id, stand_in.public_id), load_actor(db.session(), person.id)
    with open_act(house, db.session, who, "demonstration") as act:
        first = act.today + timedelta(days=told["begins_in"])
        set_absence(act, *names, first, first + timedelta(days=told["days"] - 1))


def _let_rest(house: House) -> None:
    for subject in resting(db.session(), house.clock.now()):
        with open_act(house, db.session, SYSTEM, "demonstration") as act:
            look_after(act, subject)


def _person(house: House, phone: str) -> Person:
    found = find_person(db.session(), house.secrets, Address(AddressKind.PHONE, phone))
    if found is None:
        raise LookupError(f"the story has nobody with {phone}")
    return found
