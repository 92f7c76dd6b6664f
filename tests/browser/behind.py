"""Behind the running site: what a test sets up in its database, and the links it sends."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from exchange import create_app
from exchange.accounts.actor_queries import load_actor
from exchange.accounts.models import Person
from exchange.accounts.queries import concerned
from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.sealing import address_hash
from exchange.brokering.jobs import LAPSE
from exchange.brokering.life import claiming, proposing
from exchange.brokering.life.answer_links import answer_paths
from exchange.brokering.models import Match
from exchange.brokering.pairs import free_pairs
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import SYSTEM, Actor
from exchange.kernel.database import db
from exchange.kernel.settings import load_settings
from exchange.listings.filing.queries import is_filed
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.taxonomy.safeguards import needs_check
from tests.running_site import environment, eventually


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

    def pair(self, broker: Actor) -> tuple[int, int]:
        """A free pair; waits for the worker.

        Of those that answer for themselves: no listing that was filed for somebody, none of the
        broker's own.
        """
        found: list[tuple[int, int]] = []

        def look() -> bool:
            db.session().rollback()
            least, today = self.house.settings.display_threshold, self.house.clock.now().date()
            pairs = free_pairs(db.session(), broker, today, least=least, limit=200).pairs
            found[:] = [
                (one.need.id, one.offer.id) for one in pairs
                if not needs_check(
                    one.need.category_code, one.need.beneficiaries, one.offer.category_code
                )
                and self.answers(one.need, broker) and self.answers(one.offer, broker)
            ]  # fmt: skip
            return bool(found)

        eventually(look, "a free pair")
        return found[0]

    def answers(self, listing: Listing, broker: Actor) -> bool:
        """Whether somebody besides the broker answers for a listing by their own word."""
        people = concerned(db.session(), listing.organisation_id, listing.author_id)
        return bool(people - {broker.person_id}) and not is_filed(listing)

    def claim(self, broker: Actor) -> str:
        """Take a free pair up; the address of the match."""
        pair = self.pair(broker)
        with self.act(broker) as act:
            return f"/matches/{claiming.claim(act, *pair).public_id}"

    def propose(self, broker: Actor, path: str) -> None:
        """Ask both sides of a match."""
        with self.act(broker) as act:
            proposing.propose(act, path.rpartition("/")[2], "请看看合不合适")

    def ask(self, broker_phone: str) -> Asked:
        """Propose a free pair; links for both sides."""
        broker = self.person(broker_phone)
        pair = self.pair(broker)
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
