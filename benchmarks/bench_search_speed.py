"""How long a visitor waits for the search page of a large site, and how much of it is the engine.

A generated site is served as ``exchange serve`` serves it, with two web processes. Four visitors in
a process of their own ask one question after the other over connections that are kept open; then
the same questions go straight to the engine, from four threads in two processes. ``--write``
appends the figures to docs/benchmarks.md.
"""

import argparse
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import sqlalchemy as sa

from benchmarks.clients import ASKERS, Times, ask_engine_apart, read_pages_apart
from benchmarks.large_site import MB, USUAL_ENGINE, LargeSite, build_site, memory_mb, opened
from benchmarks.questions import GeneratedQuestion, questions
from benchmarks.reporting import machine, p50_and_p95, report, section, table
from exchange.jobs.models import OutboxJob
from exchange.kernel.database import db
from tests.running_site import RunningSite

LOOK_SECONDS = 0.5
DIFFERENT = 20_000  # questions, before they come again


@dataclass(frozen=True)
class Memory:
    """Proportional set sizes in MB."""

    web: tuple[float, ...]
    worker: float


def asked(site: LargeSite, seed: int) -> list[GeneratedQuestion]:
    """The questions of one run."""
    return list(islice(questions(seed, list(site.generator.owners)), DIFFERENT))


def wait_until_idle(site: LargeSite) -> None:
    """Until the worker has done what it does after a start: counting words, statistics."""
    with opened(site.settings) as app:
        while True:
            now = app.extensions["exchange"].clock.now()
            waiting = sa.select(OutboxJob.id).where(
                OutboxJob.run_after <= now, OutboxJob.failed_at.is_(None)
            )
            if db.session.execute(waiting.limit(1)).first() is None:
                return
            db.session.rollback()
            time.sleep(LOOK_SECONDS)


def measure_pages(
    site: LargeSite, some: Sequence[GeneratedQuestion], seconds: float
) -> tuple[Times, Memory]:
    """Serve the site, read pages, and look at the memory that this took."""
    served = RunningSite(site.folder, **site.own)
    try:
        served.wait_until_ready()
        wait_until_idle(site)
        times = read_pages_apart(served.address, some, seconds)
        web, worker = served.web(), served.worker()
        assert web is not None
        assert worker is not None
        sizes = tuple(memory_mb(child) for child in web.children())
        return times, Memory(sizes, memory_mb(worker))
    finally:
        served.close()


def lines(pages: Times, engine: Times) -> list[tuple[str, ...]]:
    """The rows of the table."""
    (page50, page95), (own50, own95) = (p50_and_p95(t.milliseconds) for t in (pages, engine))
    return [
        ("page /search", f"{len(pages.milliseconds):,}", f"{page50:.1f}", f"{page95:.1f}"),
        ("engine alone", f"{len(engine.milliseconds):,}", f"{own50:.1f}", f"{own95:.1f}"),
        ("difference", "", f"{page50 - own50:.1f}", f"{page95 - own95:.1f}"),
        ("ratio", "", f"{page50 / own50:.2f}", f"{page95 / own95:.2f}"),
    ]


def about(site: LargeSite, memory: Memory, given: argparse.Namespace) -> tuple[str, str]:
    """What was measured on what, and what it took besides time."""
    engine = given.engine.partition(":")[0]  # an address may hold a password
    web = ", ".join(f"{size:.0f}" for size in memory.web)
    before = (
        f"{given.listings:,} generated listings, seed {given.seed}, engine {engine}; "
        f"{machine()}; Python {platform.python_version()}, SQLite; {ASKERS} at once, "
        f"2 web processes, {given.seconds:.0f} s each."
    )
    after = (
        f"Index of {site.documents:,} documents: built in {site.index_seconds:.1f} s, "
        f"{site.index_bytes / MB:.1f} MB. Database filled in {site.fill_seconds:.1f} s. "
        f"Memory after it (PSS): web processes {web} MB, worker {memory.worker:.0f} MB."
    )
    return before, after


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, measure, print; 1 when a question failed."""
    parser = argparse.ArgumentParser(description="Measure the search page of a large site.")
    parser.add_argument("--listings", type=int, default=20_000)
    parser.add_argument("--engine", default=USUAL_ENGINE)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20.0, help="for each measurement")
    parser.add_argument("--write", action="store_true", help="append to docs/benchmarks.md")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="exchange-bench-") as folder:
        site = build_site(Path(folder), given.listings, given.seed, given.engine)
        some = asked(site, given.seed)
        pages, memory = measure_pages(site, some, given.seconds)
        engine = ask_engine_apart(site.settings, some, given.seconds)
        paragraphs = about(site, memory, given)
    heads = ("what", "times", "p50 ms", "p95 ms")
    figures = table(heads, lines(pages, engine))
    report(section("search page", paragraphs[0], figures, paragraphs[1]), write=given.write)
    for error in [*pages.errors, *engine.errors][:5]:
        print(f"failed: {error}", file=sys.stderr)
    return 1 if pages.errors or engine.errors else 0


if __name__ == "__main__":
    sys.exit(main())
