"""The demonstration's matches: every state of a match, reached step by step by its people."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.models import Membership
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind
from exchange.admin.city import City
from exchange.admin.papers import sheet_of
from exchange.brokering.deeds import attaching, following_up, fulfilling
from exchange.brokering.deeds.kinds import Again
from exchange.brokering.kinds import CheckKind, CloseReason, DismissReason
from exchange.brokering.life import claiming, closing, proposing
from exchange.brokering.life.safeguarding import is_needed, record_check
from exchange.brokering.queries import match_by_public_id
from exchange.files.documents import read_document
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import SYSTEM, Actor
from exchange.kernel.clock import FrozenClock
from exchange.kernel.database import db
from exchange.listings.kinds import Side
from exchange.listings.models import Listing

MESSAGE = "两边看着挺合适，想牵个线。请看看，行就点同意。"


def tell(house: House, city: City, progress: Callable[[int], None]) -> None:
    """Walk every pair of the story to its state."""
    pairs = city.story["matches"]
    broker = _broker(house, city)
    for number, row in enumerate(pairs):
        Pair(house, broker, row).walk()
        progress(number + 1)


def _broker(house: House, city: City) -> Actor:
    phone = next(item["phone"] for item in city.story["players"] if item["role"] == "broker")
    person = find_person(db.session(), house.secrets, Address(AddressKind.PHONE, phone))
    if person is None:
        raise LookupError("the story has no broker")
    return load_actor(db.session(), person.id)


@dataclass
class Pair:
    """One pair on its way; every step is taken by who would take it, at its time."""

    house: House
    broker: Actor
    row: Mapping[str, Any]
    public_id: str = ""
    step: int = 0

    def act(self, actor: Actor) -> AbstractContextManager[Act]:
        """An act of somebody, some hours after the one before."""
        self.step += 1
        hours = 24 * self.row["days_ago"] - 3 * self.step
        moment: datetime = self.house.clock.now() - timedelta(hours=max(hours, 1))
        return open_act(
            replace(self.house, clock=FrozenClock(moment)), db.session, actor, "demonstration"
        )

    def listing(self, side: Side) -> Listing:
        key = self.row["need" if side is Side.NEED else "offer"]
        query = sa.select(Listing).where(Listing.external_id == key)
        return db.session.scalars(query).one()

    def speaker(self, side: Side) -> Actor:
        """Somebody of the organisation on a side."""
        session: Session = db.session()
        organisation_id = self.listing(side).organisation_id
        query = sa.select(Membership.person_id).where(Membership.organisation_id == organisation_id)
        return load_actor(
            session, session.scalars(query.order_by(Membership.id)).first() or 0, organisation_id
        )

    def walk(self) -> None:
        """Go as far as the story says."""
        until = self.row["until"]
        need_id, offer_id = self.listing(Side.NEED).id, self.listing(Side.OFFER).id
        if until == "dismissed":
            with self.act(self.broker) as act:
                claiming.dismiss(act, need_id, offer_id, DismissReason.WRONG_THING, "样机还不稳定")
            return
        with self.act(self.broker) as act:
            self.public_id = claiming.claim(act, need_id, offer_id).public_id
        for state, step in self._steps():
            if until == "claimed":
                return
            step()
            if state == until:
                return
        self._end(until)

    def _steps(self) -> tuple[tuple[str, Callable[[], None]], ...]:
        short = self.row["until"] in ("declined", "lapsed", "withdrawn")
        whole = (
            ("proposed", self._propose),
            ("introduced", self._both_say_yes),
            ("agreed", self._agree),
            ("delivering", self._deliver),
            ("completed", self._complete),
            ("evaluated", self._evaluate),
        )
        if short:
            return whole[:1]
        return whole[:2] if self.row["until"] == "failed" else whole

    def _propose(self) -> None:
        with self.act(self.broker) as act:
            match = match_by_public_id(act.session, self.public_id)
            if match and is_needed(match):
                record_check(
                    act, self.public_id, CheckKind.ACCOMPANIED, act.today, "村妇女主任全程在场"
                )
        with self.act(self.broker) as act:
            proposing.propose(act, self.public_id, MESSAGE)

    def _both_say_yes(self) -> None:
        for side in Side:
            with self.act(self.speaker(side)) as act:
                proposing.answer(act, self.public_id, side, accept=True)

    def _hand_in(self, paper: Mapping[str, Any]) -> None:
        """The helping side puts its quotation with the match."""
        document = read_document(sheet_of(paper["lines"]), paper["name"])
        with self.act(self.speaker(Side.OFFER)) as act:
            attaching.attach(act, self.public_id, [document], paper["caption"], internal=False)

    def _agree(self) -> None:
        if "paper" in self.row:
            self._hand_in(self.row["paper"])
        due = self.row.get("due_in")
        with self.act(self.broker) as act:
            due_on = None
            if due is not None:
                due_on = (self.house.clock.now() + timedelta(days=due)).date()
            fulfilling.commit(act, self.public_id, self.row["taken"], self.row["covers"], due_on)

    def _deliver(self) -> None:
        with self.act(self.speaker(Side.NEED)) as act:
            match = match_by_public_id(act.session, self.public_id)
            commitment = match.commitments[0].public_id if match else ""
            fulfilling.record_delivery(act, self.public_id, commitment, self.row["delivered"])

    def _complete(self) -> None:
        with self.act(self.speaker(Side.NEED)) as act:
            version = fulfilling.record_outcome(
                act, self.public_id, self.row["outcome"], self.row["people"], self.row["delivered"]
            ).version
        with self.act(self.speaker(Side.OFFER)) as act:
            fulfilling.confirm_outcome(act, self.public_id, Side.OFFER, version=version)

    def _evaluate(self) -> None:
        for side, helped in ((Side.NEED, 5), (Side.OFFER, 4)):
            with self.act(self.speaker(side)) as act:
                following_up.give_feedback(
                    act, self.public_id, side, helped=helped, again=Again.YES
                )
        with self.act(self.broker) as act:
            fulfilling.evaluate(act, self.public_id, "双方都满意，明年开春再约一次。")

    def _end(self, until: str) -> None:
        if until == "lapsed":
            with open_act(self.house, db.session, SYSTEM, "demonstration") as act:
                for due in closing.due_to_lapse(act.session, act.now):
                    closing.lapse(act, due)
            return
        if until == "withdrawn":
            with self.act(self.broker) as act:
                closing.withdraw(act, self.public_id, CloseReason.TIME, "村里改到明年再办")
        elif until == "declined":
            with self.act(self.speaker(Side.OFFER)) as act:
                proposing.answer(
                    act, self.public_id, Side.OFFER, accept=False, reason=CloseReason.NOT_AVAILABLE,
                    note="设备先给了别的卫生室",
                )  # fmt: skip
        elif until == "failed":
            with self.act(self.speaker(Side.NEED)) as act:
                closing.fail(act, self.public_id, CloseReason.NOT_NEEDED, "工钱后来要回来了")
