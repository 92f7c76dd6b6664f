"""How quickly a social worker's matches are shown when 500 are open: list, board, filtered, Today,
one match of each state, and what was done with one's own data.

A site is made anew in a folder that goes away, on SQLite or, under scripts/with_postgres.py, on
PostgreSQL: one social worker with so many open matches in all states that go on, half of the
agreed ones with a promised day, some set aside, some resting for too long. Each page is asked for
one after the other, by the application itself in one process, the templates warm. ``--write``
appends the figures to docs/benchmarks.md.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from benchmarks.reporting import machine, p50_and_p95, report, section, table
from exchange import create_app
from exchange.brokering.centre.escalation_models import Escalation
from exchange.brokering.centre.escalation_rules import Cause
from exchange.brokering.kinds import LIVE_STATES, Answer, MatchState, PostponeReason
from exchange.brokering.models import Commitment, Match, MatchSide
from exchange.geography.loading import load_divisions
from exchange.kernel.database import WRITES, db
from exchange.kernel.settings import Settings, new_key
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from tests.cast import Cast, Player
from tests.factories import make_listing

PAGES = {
    "list": "/matches?who=mine",
    "list, second page, due first": "/matches?who=mine&sort=due&after=40.2026-12-01",
    "board": "/matches?who=mine&look=board",
    "filtered: due within a week, words": "/matches?who=mine&due=week&q=%E5%BE%AE%E8%80%95",
    "Today": "/today",
    "what was done with my data": "/me/audit",
}
POSTGRES_AT = "EXCHANGE_TEST_DATABASE"  # set by scripts/with_postgres.py
LISTINGS = 60  # on either side; each need is in several matches
PROVINCE = "52"


@dataclass(frozen=True)
class Result:
    """The times of a page in milliseconds, by the clock and of the processor; its queries, its
    size in bytes.
    """

    page: str
    times: Sequence[float]
    spent: Sequence[float]
    queries: int
    size: int


@contextmanager
def site(address: str) -> Iterator[Flask]:
    """A site of its own, with the divisions of one province; an empty address for SQLite."""
    with tempfile.TemporaryDirectory(prefix="exchange-bench-") as folder:
        settings = Settings(
            data_dir=Path(folder), database_url=address or f"sqlite:///{folder}/bench.db",
            secret_key=new_key(), encryption_keys=f"k1:{new_key()}", lookup_key=new_key(),
            encoder="hash", log_level="ERROR",
        )  # fmt: skip
        app = create_app(settings)
        with app.app_context():
            db.metadata.create_all(db.engine)
            with db.engine.begin() as connection:
                load_divisions(connection, only_prefixes=(PROVINCE,))
            yield app
            db.session.remove()
            db.engine.dispose()


def fill(app: Flask, matches: int) -> Player:
    """So many open matches of one social worker; who that is."""
    cast = Cast(app, db.session())
    broker, house = cast.broker, app.extensions["exchange"]
    pairs = [
        (
            make_listing(house, cast.officer, Side.NEED, title=f"要第 {number} 台微耕机"),
            make_listing(house, cast.enterprise, Side.OFFER, title=f"出借第 {number} 台微耕机"),
        )
        for number in range(LISTINGS)
    ]
    needs, offers = zip(*pairs, strict=True)
    point_id = broker.actor.service_point_id
    cast._write()
    for number in range(matches):
        need, offer = needs[number % LISTINGS], offers[(number // LISTINGS) % LISTINGS]
        cast.session.add(_match(number, need, offer, broker.person_id, point_id, cast))
    cast.session.flush()
    rest_too_long(cast, broker.person_id)
    cast.session.commit()
    return broker


def _match(
    number: int, need: Listing, offer: Listing, broker_id: int, point_id: int | None, cast: Cast
) -> Match:  # fmt: skip
    state, today = LIVE_STATES[number % len(LIVE_STATES)], cast.now.date()
    asked = state is not MatchState.CLAIMED
    promised = state in (MatchState.AGREED, MatchState.DELIVERING)
    aside = number % 11 == 0
    answer = Answer.PENDING if state is MatchState.PROPOSED else Answer.ACCEPTED
    at = cast.now - timedelta(hours=number)
    return Match(
        need_id=need.id, offer_id=offer.id, state=state, broker_id=broker_id,
        service_point_id=point_id, version=1, created_at=at, updated_at=at,
        proposed_at=at if asked else None,
        lapses_at=cast.now + timedelta(days=9) if asked else None,
        postponed_until=today + timedelta(days=5) if aside else None,
        postpone_reason=PostponeReason.SEASON if aside else None,
        sides=[
            MatchSide(side=side, organisation_id=one.organisation_id,
                      answer=answer if asked else Answer.PENDING)
            for side, one in ((Side.NEED, need), (Side.OFFER, offer))
        ],
        commitments=_promise(number, today, broker_id, cast) if promised else [],
    )  # fmt: skip


def _promise(number: int, today: date, broker_id: int, cast: Cast) -> list[Commitment]:
    due = today + timedelta(days=number % 20 - 5) if number % 2 else None
    return [
        Commitment(
            taken_milli=1_000, covers_milli=1_000, delivered_milli=0, made_by_id=broker_id,
            made_at=cast.now, due_on=due,
        )
    ]  # fmt: skip


def rest_too_long(cast: Cast, broker_id: int) -> None:
    """Every seventh match."""
    ids = cast.session.scalars(sa.select(Match.id).where(Match.id % 7 == 0)).all()
    cast.session.add_all(
        Escalation(
            match_id=one, cause=Cause.CLAIMED, person_id=broker_id, since=cast.now,
            reminded_at=cast.now,
        )
        for one in ids
    )  # fmt: skip


def measure(app: Flask, broker: Player, visits: int) -> list[Result]:
    """Each page once warm, then so many times."""
    client, cast = app.test_client(), Cast(app, db.session())
    cast.sign_in(client, broker)
    pages = {**PAGES, **_one_of_each_state(cast.session)}
    return [_visited(client, name, path, visits) for name, path in pages.items()]


def _one_of_each_state(session: Session) -> dict[str, str]:
    first = sa.select(sa.func.min(Match.id)).group_by(Match.state)
    found = session.scalars(sa.select(Match).where(Match.id.in_(first)).order_by(Match.id))
    return {f"one match, {one.state.value}": f"/matches/{one.public_id}" for one in found}


def _visited(client: FlaskClient, name: str, path: str, visits: int) -> Result:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    sa.event.listen(db.engine, "before_cursor_execute", note)
    client.get(path)
    sa.event.remove(db.engine, "before_cursor_execute", note)
    times, spent = [], []
    for _ in range(visits):
        started, before = time.perf_counter(), time.process_time()
        client.get(path)
        times.append((time.perf_counter() - started) * 1000)
        spent.append((time.process_time() - before) * 1000)
    return Result(name, times, spent, len(sent), len(answer.data))


def rows(results: Sequence[Result]) -> list[tuple[str, ...]]:
    """A line of the table for each page."""
    return [
        (
            one.page, f"{p50_and_p95(one.times)[0]:.0f}",
            f"{p50_and_p95(one.times)[1]:.0f}", f"{p50_and_p95(one.spent)[0]:.0f}",
            f"{one.queries}", f"{one.size / 1000:.0f}",
        )
        for one in results
    ]  # fmt: skip


def run(address: str, matches: int, visits: int) -> list[Result]:
    """Make the site on a database, fill it, measure."""
    with site(address) as app:
        broker = fill(app, matches)
        with db.engine.connect().execution_options(**{WRITES: True}) as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
        return measure(app, broker, visits)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make, measure, print."""
    parser = argparse.ArgumentParser(description="Measure the pages of a worker's matches.")
    parser.add_argument("--matches", type=int, default=500, help="open matches of one worker")
    parser.add_argument("--visits", type=int, default=30, help="of each page")
    parser.add_argument("--write", action="store_true", help="append to docs/benchmarks.md")
    given = parser.parse_args(arguments)
    address = os.environ.get(POSTGRES_AT, "")
    database = "PostgreSQL" if address else "SQLite"
    lines = rows(run(address, given.matches, given.visits))
    about = (
        f"{given.matches} open matches of one social worker, {given.visits} visits of each page, "
        f"one at a time; {machine()}; Python {platform.python_version()}, {database}."
    )
    heads = ("page", "p50 ms", "p95 ms", "processor ms", "queries", "KB")
    report(section("a worker's matches", about, table(heads, lines)), write=given.write)
    return 0


if __name__ == "__main__":
    sys.exit(main())
