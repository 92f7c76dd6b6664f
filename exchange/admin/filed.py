"""What was filed for people without a phone in the demonstration."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind
from exchange.kernel.act import House, open_act
from exchange.kernel.clock import FrozenClock
from exchange.kernel.database import db
from exchange.listings.filing.kinds import FilingConsent
from exchange.listings.filing.private import Villager
from exchange.listings.filing.rules import ConsentGiven
from exchange.listings.filing.service import file_for
from exchange.listings.kinds import Door
from exchange.listings.service import save_draft, submit_listing
from exchange.listings.values import ListingValues
from exchange.taxonomy.terms import Terms


def file_for_others(house: House, told: Sequence[Mapping[str, Any]]) -> None:
    """Each is filed by its worker, tidied, and posted with consent."""
    for one in told:
        past = replace(
            house, clock=FrozenClock(house.clock.now() - timedelta(days=one["days_ago"]))
        )
        address = Address(AddressKind.PHONE, one["phone"])
        person = find_person(db.session(), house.secrets, address)
        if person is None:
            raise LookupError("the story files by somebody who is not in it")
        actor = load_actor(db.session(), person.id)
        with open_act(past, db.session, actor, "demonstration") as act:
            given = ConsentGiven(
                FilingConsent.SPOKEN, act.today, actor.name, True, True, one["to_introduce"]
            )
            who = Villager(one["name"], one["reach"], one["words"])
            filing = file_for(act, Door(one["door"]), who, given)
            save_draft(act, filing.door, _values(one), filing.listing)
            submit_listing(act, filing.listing)


def _values(one: Mapping[str, Any]) -> ListingValues:
    return ListingValues(
        title=one["title"],
        text=one["text"],
        category_code=one["category"],
        division_code=one["division"],
        quantity_milli=one["quantity_milli"],
        unit=one["unit"],
        terms=Terms(one["terms"]),
    )
