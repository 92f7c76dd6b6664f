"""A pair that fits: the village's need and the enterprise's offer, and somebody to take it up."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.brokering.deeds import fulfilling
from exchange.brokering.life import claiming, proposing
from exchange.brokering.models import Match
from exchange.kernel.act import Act, House
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from tests.cast import Cast, Player
from tests.factories import make_listing

OpenAct = Callable[..., AbstractContextManager[Act]]


@dataclass
class Scene:
    """The players and their pair."""

    cast: Cast
    need_id: int
    offer_id: int
    open: OpenAct
    onlooker: Player | None = None

    def listing(self, side: Side) -> Listing:
        return self.cast.session.get_one(
            Listing, self.need_id if side is Side.NEED else self.offer_id, populate_existing=True
        )

    def match(self, public_id: str) -> Match:
        self.cast.session.rollback()
        return self.cast.session.query(Match).filter_by(public_id=public_id).one()

    def version(self, public_id: str) -> int:
        """As whoever has the page open read it."""
        query = sa.select(Match.version).where(Match.public_id == public_id)
        return self.cast.session.scalars(query).one()

    def count_apart(self) -> None:
        """Let the need count in another unit than the offer."""
        self.listing(Side.NEED).unit = "部"
        self.cast.session.commit()

    def act(self, who: Player | Actor) -> AbstractContextManager[Act]:
        return self.open(who.actor if isinstance(who, Player) else who)

    def claimed(self) -> str:
        with self.act(self.cast.broker) as act:
            return claiming.claim(act, self.need_id, self.offer_id).public_id

    def proposed(self) -> str:
        public_id = self.claimed()
        with self.act(self.cast.broker) as act:
            proposing.propose(act, public_id, "请看看合不合适")
        return public_id

    def introduced(self) -> str:
        public_id = self.proposed()
        with self.act(self.cast.officer) as act:
            proposing.answer(act, public_id, Side.NEED, accept=True)
        with self.act(self.cast.enterprise) as act:
            proposing.answer(act, public_id, Side.OFFER, accept=True)
        return public_id

    def agreed(self, taken: int = 30_000, covers: int = 30_000) -> tuple[str, str]:
        public_id = self.introduced()
        with self.act(self.cast.broker) as act:
            made = fulfilling.commit(act, public_id, taken, covers)
            return public_id, made.public_id


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


@pytest.fixture
def scene(app: Flask, cast: Cast, act_as: OpenAct) -> Scene:
    house: House = app.extensions["exchange"]
    need = make_listing(house, cast.officer, Side.NEED)
    offer = make_listing(house, cast.enterprise, Side.OFFER)
    ids = need.id, offer.id
    for player in (cast.broker, cast.supervisor, cast.stranger):
        assert player.person_id
    return Scene(cast, *ids, act_as)
