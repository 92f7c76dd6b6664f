"""Whatever people do in whatever order: what listings count is what their commitments hold."""

import os
import random
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa

from exchange.brokering.deeds import delivering, fulfilling
from exchange.brokering.deeds.kinds import ChangeState, DeliveryState
from exchange.brokering.deeds.models import CommitmentChange, Delivery
from exchange.brokering.kinds import CloseReason
from exchange.brokering.life import changing, claiming, closing, proposing
from exchange.brokering.life.changing import Terms
from exchange.brokering.models import Commitment, Match
from exchange.kernel.act import Act
from exchange.kernel.errors import ExchangeError
from exchange.listings.kinds import Side
from tests.brokering.conftest import Scene
from tests.cast import Player
from tests.conftest import FIGURES, SEED_VARIABLE
from tests.factories import make_listing
from tests.invariants import broken

STEPS = 400 if os.environ.get("EXCHANGE_TEST_FULL") == "1" else 110
Record = Callable[[str, object], None]
Move = Callable[[Act], object]


class Play:
    """Some matches of few listings, and people who do anything with them."""

    def __init__(self, scene: Scene, choice: random.Random) -> None:
        self.scene, self.choice = scene, choice
        self.done: Counter[str] = Counter()
        self.side = Side.NEED
        self.people = (scene.cast.officer, scene.cast.enterprise, scene.cast.broker)
        house = scene.cast.house
        scene.listing(Side.NEED).quantity_milli = 90_000
        scene.listing(Side.OFFER).quantity_milli = 120_000
        scene.cast.session.commit()
        self.needs = [scene.need_id, make_listing(house, scene.cast.officer, Side.NEED).id]
        for need_id in self.needs:
            self.introduce(need_id)

    def introduce(self, need_id: int) -> None:
        scene, cast = self.scene, self.scene.cast
        with scene.act(cast.broker) as act:
            match = claiming.claim(act, need_id, scene.offer_id).public_id
            proposing.propose(act, match, "请看看")
        for side, who in ((Side.NEED, cast.officer), (Side.OFFER, cast.enterprise)):
            with scene.act(who) as act:
                proposing.answer(act, match, side, accept=True)

    def milli(self) -> int:
        return self.choice.choice((1_000, 1_000, 3_000, 5_000, 7_000, 10_000, 20_000))

    def one(self, column: sa.orm.InstrumentedAttribute[str], lives: sa.ColumnElement[bool]) -> str:
        """A row's public id: mostly of one with which something can still be done."""
        self.scene.cast.session.rollback()
        query = sa.select(column)
        if self.choice.random() < 0.9:
            query = query.where(lives)
        found = self.scene.cast.session.scalars(query).all()
        return self.choice.choice(found) if found else ""

    def match_of(self, kind: type[Delivery | CommitmentChange | Commitment], key: str) -> str:
        query = sa.select(Match.public_id).join(kind, kind.match_id == Match.id)
        return self.scene.cast.session.scalar(query.where(kind.public_id == key)) or ""

    def moves(self) -> tuple[str, Move]:
        """Something to try, as a name and a verb."""
        item = self.one(
            Commitment.public_id,
            Commitment.released_at.is_(None),
        )
        delivery = self.one(Delivery.public_id, Delivery.struck_at.is_(None))
        disputed = self.one(
            Delivery.public_id, Delivery.disputed_at.is_not(None) & Delivery.settled_at.is_(None)
        )
        change = self.one(CommitmentChange.public_id, CommitmentChange.state == ChangeState.OPEN)
        match = self.one(Match.public_id, Match.closed_at.is_(None))
        side, yes = self.side, self.choice.random() < 0.85
        amounts = (self.milli(), self.milli())
        of_item, of_delivery, of_change = (
            self.match_of(Commitment, item),
            self.match_of(Delivery, delivery),
            self.match_of(CommitmentChange, change),
        )
        drops = self.choice.random() < 0.2
        return self.choice.choice(
            [
                ("commit", partial(fulfilling.commit, public_id=match,
                                   taken_milli=amounts[0], covers_milli=amounts[1])),
                ("deliver", partial(delivering.record_delivery, public_id=of_item,
                                    commitment_id=item, milli=amounts[0])),
                ("deliver", partial(delivering.record_delivery, public_id=of_item,
                                    commitment_id=item, milli=amounts[1])),
                ("confirm", partial(delivering.confirm_delivery, public_id=of_delivery,
                                    delivery_id=delivery, side=side)),
                ("dispute", partial(delivering.dispute_delivery, public_id=of_delivery,
                                    delivery_id=delivery, side=side, note="不对")),
                ("settle", partial(delivering.settle_delivery,
                                   public_id=self.match_of(Delivery, disputed),
                                   delivery_id=disputed, milli=amounts[0] * yes, note="问过")),
                ("change", partial(changing.propose_change, public_id=of_item, commitment_id=item,
                                   terms=Terms(*amounts, drops_rest=drops))),
                ("answer", partial(changing.answer_change, public_id=of_change, change_id=change,
                                   side=side, accept=yes)),
                ("answer", partial(changing.answer_change, public_id=of_change, change_id=change,
                                   side=side, accept=True)),
                *([("fail", partial(closing.fail, public_id=match, note="没成",
                                    reason=CloseReason.NOT_DELIVERED))]
                  * (self.choice.random() < 0.1)),
            ]
        )  # fmt: skip

    def step(self) -> None:
        self.side = self.choice.choice(tuple(Side))
        name, move = self.moves()
        officer, enterprise, broker = self.people
        who: Player = officer if self.side is Side.NEED else enterprise
        if name in ("commit", "settle", "fail"):
            who = broker
        if self.choice.random() < 0.1:
            who = self.choice.choice(self.people)
        try:
            with self.scene.act(who) as act:
                move(act)
            self.done[name] += 1
        except ExchangeError:
            self.scene.cast.session.rollback()
        if name == "fail" and self.done[name]:
            live = sa.select(Match.need_id).where(Match.closed_at.is_(None))
            for need_id in set(self.needs) - set(self.scene.cast.session.scalars(live)):
                self.introduce(need_id)


def recorded(scene: Scene) -> list[str]:
    """Commitments whose deliveries do not add up; none is completed in this play."""
    session = scene.cast.session
    session.rollback()
    sums: Counter[int] = Counter()
    for one in session.scalars(sa.select(Delivery)):
        if one.state is not DeliveryState.STRUCK:
            sums[one.commitment_id] += one.milli
    return [
        f"commitment {item.id} has {item.delivered_milli}, its deliveries {sums[item.id]}"
        for item in session.scalars(sa.select(Commitment))
        if item.delivered_milli != sums[item.id] or item.delivered_milli > item.taken_milli
    ]


@pytest.mark.slow
def test_listings_count_what_is_held_after_any_sequence(
    scene: Scene, record_property: Record
) -> None:
    play = Play(scene, random.Random(f"{os.environ[SEED_VARIABLE]} any order"))
    for number in range(STEPS):
        play.step()
        wrong = [*broken(scene.cast.session), *recorded(scene)] if number % 3 == 0 else []
        assert wrong == [], f"after step {number}"
    assert [*broken(scene.cast.session), *recorded(scene)] == []
    record_property(FIGURES, f"{STEPS} steps: {dict(sorted(play.done.items()))}")
    assert play.done["deliver"]
    assert play.done["commit"]
