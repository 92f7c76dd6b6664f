"""Volunteers of the demonstration who say when they can help."""

from collections.abc import Mapping, Sequence
from typing import Any

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind
from exchange.kernel.act import House, open_act
from exchange.kernel.actor import Actor
from exchange.kernel.database import db
from exchange.volunteering.availability.kinds import Reach
from exchange.volunteering.availability.service import save_availability
from exchange.volunteering.availability.time_rules import mask_of
from exchange.volunteering.availability.values import AvailabilityValues


def say_when(house: House, told: Sequence[Mapping[str, Any]]) -> None:
    """Each says it for themself."""
    for one in told:
        with open_act(house, db.session, _actor(house, one["phone"]), "demonstration") as act:
            save_availability(act, _values(one))


def _values(one: Mapping[str, Any]) -> AvailabilityValues:
    return AvailabilityValues(
        skills=tuple(one["skills"]),
        words=one["words"],
        times=mask_of(one["times"]),
        division_code=one["division"],
        reach=Reach(one["reach"]),
        tongues=tuple(one["tongues"]),
        has_transport=one["transport"],
        is_remote=one["remote"],
        may_be_asked=one["asked"],
        is_adult=True,
    )


def _actor(house: House, phone: str) -> Actor:
    person = find_person(db.session(), house.secrets, Address(AddressKind.PHONE, phone))
    if person is None:
        raise LookupError("the story has the time of somebody who is not in it")
    return load_actor(db.session(), person.id)
