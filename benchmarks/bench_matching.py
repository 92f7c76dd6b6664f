"""How many listings are scored for one, what that choice misses, and how long suggestions take.

A generated site, and the graded listings: for a sample of listings everybody who passes the gates
is scored, and the best twenty are looked for among those that the pipeline would have chosen. Then,
on the generated site, one listing end to end as the worker does it, new listings posted to a site
whose real worker runs, and the refresh of everything by the command, with its memory.
``--write`` appends the figures to docs/benchmarks.md.
"""

import argparse
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from statistics import fmean

import psutil
import sqlalchemy as sa
from flask import Flask

from benchmarks.bench_freshness import newcomers, values_of, worker
from benchmarks.large_site import MB, LargeSite, build_site, memory_mb, opened
from benchmarks.matching_site import Compared, compare, fill_vectors
from benchmarks.reporting import ROOT, machine, p50_and_p95, report, section, table
from exchange.jobs.models import OutboxJob
from exchange.jobs.runner import JobRun
from exchange.kernel.clock import civil_date
from exchange.kernel.settings import Settings
from exchange.listings.writing import upsert_listing
from exchange.matching.cli import prepare, throwaway_site
from exchange.matching.evaluation.evaluating import read_graded_set
from exchange.matching.models import ListingMatched, Suggestion
from exchange.matching.openings import openings_of
from exchange.matching.queries import open_listing_ids
from exchange.matching.recall import FRESH, REFRESH, Depth
from exchange.matching.suggesting import match_listings
from tests.running_site import RunningCommand

GRADED = ROOT / "tests" / "data" / "matching-dev"
POSTGRES_AT = "EXCHANGE_TEST_DATABASE"  # set by scripts/with_postgres.py
LOOK_SECONDS = 0.02
MEMORY_SECONDS = 10  # to look at the memory of large processes takes a third of a second
PATIENCE = 60.0  # seconds for one new listing
WARM = 20
Row = tuple[str, ...]


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def times_row(name: str, times: Sequence[float]) -> Row:
    """A row of the table of times."""
    middle, most = p50_and_p95(times)
    return name, f"{len(times):,}", f"{middle:.0f}", f"{most:.0f}", f"{max(times):.0f}"


def recall_row(name: str, found: Sequence[Compared]) -> Row:
    """A row of the table of choices."""
    passing, chosen = ([getattr(one, key) for one in found] for key in ("passing", "chosen"))
    middle, most = p50_and_p95(passing)
    return (
        name, f"{len(found)}", f"{middle:,.0f}", f"{most:,.0f}", f"{fmean(chosen):.0f}",
        f"{max(chosen)}", f"{fmean(one.recall for one in found):.4f}",
        f"{min(one.recall for one in found):.2f}",
    )  # fmt: skip


def choices(run: JobRun, ids: Sequence[int], depth: Depth) -> list[Compared]:
    """Compare the choice for each of these with scoring everybody."""
    today = civil_date(run.house.clock.now())
    return [found for key in ids if (found := compare(run, key, today, depth)) is not None]


def graded_choices(settings: Settings) -> Iterator[Row]:
    """On the graded listings, all of them."""
    graded = read_graded_set(GRADED)
    with throwaway_site(settings) as app:
        prepare(app, graded)
        with app.app_context():
            run: JobRun = app.extensions["exchange.jobs"]
            ids = open_listing_ids(run.read(), civil_date(run.house.clock.now()))
            yield recall_row("graded, fresh", choices(run, ids, FRESH))
            yield recall_row("graded, refresh", choices(run, ids, REFRESH))


def sample(run: JobRun, count: int, seed: int) -> list[int]:
    """Open listings of both sides, drawn."""
    ids = open_listing_ids(run.read(), civil_date(run.house.clock.now()))
    return Random(seed).sample(ids, min(count, len(ids)))


def one_by_one(run: JobRun, ids: Sequence[int]) -> tuple[list[float], list[float]]:
    """Milliseconds to match each, read, choose, score, write; the first ones only warm up.

    By the clock, and of this process's processor: that is what a busy machine changes less.
    """
    times, busy = list[float](), list[float]()
    for key in ids:
        began = time.process_time()
        times.append(timed(partial(match_listings, run, [key])))
        busy.append((time.process_time() - began) * 1000)
    return times[WARM:], busy[WARM:]


def posted(site: LargeSite, count: int, pause: float) -> list[float]:
    """Milliseconds from the commit of a new listing until its suggestions stand there."""
    waited = []
    coming = newcomers(site.generator, count + 1)
    with opened(site.settings) as app, worker(site):
        run: JobRun = app.extensions["exchange.jobs"]
        _until_idle(run)
        for one in coming:
            with run.act() as act:
                name = f"matched-{one.row['id']}"
                listing_id = upsert_listing(
                    act, one.owner.id, name, one.row["door"], values_of(one)
                ).id
            waited.append(timed(partial(_until_matched, run, listing_id)))
            time.sleep(pause)
    return waited[1:]


def _until_matched(run: JobRun, listing_id: int) -> None:
    end = time.monotonic() + PATIENCE
    asked = sa.select(ListingMatched.listing_id).where(ListingMatched.listing_id == listing_id)
    while run.read().scalar(asked) is None:
        assert time.monotonic() < end, f"listing {listing_id} was not matched"
        time.sleep(LOOK_SECONDS)


def _until_idle(run: JobRun) -> None:
    """Until the worker has done what it does after a start."""
    asked = sa.select(sa.func.count(OutboxJob.id)).where(OutboxJob.failed_at.is_(None))
    while run.read().scalar(asked.where(OutboxJob.run_after <= run.house.clock.now())):
        time.sleep(LOOK_SECONDS * 10)


def refreshed(site: LargeSite, processes: int) -> tuple[float, float, str]:
    """Seconds, greatest memory of all processes in MB (PSS), and what the command said."""
    started, most = time.perf_counter(), 0.0
    command = RunningCommand(
        site.folder, "rematch", "--processes", str(processes), **site.own
    )
    try:
        while command.process.poll() is None:
            most = max(most, _memory(command))
            time.sleep(MEMORY_SECONDS)
    finally:
        command.close()
    assert command.process.returncode == 0, command.output
    said = re.findall(r"[^\r\n]*listings[^\r\n]*", command.output)
    return time.perf_counter() - started, most, said[-1] if said else ""


def _memory(command: RunningCommand) -> float:
    total = 0.0
    try:
        for each in (psutil.Process(command.process.pid), *command.children()):
            total += memory_mb(each)
    except psutil.Error:  # it ended meanwhile
        return total
    return total


def measure(
    site: LargeSite, app: Flask, given: argparse.Namespace
) -> tuple[list[Row], list[Row], str]:
    """The two tables of a generated site, and what it took besides."""
    run: JobRun = app.extensions["exchange.jobs"]
    stored = fill_vectors(run, site.generator, given.seed)
    openings = openings_of(run.house)
    loaded = timed(lambda: openings.catch_up(run.read()))
    ids = sample(run, given.times + WARM, given.seed)
    whole, busy = one_by_one(run, ids)
    times = [
        times_row("one listing, end to end", whole),
        times_row("of it processor time of the worker", busy),
    ]
    few = ids[: given.compared]
    chosen = [
        recall_row("generated, fresh", choices(run, few, FRESH)),
        recall_row("generated, refresh", choices(run, few, REFRESH)),
    ]
    said = (
        f"{stored:,} open listings with vectors; columns read in {loaded / 1000:.1f} s, "
        f"{openings.columns.bytes / MB:.0f} MB; this process {memory_mb(psutil.Process()):.0f} MB."
    )
    return times, chosen, said


def everything(site: LargeSite, given: argparse.Namespace) -> str:
    """The refresh of all suggestions."""
    seconds, memory, said = refreshed(site, given.processes)
    with opened(site.settings) as app:
        run: JobRun = app.extensions["exchange.jobs"]
        rows = run.read().scalar(sa.select(sa.func.count(Suggestion.id)))
    return (
        f"Full refresh by {given.processes} processes: {seconds:,.0f} s, {memory:,.0f} MB (PSS of "
        f"all at most), {rows:,} suggestions. It said: {said}."
    )


def arguments_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description="Measure how suggestions are made.")
    parser.add_argument("--listings", type=int, default=20_000)
    parser.add_argument("--engine", default="", help="the usual one of the database")
    parser.add_argument("--postgres", action="store_true", help=f"the database of {POSTGRES_AT}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--times", type=int, default=200, help="listings matched one by one")
    parser.add_argument("--compared", type=int, default=40, help="listings scored with everybody")
    parser.add_argument("--posted", type=int, default=20, help="new listings")
    parser.add_argument("--processes", type=int, default=2, help="of the refresh")
    parser.add_argument("--no-refresh", action="store_true", help="leave the refresh out")
    parser.add_argument("--write", action="store_true", help="append to docs/benchmarks.md")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, measure, print."""
    given = arguments_of(arguments)
    database = os.environ[POSTGRES_AT] if given.postgres else ""
    engine = given.engine or (database or "whoosh")
    with tempfile.TemporaryDirectory(prefix="exchange-bench-") as folder:
        site = build_site(Path(folder), given.listings, given.seed, engine, database)
        with opened(site.settings) as app:
            times, chosen, said = measure(site, app, given)
        times.append(times_row("posted, until suggested", posted(site, given.posted, 0.5)))
        whole = "" if given.no_refresh else everything(site, given)
        chosen += graded_choices(site.settings)
    named = engine.partition(":")[0]  # an address may hold a password
    about = (
        f"{given.listings:,} generated listings, seed {given.seed}, engine {named}; {machine()}; "
        f"Python {platform.python_version()}, {'PostgreSQL' if database else 'SQLite'}."
    )
    heads = ("what", "times", "p50 ms", "p95 ms", "most ms")
    about_choice = (
        "for", "listings", "pass p50", "pass p95", "scored", "at most", "recall@20", "least",
    )  # fmt: skip
    tables = table(heads, times), table(about_choice, chosen)
    report(section("matching", about, *tables, f"{said} {whole}".strip()), write=given.write)
    return 0


if __name__ == "__main__":
    sys.exit(main())
