"""A look from outside at a site that is killed or harmed: what it has, and what it was given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.accounts.tokens.service import create_token
from exchange.jobs.models import OutboxJob
from exchange.kernel.act import House, open_act
from exchange.kernel.actor import SYSTEM
from exchange.listings.indexing import key_of
from exchange.listings.kinds import State
from exchange.listings.models import Listing
from exchange.search.port import Query
from exchange.search.wiring import search_index
from tests.cast import FIRM_AREA, VILLAGE, Cast, Player
from tests.invariants import broken, broken_index

GOODS = (
    ("logistics.coldchain", "冷链车", "车次"),
    ("equipment.machinery", "微耕机", "台"),
    ("market.purchase", "刺梨鲜果", "吨"),
)
LETTERS = "bcdfghjkmn"  # for digits: words of these have no English endings


@dataclass(frozen=True)
class Books:
    """A look at the site's database and index from outside."""

    app: Flask
    session: Session
    cast: Cast

    @property
    def house(self) -> House:
        made: House = self.app.extensions["exchange"]
        return made

    def token(self, who: Player) -> str:
        person, owner = who.person_id, who.organisation_id
        self.session.commit()
        with open_act(self.house, lambda: self.session, SYSTEM, origin="test") as act:
            return create_token(act, person, owner, "a program", may_write=True, days=30).secret

    def is_drained(self) -> bool:
        """Whether no job waits or runs."""
        self.session.rollback()
        waiting = sa.select(OutboxJob.id).where(
            OutboxJob.failed_at.is_(None), OutboxJob.run_after <= datetime.now(UTC)
        )
        found = self.session.execute(waiting.limit(1)).first()
        self.session.rollback()
        return found is None


def body_of(number: int, last_day: datetime) -> dict[str, Any]:
    """The need or offer of a number; two that follow each other fit together."""
    category, goods, unit = GOODS[number // 2 % len(GOODS)]
    word = "lot" + "".join(LETTERS[int(digit)] for digit in f"{number:05d}")
    is_need = number % 2 == 0
    body = {
        "external_id": word,
        "side": "need" if is_need else "offer",
        "title": f"{'要' if is_need else '出'}{goods} {word}",
        "text": f"{goods}，{unit}数可商量。",
        "category": category,
        "division": VILLAGE if is_need else FIRM_AREA,
        "quantity": 10 + number % 7,
        "unit": unit,
        "terms": "paid",
        "to_date": last_day.date().isoformat(),
    }
    return body if is_need else body | {"serves": ["52"]}


def everything_is_there(books: Books, keys: Sequence[str]) -> None:
    """Each listing of a key is in the database once and found once, and no job was given up."""
    session = books.session
    session.rollback()
    listings = session.scalars(sa.select(Listing)).all()
    assert sorted(listing.external_id or "" for listing in listings) == sorted(keys)
    assert {listing.state for listing in listings} == {State.PUBLISHED}
    aside = sa.select(OutboxJob.name, OutboxJob.error).where(OutboxJob.failed_at.is_not(None))
    assert session.execute(aside).all() == []
    assert broken(session) == []
    with search_index(books.house) as index:
        assert broken_index(session, index) == []
        for listing in session.scalars(sa.select(Listing)):
            answer = index.search(Query(text=listing.external_id or "", audience=None))
            assert [hit.key for hit in answer.hits] == [key_of(listing)]
