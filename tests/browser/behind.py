"""Behind the running site: what a test sets up in its database, and the links it sends."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from exchange import create_app
from exchange.accounts.actor_queries import load_actor
from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.models import Organisation, Person
from exchange.accounts.queries import concerned
from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.sealing import address_hash
from exchange.brokering.jobs import LAPSE
from exchange.brokering.life import claiming, proposing
from exchange.brokering.life.answer_links import answer_paths
from exchange.brokering.models import Match
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import SYSTEM, Actor
from exchange.kernel.database import db
from exchange.kernel.settings import load_settings
from exchange.listings.kinds import Door, Side
from exchange.listings.models import Listing
from exchange.listings.values import ListingValues
from exchange.listings.writing import upsert_listing
from exchange.matching.models import Suggestion
from exchange.taxonomy.terms import Terms
from tests.running_site import environment, eventually

OFFICER, FIRM = "19900000001", "19900000002"
TITLES = {Side.NEED: "修两座烤房", Side.OFFER: "烤房检修队"}
TEXTS = {
    Side.NEED: "村里两座密集烤房坏了，要人来修。", Side.OFFER: "修密集烤房，自带配件，可下村。"
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A proposal of the running site: its address, and a link for each side."""

    path: str
    need: str
    offer: str


class Behind:
    """The database of a running site, for the time of a ``with``."""

    def __init__(self, house: House) -> None:
        self.house = house

    @contextmanager
    def act(self, actor: Actor = SYSTEM) -> Iterator[Act]:
        with open_act(self.house, db.session, actor, origin="test") as act:
            yield act

    def person(self, phone: str) -> Actor:
        hashed = address_hash(self.house.secrets, Address(AddressKind.PHONE, phone))
        person_id = db.session().scalars(
            sa.select(Person.id).where(Person.phone_hash == hashed)
        ).one()
        return load_actor(db.session(), person_id)

    def stock(self, count: int) -> list[tuple[int, int]]:
        """So many free pairs besides those of the city, which other journeys use up: needs of the
        village officer, each with an offer of the firm. Waits for the worker.
        """
        self._post(FIRM, Side.OFFER)
        needs = [self._post(OFFICER, Side.NEED) for _ in range(count)]
        query = (
            sa.select(Suggestion.need_id, Suggestion.offer_id)
            .join(Listing, Listing.id == Suggestion.offer_id)
            .where(
                Suggestion.need_id.in_(needs),
                Suggestion.score_micro >= self.house.settings.display_threshold * 1e6,
                Listing.organisation_id == self._owner(FIRM).organisation_id,
            )
        )
        found: dict[int, int] = {}

        def each_has_one() -> bool:
            db.session().rollback()
            found.update({row.need_id: row.offer_id for row in db.session().execute(query)})
            return len(found) == count

        eventually(each_has_one, f"{count} new pairs")
        return list(found.items())

    def pair(self) -> tuple[int, int]:
        """A free pair of the village officer's and the firm's."""
        return self.stock(1)[0]

    def _owner(self, phone: str) -> Actor:
        """Somebody, acting for the committee or the firm that they belong to."""
        actor = self.person(phone)
        query = sa.select(Organisation.id).where(
            Organisation.id.in_(actor.organisation_ids),
            Organisation.kind != OrganisationKind.INDIVIDUAL_VOLUNTEER,
        )
        return load_actor(db.session(), actor.person_id or 0, db.session().scalars(query).one())

    def _post(self, phone: str, side: Side) -> int:
        """A listing as a program posts it; pairs are looked for. No two have one title."""
        actor, key = self._owner(phone), secrets.token_hex(3)
        values = ListingValues(
            title=f"{TITLES[side]} {key}", text=TEXTS[side], division_code="520422102243",
            category_code="equipment.processing", terms=Terms.FREE,
            coverage=("5204",) if side is Side.OFFER else (),
        )  # fmt: skip
        door = Door.HELP if side is Side.NEED else Door.OFFER
        with self.act(actor) as act:
            return upsert_listing(act, actor.organisation_id, f"journey-{key}", door, values).id

    def claim(self, broker: Actor) -> str:
        """Take a new pair up; the address of the match."""
        pair = self.pair()
        with self.act(broker) as act:
            return f"/matches/{claiming.claim(act, *pair).public_id}"

    def propose(self, broker: Actor, path: str) -> None:
        """Ask both sides of a match."""
        with self.act(broker) as act:
            proposing.propose(act, path.rpartition("/")[2], "请看看合不合适")

    def ask(self, broker_phone: str) -> Asked:
        """Propose a new pair; links for both sides."""
        broker = self.person(broker_phone)
        pair = self.pair()
        with self.act(broker) as act:
            public_id = claiming.claim(act, *pair).public_id
        with self.act(broker) as act:
            match = proposing.propose(act, public_id, "请看看合不合适")
            links = {}
            for side in Side:
                listing = match.listing_of(side)
                people = concerned(act.session, listing.organisation_id, listing.author_id)
                paths = answer_paths(act, match, side, people)
                links[side] = paths[min(paths)]
        return Asked(f"/matches/{public_id}", links[Side.NEED], links[Side.OFFER])

    def speaker(self, match: Match, side: Side) -> Actor:
        """Somebody of a side, acting for it."""
        listing = match.listing_of(side)
        people = concerned(db.session(), listing.organisation_id, listing.author_id)
        return load_actor(db.session(), min(people), listing.organisation_id)

    def let_lapse(self, path: str) -> None:
        """Its day has come, and the clock's job is asked for."""
        with self.act() as act:
            match = act.session.scalars(
                sa.select(Match).where(Match.public_id == path.rpartition("/")[2])
            ).one()
            match.lapses_at = act.now - timedelta(minutes=1)
            enqueue(act, LAPSE, {})


@contextmanager
def behind(folder: Path) -> Iterator[Behind]:
    """Look behind the site whose data lie in the folder."""
    app = create_app(load_settings(environment(folder)))
    with app.app_context():
        yield Behind(app.extensions["exchange"])
        db.session.remove()
        db.engine.dispose()
