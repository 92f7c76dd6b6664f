"""A generated site in a folder of its own, ready to be served: database, divisions, index."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import sqlalchemy as sa
from flask import Flask

from benchmarks.documents import fill_index
from benchmarks.filling import fill_database
from benchmarks.generator import Generator
from benchmarks.meanings import DrawnMeanings
from exchange import create_app
from exchange.jobs.cli import job_run
from exchange.jobs.registry import Run
from exchange.kernel.database import db
from exchange.kernel.settings import Settings, load_settings
from exchange.matching.jobs import halt_refresh, request_refresh
from exchange.search.lexicon_jobs import refresh_lexicon
from exchange.search.meaning import encoder_of
from exchange.search.wiring import ENGINES, FOLDER, POSTGRES, search_index
from tests.running_site import RunningCommand, environment

USUAL_ENGINE = "whoosh"
SIZE_OF_TABLES = (
    "SELECT sum(pg_total_relation_size(oid)) FROM pg_class "
    "WHERE relkind = 'r' AND relname LIKE 'search\\_g%'"
)
MB = 1_000_000


@dataclass(frozen=True)
class LargeSite:
    """What was built, how long that took in seconds, and how large the index is in bytes."""

    folder: Path
    own: Mapping[str, str]
    generator: Generator
    documents: int
    fill_seconds: float
    index_seconds: float
    index_bytes: int

    @property
    def settings(self) -> Settings:
        """What the server, too, reads from its environment."""
        return load_settings(environment(self.folder, **self.own))


def own_settings(engine: str, database: str = "") -> dict[str, str]:
    """The environment of a site that is measured; an engine may be named by an address.

    ``database`` is an address, empty for the embedded one.

    Raises ValueError for an unknown engine.
    """
    if engine.partition(":")[0].partition("+")[0] not in ENGINES:
        raise ValueError(f"no such engine; there are {', '.join(sorted(ENGINES))}")
    return {
        "EXCHANGE_ENV": "development", "EXCHANGE_ENCODER": "usem", "EXCHANGE_LOG_LEVEL": "ERROR",
        "EXCHANGE_SEARCH_URL": engine if ":" in engine else f"{engine}:",
        "EXCHANGE_DATABASE_URL": database,
    }  # fmt: skip


def build_site(
    folder: Path, listings: int, seed: int, engine: str, database: str = ""
) -> LargeSite:
    """Prepare a site as ``exchange prepare`` does, fill its database and build its index."""
    own = own_settings(engine, database)
    prepared = RunningCommand(folder, "prepare", **own)
    assert prepared.process.wait() == 0, prepared.output
    generator = Generator(listings, seed, datetime.now(UTC))
    with opened(load_settings(environment(folder, **own))) as app:
        started = time.perf_counter()
        fill_database(db.engine, generator)
        filled = time.perf_counter()
        index = search_index(app.extensions["exchange"])
        meanings = DrawnMeanings(encoder_of(app.extensions["exchange"]), seed)
        begun = time.perf_counter()
        count = fill_index(index, generator, generator.places, meanings)
        done = time.perf_counter()
        index.close()
        run = job_run(app)
        refresh_lexicon(run)
        hold_refresh(run)
    size = _index_bytes(folder, own["EXCHANGE_SEARCH_URL"])
    return LargeSite(folder, own, generator, count, filled - started, done - begun, size)


def hold_refresh(run: Run) -> None:
    """Stop the worker from finding suggestions for everybody, which takes it minutes."""
    with run.act() as act:
        request_refresh(act)
        halt_refresh(act)


def _index_bytes(folder: Path, address: str) -> int:
    """The size of the index on the disk: its tables, or the files of its folder."""
    if not address.startswith(POSTGRES):
        return sum(path.stat().st_size for path in (folder / FOLDER).rglob("*") if path.is_file())
    engine = sa.create_engine(address)
    with engine.connect() as connection:
        size = connection.scalar(sa.text(SIZE_OF_TABLES))
    engine.dispose()
    return int(size or 0)


@contextmanager
def opened(settings: Settings) -> Iterator[Flask]:
    """The application of these settings, within its context."""
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def memory_mb(process: psutil.Process) -> float:
    """Proportional set size in MB: memory that processes share is counted once in all."""
    return float(process.memory_full_info().pss) / MB
