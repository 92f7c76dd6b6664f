"""How soon a new listing is found while many come in: from its commit until a search brings it up.

A generated site gets 20 new listings a second through the services, for 30 seconds, from a process
of its own; the real worker indexes and matches them; this process looks for those that are still
missing, again and again. ``--write`` appends the figures to docs/benchmarks.md.
"""

import argparse
import multiprocessing
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty

from benchmarks.generator import Generated, Generator
from benchmarks.large_site import USUAL_ENGINE, LargeSite, build_site, opened
from benchmarks.reporting import machine, p50_and_p95, report, section, table
from exchange.jobs.runner import JobRun
from exchange.kernel.settings import Settings
from exchange.listings.indexing import key_of
from exchange.listings.kinds import State
from exchange.listings.values import ListingValues
from exchange.listings.writing import upsert_listing
from exchange.search.port import Filters, Query, SearchIndex
from exchange.search.wiring import search_index
from tests.running_site import RunningCommand

OTHER = 1_000  # added to the seed of the site, for what comes in later
LOOK_SECONDS = 0.01
MOST_ASKED = 200  # missing listings in one question
PATIENCE = 180.0  # for the last one


@dataclass(frozen=True)
class Written:
    """A listing that was committed; moments by the machine's monotonic clock, in seconds."""

    external_id: str
    key: str
    began: float
    committed: float


@dataclass
class Found:
    """What was measured, in milliseconds, and the keys that were never found."""

    waited: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    commits: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Writes a second that were really done."""
        spans = len(self.commits) - 1
        return spans / (self.commits[-1] - self.commits[0]) if spans > 0 else 0.0


def newcomers(site: Generator, count: int) -> list[Generated]:
    """Listings that could be posted now, of the owners that the site has already."""
    more = Generator(10**6, OTHER, site.now, site.places)
    known = len(site.owners)
    fitting = (
        one for one in more if one.row["state"] is State.PUBLISHED and one.owner.id <= known
    )
    return list(islice(fitting, count))


def values_of(one: Generated) -> ListingValues:
    """What its author says; who may see it is left to the rules."""
    names = (
        "title", "text", "category_code", "division_code", "quantity_milli", "unit", "terms",
        "from_date", "to_date", "urgency", "licence",
    )  # fmt: skip
    said = {name: one.row[name] for name in names}
    return ListingValues(
        **said, beneficiaries=tuple(one.row["beneficiaries"]), coverage=one.coverage
    )


def write_all(
    settings: Settings, listings: Sequence[Generated], rate: float, told: "Queue[Written | None]"
) -> None:
    """Post them one by one at this rate, or as fast as it goes; None tells the end."""
    with opened(settings) as app:
        run: JobRun = app.extensions["exchange.jobs"]
        start = time.monotonic()
        for number, one in enumerate(listings):
            time.sleep(max(0.0, start + number / rate - time.monotonic()))
            told.put(_write(run, one))
        told.put(None)


def _write(run: JobRun, one: Generated) -> Written:
    began = time.monotonic()
    name = f"fresh-{one.row['id']}"
    with run.act() as act:
        listing = upsert_listing(act, one.owner.id, name, one.row["door"], values_of(one))
        key = key_of(listing)
    return Written(name, key, began, time.monotonic())


def look_for_all(
    index: SearchIndex, told: "Queue[Written | None]", patience: float = PATIENCE
) -> Found:
    """Look for what was written until the end was told and nothing is missing."""
    found, is_open = Found(), True
    waiting: dict[str, Written] = {}
    limit = float("inf")
    while (is_open or waiting) and time.monotonic() < limit:
        for one in _news(told):
            if one is None:
                is_open, limit = False, time.monotonic() + patience
            else:
                waiting[one.key] = one
                found.commits.append(one.committed)
                found.writes.append((one.committed - one.began) * 1000)
        _look(index, waiting, found)
        time.sleep(LOOK_SECONDS)
    found.missing += waiting
    return found


def _news(told: "Queue[Written | None]") -> Iterator[Written | None]:
    try:
        while True:
            yield told.get_nowait()
    except Empty:
        return


def _look(index: SearchIndex, waiting: dict[str, Written], found: Found) -> None:
    if not waiting:
        return
    asked = tuple(one.external_id for one in islice(waiting.values(), MOST_ASKED))
    began = time.monotonic()
    answer = index.search(
        Query(filters=Filters(external_ids=asked), limit=MOST_ASKED, audience=None)
    )
    now = time.monotonic()
    found.looks.append((now - began) * 1000)
    for hit in answer.hits:
        found.waited.append((now - waiting.pop(hit.key).committed) * 1000)


@contextmanager
def worker(site: LargeSite) -> Iterator[None]:
    """The real worker on the site."""
    running = RunningCommand(site.folder, "worker", **site.own)
    try:
        yield
        assert running.process.poll() is None, running.output
    finally:
        running.close()


def measure(site: LargeSite, rate: float, seconds: float) -> Found:
    """Warm up with one listing, which also waits for the worker; then measure."""
    context = multiprocessing.get_context("spawn")
    coming = newcomers(site.generator, 1 + max(2, int(rate * seconds)))
    with opened(site.settings) as app, worker(site):
        index = search_index(app.extensions["exchange"])
        for some in (coming[:1], coming[1:]):
            told: Queue[Written | None] = context.Queue()
            writer = context.Process(target=write_all, args=(site.settings, some, rate, told))
            writer.start()
            found = look_for_all(index, told)
            writer.join()
            assert not found.missing, found.missing[:3]
        return found


def lines(found: Found) -> list[tuple[str, ...]]:
    """The rows of the table."""
    times = {
        "commit to findable": found.waited,
        "one write, with its commit": found.writes,
        "one look (what is found may be older by one)": found.looks,
    }
    return [
        (name, f"{len(some):,}", *(f"{value:.0f}" for value in p50_and_p95(some)))
        for name, some in times.items()
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description="Measure how soon new listings are found.")
    parser.add_argument("--listings", type=int, default=20_000)
    parser.add_argument("--engine", default=USUAL_ENGINE)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=20.0, help="writes a second")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--write", action="store_true", help="append to docs/benchmarks.md")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="exchange-bench-") as folder:
        site = build_site(Path(folder), given.listings, given.seed, given.engine)
        found = measure(site, given.rate, given.seconds)
    about = (
        f"{given.listings:,} generated listings, seed {given.seed}, engine {given.engine}; "
        f"{machine()}; Python {platform.python_version()}, SQLite; {given.rate:.0f} writes a "
        f"second wanted, {found.rate:.1f} done, the worker indexing and matching."
    )
    heads = ("what", "times", "p50 ms", "p95 ms")
    report(section("freshness", about, table(heads, lines(found))), write=given.write)
    return 0


if __name__ == "__main__":
    sys.exit(main())
