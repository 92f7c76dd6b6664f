"""The demonstration's people: who signs in, for whom they speak, where they serve. All invented."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from exchange.accounts.kinds import PointLevel
from exchange.accounts.models import Organisation, Person, ServicePoint
from exchange.accounts.organisations.member_service import join
from exchange.accounts.people_service import NewPerson, create_person
from exchange.accounts.points.service import NewPoint, create_centre, give_duty, open_point
from exchange.accounts.rules import Address, AddressKind
from exchange.kernel.act import Act
from exchange.kernel.actor import Duty, Role
from exchange.volunteering.safeguarding.models import AgeStatement

SPEAKER_PHONE = 19900000100


def make_player(
    act: Act, phone: str, name: str, division: str, password_hash: str, *, adult: bool = True
) -> Person:
    """A person whose phone counts, marked as part of the demonstration. Adults have said so."""
    address = Address(AddressKind.PHONE, phone)
    person = create_person(act, NewPerson(address, name, password_hash, division))
    person.phone_confirmed_at = act.now
    person.is_demonstration = True
    if adult:
        act.session.add(
            AgeStatement(person_id=person.id, adult_declared_on=act.today, stated_at=act.now)
        )
    return person


def make_everybody(act: Act, story: Mapping[str, Any], password_hash: str) -> None:
    """Stations with their workers, and somebody to speak for every organisation of the story."""
    points = _points(act, story)
    for player in story["players"]:
        person = make_player(
            act, player["phone"], player["name"], player["division"], password_hash
        )
        if "organisation" in player:
            _speak_for(act, person, player["organisation"])
        if "station" in player:
            duty = Duty.SUPERVISOR if player["station"] == "centre" else Duty.BROKER
            give_duty(act, points[player["station"]], person, duty)
    for number, (organisation, name, division) in enumerate(story["speakers"]):
        phone = str(SPEAKER_PHONE + number)
        _speak_for(act, make_player(act, phone, name, division, password_hash), organisation)


def _points(act: Act, story: Mapping[str, Any]) -> dict[str, ServicePoint]:
    centre = create_centre(
        act, story["centre"]["name_zh"], story["centre"]["divisions"], story["centre"]["name_en"]
    )
    points = {"centre": centre}
    for key in ("station", "second_station"):
        told = story[key]
        new = NewPoint(
            PointLevel.STATION, told["name_zh"], tuple(told["divisions"]), told["name_en"]
        )
        points[key] = open_point(act, new, centre.id)
    return points


def _speak_for(act: Act, person: Person, external_id: str) -> None:
    organisation = organisation_of(act, external_id)
    join(act, person, organisation, Role.MANAGER)
    person.acting_organisation_id = organisation.id


def organisation_of(act: Act, external_id: str) -> Organisation:
    """The imported organisation with this id."""
    query = sa.select(Organisation).where(Organisation.external_id == external_id)
    return act.session.scalars(query).one()
