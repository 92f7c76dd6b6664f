"""What was acknowledged outlives kill -9: it is in the database, findable and matched, once.

EXCHANGE_TEST_FULL=1 runs the full figure; EXCHANGE_TEST_SEED repeats a run's draws.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange import create_app
from exchange.accounts.token_service import create_token
from exchange.jobs.models import OutboxJob
from exchange.kernel.act import House, open_act
from exchange.kernel.actor import SYSTEM
from exchange.kernel.database import db
from exchange.kernel.settings import load_settings
from exchange.listings.indexing import key_of
from exchange.listings.kinds import State
from exchange.listings.models import Listing
from exchange.matching.models import Suggestion
from exchange.search.port import Query
from exchange.search.wiring import search_index
from tests.cast import FIRM_AREA, VILLAGE, Cast, Player
from tests.conftest import FIGURES, SEED_VARIABLE, PostgresCopies, SqliteCopies
from tests.crash.killing import KilledSite, Posting, kill_while_posting
from tests.invariants import broken, broken_index
from tests.running_site import environment, eventually

pytestmark = pytest.mark.processes
IS_FULL = os.environ.get("EXCHANGE_TEST_FULL") == "1"
KILLS, LISTINGS = (24, 500) if IS_FULL else (3, 60)
PATIENCE = 300.0
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


@pytest.fixture
def site(tmp_path: Path, database_copies: SqliteCopies | PostgresCopies) -> Iterator[KilledSite]:
    """A site without demonstration data, on a database of its own."""
    with database_copies.empty() as address:
        made = KilledSite(
            tmp_path / "site", {"EXCHANGE_ENV": "development", "EXCHANGE_DATABASE_URL": address}
        )
        yield made
        made.site.close()


@pytest.fixture
def books(site: KilledSite) -> Iterator[Books]:
    app = create_app(load_settings(environment(site.folder, **site.settings)))
    with app.app_context(), Session(db.engine) as session:
        yield Books(app, session, Cast(app, session))
        session.rollback()
        db.engine.dispose()


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


def test_what_was_acknowledged_outlives_kill_9(
    site: KilledSite, books: Books, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(int(os.environ[SEED_VARIABLE]))
    started = time.monotonic()
    tokens = {"need": books.token(books.cast.officer), "offer": books.token(books.cast.enterprise)}
    last_day = datetime.now(UTC) + timedelta(days=200)
    bodies = [body_of(number, last_day) for number in range(LISTINGS)]
    posting = Posting(site, bodies, lambda body: tokens[body["side"]])
    kill_while_posting(posting, KILLS, chance)
    posting.wait(PATIENCE)
    eventually(books.is_drained, "all jobs have run", PATIENCE)
    record_property(
        FIGURES,
        f"{dict(site.kills)}, {LISTINGS} listings, {posting.cut_off} requests cut off, "
        f"{Counter(posting.acknowledged.values())[200]} acknowledged on a second try, "
        f"{time.monotonic() - started:.0f} s",
    )
    assert posting.refused == []
    assert site.kills.total() == KILLS
    _everything_is_there(books, [body["external_id"] for body in bodies])
    for body in chance.sample(bodies, 10):
        found = site.found(body["external_id"], tokens[body["side"]])
        assert found[:1] == [body["external_id"]]  # what is like it may stand behind


def _everything_is_there(books: Books, keys: list[str]) -> None:
    session = books.session
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
    assert unmatched(session) == []


def unmatched(session: Session) -> list[int]:
    """Listings that no suggestion joins to another of their category."""
    listings = session.scalars(sa.select(Listing)).all()
    categories = {listing.id: listing.category_code for listing in listings}
    matched: set[int] = set()
    for need_id, offer_id in session.execute(sa.select(Suggestion.need_id, Suggestion.offer_id)):
        if categories[need_id] == categories[offer_id]:
            matched |= {need_id, offer_id}
    return sorted(categories.keys() - matched)
