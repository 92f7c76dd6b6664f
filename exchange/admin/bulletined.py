"""The bulletin of the demonstration's county: last week's has come out, today's waits."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind
from exchange.discovery.bulletins.composing import compose_due
from exchange.discovery.bulletins.kinds import Rhythm
from exchange.discovery.bulletins.place_service import PlaceSettings, follow, open_place
from exchange.discovery.bulletins.rules import When
from exchange.discovery.bulletins.service import Words, approve, edit, submit
from exchange.kernel.act import House, open_act
from exchange.kernel.actor import SYSTEM, Actor
from exchange.kernel.clock import FrozenClock, civil_date
from exchange.kernel.database import db

WEEK = timedelta(days=7)


def bring_out(house: House, told: Mapping[str, Any]) -> None:
    """Set the place up a week ago; edit and approve that issue; compose today's."""
    supervisor, broker = (_actor(house, told[key]) for key in ("supervisor", "editor"))
    past = replace(house, clock=FrozenClock(house.clock.now() - WEEK))
    today = civil_date(house.clock.now(), house.settings.time_zone)
    when = When(Rhythm.WEEKLY, today.weekday(), 1, 0)
    person = find_person(db.session(), house.secrets, Address(AddressKind.PHONE, told["editor"]))
    editor = person.public_id if person else ""
    with open_act(past, db.session, supervisor, "demonstration") as act:
        place = open_place(act, PlaceSettings(when, editor), division_code=told["division"])
        place_id, address = place.id, place.public_id
    with open_act(house, db.session, _actor(house, told["follower"]), "demonstration") as act:
        follow(act, address)
    issue = _compose(past, place_id)
    words = Words(**told["words"])
    with open_act(past, db.session, broker, "demonstration") as act:
        edit(act, issue, words, 1)
        submit(act, issue)
    with open_act(past, db.session, supervisor, "demonstration") as act:
        approve(act, issue)
    _compose(house, place_id)


def _compose(house: House, place_id: int) -> str:
    with open_act(house, db.session, SYSTEM, "demonstration") as act:
        made = compose_due(act, place_id)
        if made is None:
            raise LookupError("the demonstration's bulletin is not due")
        return made.public_id


def _actor(house: House, phone: str) -> Actor:
    found = find_person(db.session(), house.secrets, Address(AddressKind.PHONE, phone))
    if found is None:
        raise LookupError(f"the story has nobody with {phone}")
    return load_actor(db.session(), found.id)
