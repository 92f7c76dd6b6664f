"""Children in the demonstration's volunteering: checks on record, so that reading with children is
published; a volunteer of sixteen whose guardian agrees, and one who waits for that.
"""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind
from exchange.admin.players import make_player, organisation_of
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import SYSTEM, Actor
from exchange.kernel.database import db
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.safeguarding.age_service import state_birth
from exchange.volunteering.safeguarding.ask_service import ask_for_record
from exchange.volunteering.safeguarding.check_service import record_check
from exchange.volunteering.safeguarding.consent_service import ConsentValues, record_consent
from exchange.volunteering.safeguarding.kinds import ConsentWay
from exchange.volunteering.safeguarding.queries import volunteer_of
from exchange.volunteering.safeguarding.rules import Birth
from exchange.volunteering.safeguarding.sealing import Guardian
from exchange.volunteering.service import publish_activity
from exchange.volunteering.signups.service import sign_up


def safeguard(house: House, told: Mapping[str, Any], password_hash: str) -> None:
    """Told through the same verbs that people use."""
    recorder = _actor(house, told["recorder"])
    with open_act(house, db.session, recorder, "demonstration") as act:
        _check(act, house, told)
    with open_act(house, db.session, _actor(house, told["leader"]), "demonstration") as act:
        activity = act.session.scalars(_activity(told["activity"])).one()
        publish_activity(act, activity)
    for phone in told["join"]:
        with open_act(house, db.session, _actor(house, phone), "demonstration") as act:
            sign_up(act, _first_shift(act, told["activity"]))
    for one in (told["agreed"], told["asks"]):
        _young(house, told, one, password_hash)
    _agree(house, told, recorder)


def _check(act: Act, house: House, told: Mapping[str, Any]) -> None:
    owner = organisation_of(act, told["organisation"])
    for phone in told["checked"]:
        person = find_person(act.session, house.secrets, Address(AddressKind.PHONE, phone))
        if person is None:
            raise LookupError("the story has a check of somebody who is not in it")
        record_check(act, owner, person, act.today, owner.id)


def _young(
    house: House, told: Mapping[str, Any], one: Mapping[str, Any], password_hash: str
) -> None:
    """Somebody under 18 says their age, and asks for consent."""
    with open_act(house, db.session, SYSTEM, "demonstration") as act:
        make_player(act, one["phone"], one["name"], told["division"], password_hash, adult=False)
        title = act.session.scalars(_activity(told["place"])).one()
        title.min_age = min(title.min_age, one["years"] - 1)
    with open_act(house, db.session, _actor(house, one["phone"]), "demonstration") as act:
        state_birth(act, Birth(act.today.year - one["years"] - 1, 12))
        ask_for_record(
            act, _first_shift(act, told["place"]), Guardian(one["guardian"], one["reach"])
        )


def _agree(house: House, told: Mapping[str, Any], recorder: Actor) -> None:
    """The guardian of the first says yes on the phone, and they sign up."""
    one = told["agreed"]
    young = _actor(house, one["phone"])
    with open_act(house, db.session, recorder, "demonstration") as act:
        owner = organisation_of(act, told["organisation"])
        person = find_person(act.session, house.secrets, Address(AddressKind.PHONE, one["phone"]))
        if person is None:
            raise LookupError("the story has a consent of nobody")
        values = ConsentValues(
            ConsentWay.SPOKEN, Guardian(one["guardian"], one["reach"]), act.today
        )
        record_consent(act, owner, volunteer_of(act.session, owner.id, person.public_id), values)
    with open_act(house, db.session, young, "demonstration") as act:
        sign_up(act, _first_shift(act, told["place"]))


def _activity(title: str) -> sa.Select[Activity]:
    return sa.select(Activity).where(Activity.title == title)


def _first_shift(act: Act, title: str) -> Shift:
    query = (
        sa.select(Shift)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(Activity.title == title)
        .order_by(Shift.starts_at)
        .limit(1)
    )
    return act.session.scalars(query).one()


def _actor(house: House, phone: str) -> Actor:
    person = find_person(db.session(), house.secrets, Address(AddressKind.PHONE, phone))
    if person is None:
        raise LookupError("the story has a volunteer who is not in it")
    return load_actor(db.session(), person.id)
