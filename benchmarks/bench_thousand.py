"""How quickly a site with a thousand listings answers: search, matching one listing, two pages.

``make bench`` prints a table; ``PYTHONPATH=. python benchmarks/bench_thousand.py --write`` also
appends it to docs/benchmarks.md with machine and commit. The site is made anew in a folder that
goes away: the demonstration's listings, imported four times for four sets of owners, on SQLite and
Whoosh with the real encoder, in one process, answered one at a time.
"""

import argparse
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from benchmarks.reporting import machine, p50_and_p95, report, section, table
from exchange import create_app
from exchange.admin.city import City
from exchange.discovery.rules import Asked
from exchange.discovery.searching import Reader, search
from exchange.geography.loading import load_divisions
from exchange.kernel.actor import VISITOR
from exchange.kernel.clock import civil_date
from exchange.kernel.database import db
from exchange.kernel.settings import Settings, new_key
from exchange.listings.importing import import_listings, import_organisations
from exchange.matching.evaluation.evaluating import GradedSet
from exchange.matching.facts import centroids_of, load_facts
from exchange.matching.queries import open_listing_ids
from exchange.matching.readings import encode, store_vectors
from exchange.matching.suggesting import match_listings
from exchange.search.jobs import rebuild

COPIES = 4
WORDS = (
    "冷链车", "茶叶", "刺梨", "作业辅导", "义诊", "cold chain", "关岭招工", "谁家还收刺梨鲜果",
    "笔记本电脑", "soil test", "普定", "烤房 维修", "直播带货培训", "children's books",
)  # fmt: skip
PAGES = {"page /": "/", "page /search?q=": "/search?q=%E8%8C%B6%E5%8F%B6"}
SEARCHES, MATCHES, VISITS = 150, 15, 30


@dataclass(frozen=True)
class Result:
    """One line of the table, in milliseconds."""

    name: str
    times: Sequence[float]

    @property
    def cells(self) -> tuple[str, ...]:
        middle, most = p50_and_p95(self.times)
        return self.name, f"{len(self.times)}", f"{middle:.1f}", f"{most:.1f}"


@contextmanager
def site() -> Iterator[Flask]:
    """A site of its own, empty."""
    with tempfile.TemporaryDirectory(prefix="exchange-bench-") as folder:
        settings = Settings(
            data_dir=Path(folder), secret_key=new_key(), encryption_keys=f"k1:{new_key()}",
            lookup_key=new_key(), log_level="ERROR",
        )  # fmt: skip
        app = create_app(settings)
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


def copies(city: City) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Owners and listings, each four times under other ids."""
    owners = [
        row | {"id": f"{row['id']}-{n}"} for n in range(COPIES) for row in city.organisations()
    ]
    listings = [
        row | {"id": f"{row['id']}-{n}", "organisation": f"{row['organisation']}-{n}"}
        for n in range(COPIES)
        for row in city.listings()
    ]
    return owners, listings


def fill(app: Flask) -> int:
    """Import, index; returns how many listings there are. Jobs are left out: nothing matches."""
    run = app.extensions["exchange.jobs"]
    db.metadata.create_all(db.engine)
    today = civil_date(datetime.now(UTC))
    owners, listings = copies(City(today))
    with run.act() as act:
        codes = GradedSet(tuple(owners), tuple(listings), ()).division_codes
        load_divisions(act.session.connection(), only_prefixes=codes)
        import_organisations(act, owners, verified=True)
        report = import_listings(act, listings, licence="bench")
        act.session.execute(sa.text("DELETE FROM outbox_job"))
    assert not report.errors, report.errors[:3]
    rebuild(run)
    return report.done


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def measure(app: Flask) -> Iterator[Result]:
    """Each measurement once warm; the first round is thrown away."""
    run = app.extensions["exchange.jobs"]
    session: Session = run.read()
    today = civil_date(run.house.clock.now())

    reader = Reader(VISITOR, near="", origin=None, locale="zh", today=today)

    def ask(text: str) -> object:
        return search(session, run.house, reader, Asked(q=text))

    times = [timed(partial(ask, WORDS[n % len(WORDS)])) for n in range(SEARCHES + 14)]
    yield Result("search, one question", times[14:])
    ids = open_listing_ids(session, today)
    facts = load_facts(session, centroids_of(run.house, session), sa.true())
    made = encode(run.house, list(facts.values()))
    with run.act() as act:
        store_vectors(act, facts, made)
    match_listings(run, ids[:1])
    step = max(1, len(ids) // MATCHES)
    yield Result(
        "match one listing", [timed(partial(match_listings, run, [i])) for i in ids[::step]]
    )
    client = app.test_client()
    for name, path in PAGES.items():
        assert client.get(path).status_code == 200
        yield Result(name, [timed(partial(client.get, path)) for _ in range(VISITS)])


def main() -> int:
    """Measure, print, and write when asked to."""
    parser = argparse.ArgumentParser(description="Measure a site with a thousand listings.")
    parser.add_argument("--write", action="store_true", help="append to docs/benchmarks.md")
    given = parser.parse_args()
    started = time.perf_counter()
    with site() as app:
        count = fill(app)
        rows = [result.cells for result in measure(app)]
    about = f"{count:,} listings; {machine()}; Python {platform.python_version()}, SQLite, Whoosh."
    figures = table(("what", "times", "p50 ms", "p95 ms"), rows)
    report(section("", about, figures), write=given.write)
    print(f"({time.perf_counter() - started:.0f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
