"""Somebody new in the demonstration: an organisation that asks to be verified, and a first need
that waits for the station's review."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.organisations.service import OrganisationData, create_organisation
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.verification.service import Evidence, ask_verification
from exchange.kernel.act import House, open_act
from exchange.kernel.clock import FrozenClock
from exchange.kernel.database import db
from exchange.listings.kinds import Door
from exchange.listings.service import save_draft, submit_listing
from exchange.listings.values import ListingValues

ARRIVED = timedelta(hours=20)


def arrive(house: House, told: Mapping[str, Any]) -> None:
    """Found the organisation, ask for its verification, post its need."""
    past = replace(house, clock=FrozenClock(house.clock.now() - ARRIVED))
    person = find_person(db.session(), house.secrets, Address(AddressKind.PHONE, told["phone"]))
    if person is None:
        raise LookupError("the story has no newcomer")
    person_id = person.id
    alone = load_actor(db.session(), person_id)
    with open_act(past, db.session, alone, "demonstration") as act:
        data = OrganisationData(
            kind=OrganisationKind(told["kind"]),
            name_zh=told["name_zh"],
            name_en=told["name_en"],
            division_code=told["division"],
            profile=told["profile"],
        )
        made = create_organisation(act, data)
        made.is_demonstration = True
        organisation_id, public_id = made.id, made.public_id
    actor = load_actor(db.session(), person_id, organisation_id)
    with open_act(past, db.session, actor, "demonstration") as act:
        ask_verification(act, public_id, Evidence(told["evidence"]))
        need = told["need"]
        values = ListingValues(
            text=need["text"],
            category_code=need["category"],
            division_code=told["division"],
            quantity_milli=need["quantity_milli"],
            unit=need["unit"],
        )
        submit_listing(act, save_draft(act, Door.HELP, values))
