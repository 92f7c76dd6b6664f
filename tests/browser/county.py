"""A county of its own in the running site, far from the demonstration: who works there, and pairs.

A centre with two supervisors, a station with two workers, a village, a firm and a co-operative that
nobody has verified yet. What happened there some days ago is done by a clock that stands there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.accounts.kinds import OrganisationKind, PointLevel
from exchange.accounts.models import Assignment, Organisation
from exchange.accounts.queries import concerned
from exchange.brokering.deeds import fulfilling
from exchange.brokering.life import claiming, proposing
from exchange.brokering.life.answer_links import answer_paths
from exchange.brokering.models import Match
from exchange.jobs.registry import Job
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import SYSTEM, Actor, Duty, Role
from exchange.kernel.clock import FrozenClock
from exchange.listings.kinds import Door, Side, Visibility
from exchange.listings.models import Listing
from exchange.listings.values import ListingValues
from exchange.listings.writing import upsert_listing
from exchange.matching.models import Suggestion
from exchange.taxonomy.terms import Terms
from tests.cast import Cast, Player
from tests.factories import make_listing
from tests.running_site import eventually

CITY, COUNTY = "5226", "522601"
NOW = timedelta()


@dataclass(frozen=True)
class Pair:
    """A match, its two listings and whoever took it up."""

    match: str
    need_id: int
    offer_id: int
    broker: Player

    @property
    def path(self) -> str:
        return f"/matches/{self.match}"


class County:
    """The people, and what the tests set up with them; its session is nobody else's."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.session = session
        self.cast = Cast(app, session)
        self.house: House = app.extensions["exchange"]

    @cached_property
    def chief(self) -> Player:
        return self.cast.make_worker(
            "龙远", "凯里社工指导中心", PointLevel.CENTRE, (CITY,), Duty.SUPERVISOR
        )

    @cached_property
    def second_chief(self) -> Player:
        return self._colleague("吴桂", self.chief, Duty.SUPERVISOR)

    @cached_property
    def worker(self) -> Player:
        return self.cast.make_worker(
            "杨青", "凯里社工站", PointLevel.STATION, (COUNTY,), Duty.BROKER
        )

    @cached_property
    def successor(self) -> Player:
        return self._colleague("潘小河", self.worker, Duty.BROKER)

    @cached_property
    def leaving(self) -> Player:
        return self._colleague("欧阳木", self.worker, Duty.BROKER)

    @cached_property
    def officer(self) -> Player:
        kind = OrganisationKind.VILLAGE_COMMITTEE
        village = self.cast.make_organisation(kind, "清水村村民委员会", COUNTY, verified=True)
        return self.cast.make_player("王禾", COUNTY, village, Role.MANAGER)

    @cached_property
    def firm(self) -> Player:
        kind = OrganisationKind.AGRI_ENTERPRISE
        made = self.cast.make_organisation(kind, "苗岭农机公司", COUNTY, verified=True)
        return self.cast.make_player("石川", COUNTY, made, Role.MANAGER)

    @cached_property
    def newcomer(self) -> Player:
        made = self.cast.make_organisation(OrganisationKind.COOPERATIVE, "清水茶叶合作社", COUNTY)
        return self.cast.make_player("田苗", COUNTY, made, Role.MANAGER)

    def _colleague(self, name: str, of: Player, duty: Duty) -> Player:
        session, station = self.session, self._organisation_of(of)
        role = Role.MANAGER if duty is Duty.SUPERVISOR else Role.MEMBER
        made = self.cast.make_player(name, COUNTY, station, role)
        query = sa.select(Assignment.service_point_id).where(Assignment.person_id == of.person_id)
        point_id = session.scalars(query).one()
        with self.act() as act:
            act.session.add(
                Assignment(
                    person_id=made.person_id, service_point_id=point_id, duty=duty,
                    created_at=act.now,
                )
            )  # fmt: skip
        return made

    def _organisation_of(self, who: Player) -> Organisation:
        return self.session.get_one(Organisation, who.organisation_id)

    @contextmanager
    def act(self, who: Player | Actor = SYSTEM, ago: timedelta = NOW) -> Iterator[Act]:
        """An act of somebody, some time ago."""
        self.session.rollback()
        actor = who.actor if isinstance(who, Player) else who
        moment = self.house.clock.now() - ago
        house = replace(self.house, clock=FrozenClock(moment))
        with open_act(house, lambda: self.session, actor, origin="test") as act:
            yield act

    def run(self, job: Job) -> None:
        """Ask the site's own worker for a job that it would do by the clock."""
        with self.act() as act:
            enqueue(act, job, {})

    def match(self, pair: Pair) -> Match:
        """As it stands in the database now."""
        self.session.rollback()
        query = sa.select(Match).where(Match.public_id == pair.match)
        return self.session.scalars(query.execution_options(populate_existing=True)).one()

    def listing(self, side: Side, title: str, amount: int = 100, **values: object) -> Listing:
        """A listing of the village or the firm that only those concerned find."""
        owner = self.officer if side is Side.NEED else self.firm
        day = self.house.clock.now().date() + timedelta(days=200)
        chosen: dict[str, object] = {
            "title": title, "text": title, "quantity_milli": amount * 1000, "to_date": day,
            "visibility": Visibility.BROKERS,
        }  # fmt: skip
        if side is Side.OFFER:
            chosen["serves"] = (COUNTY,)
        self.cast._write()
        return make_listing(self.house, owner, side, **(chosen | values))

    def post(self, side: Side, key: str, values: ListingValues) -> int:
        """A listing as a program of the village or the firm posts it; pairs are looked for."""
        who = self.officer if side is Side.NEED else self.firm
        door = Door.HELP if side is Side.NEED else Door.OFFER
        with self.act(who) as act:
            return upsert_listing(act, who.organisation_id, key, door, values).id

    def asked_of_two(self, key: str) -> Pair:
        """Both sides of a pair are asked, and another offer is suggested for the same need."""
        values = ListingValues(
            title="修两座烤房", text="村里两座密集烤房坏了，要人来修。",
            category_code="equipment.processing", division_code=COUNTY, terms=Terms.FREE,
        )  # fmt: skip
        need_id = self.post(Side.NEED, key, values)
        for team in ("检修一队", "检修二队"):
            self.post(Side.OFFER, f"{key}-{team}", replace(
                values, title=f"烤房{team}", text="修密集烤房，自带配件，可下村。", coverage=(CITY,)
            ))  # fmt: skip
        best, *_others = self.wait_for_pairs(need_id, 2)
        return self.propose(self.claim(need_id, best))

    def wait_for_pairs(self, need_id: int, amount: int) -> list[int]:
        """The offers that are suggested for a need, the best first, once there are so many."""
        query = (
            sa.select(Suggestion.offer_id)
            .where(Suggestion.need_id == need_id)
            .order_by(Suggestion.score_micro.desc())
        )
        found: list[int] = []

        def look() -> bool:
            self.session.rollback()
            found[:] = self.session.scalars(query)
            return len(found) >= amount

        eventually(look, f"{amount} suggestions for a need")
        return found

    def claimed(self, need: str, offer: str, amount: int = 100, ago: timedelta = NOW) -> Pair:
        """A pair that the worker has taken up."""
        need_id = self.listing(Side.NEED, need, amount).id
        return self.claim(need_id, self.listing(Side.OFFER, offer, amount).id, ago)

    def claim(
        self, need_id: int, offer_id: int, ago: timedelta = NOW, who: Player | None = None
    ) -> Pair:
        """The worker, or somebody else, takes a pair up."""
        broker = who or self.worker
        with self.act(broker, ago) as act:
            public_id = claiming.claim(act, need_id, offer_id).public_id
        return Pair(public_id, need_id, offer_id, broker)

    def propose(self, pair: Pair, ago: timedelta = NOW) -> Pair:
        """Both sides are asked."""
        with self.act(pair.broker, ago) as act:
            proposing.propose(act, pair.match, "两边看着合适，请看看")
        return pair

    def introduce(self, pair: Pair) -> Pair:
        """Both say yes."""
        for side, who in ((Side.NEED, self.officer), (Side.OFFER, self.firm)):
            with self.act(who) as act:
                proposing.answer(act, pair.match, side, accept=True)
        return pair

    def agree(self, pair: Pair, amount: int) -> str:
        """An amount is agreed; its public id."""
        with self.act(pair.broker) as act:
            milli = amount * 1000
            return fulfilling.commit(act, pair.match, milli, milli).public_id

    def link(self, pair: Pair, side: Side, ago: timedelta = NOW) -> str:
        """What a message to this side leads to."""
        with self.act(ago=ago) as act:
            match = act.session.scalars(
                sa.select(Match).where(Match.public_id == pair.match)
            ).one()
            listing = match.listing_of(side)
            people = concerned(act.session, listing.organisation_id, listing.author_id)
            paths = answer_paths(act, match, side, people)
            return paths[min(paths)]
