"""What every test may ask for: an application with a prepared database, a clock, a client.

EXCHANGE_TEST_DATABASE names the database the tests run on: empty or "sqlite" for SQLite files, or
the SQLAlchemy address of a PostgreSQL database in which databases may be created. The schema and
the divisions of one province are put into a template once; each test works on its own copy.
"""

import gc
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4
from zlib import crc32

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange import create_app
from exchange.geography.loading import load_divisions
from exchange.jobs.runner import run_pending
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import SYSTEM, Actor
from exchange.kernel.clock import Clock
from exchange.kernel.database import db, prepare_engine
from exchange.kernel.settings import Settings, new_key
from exchange.search.synonyms.wiring import shelf_of
from exchange.search.tallies.tallying import tally_of
from exchange.search.wiring import INDEX
from tests.grouping import GroupScheduling, group_of
from tests.quick_routes import share_rules
from tests.quick_statements import share_statements
from tests.quick_templates import CompiledTemplates

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
PROVINCE = "52"
SEED_VARIABLE = "EXCHANGE_TEST_SEED"
IS_FULL = os.environ.get("EXCHANGE_TEST_FULL") == "1"
POSTGRES_SHARE = 0.1
NEVER = 1e6  # seconds
KEPT = 50  # applications that are let go of at once; each is some megabytes in circles
USED = count(1)
FIGURES = "figures"  # record_property(FIGURES, text) shows the text at the end of the run

MakeApp = Callable[..., Flask]


class SettableClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def set(self, moment: datetime) -> None:
        """Move to a moment."""
        self.moment = moment

    def forward(self, **span: float) -> datetime:
        """Move on by a span given as for timedelta; return the new moment."""
        self.moment += timedelta(**span)
        return self.moment


def pytest_configure() -> None:
    """One seed for all draws of this run, also in the processes that share the tests."""
    os.environ.setdefault(SEED_VARIABLE, str(secrets.randbelow(2**32)))
    gc.set_threshold(100_000, 50, 100)  # an application for each test leaves much to look through
    share_rules()


def pytest_collection_finish() -> None:
    """What is imported now stays: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say the seed, and the figures that tests have recorded."""
    terminalreporter.write_line(f"seed: {SEED_VARIABLE}={os.environ[SEED_VARIABLE]}")
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in getattr(report, "user_properties", ()):
            if name == FIGURES:
                terminalreporter.write_line(f"{report.nodeid}: {value}")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> GroupScheduling:
    """Tests that start processes run one after the other, beside the rest."""
    return GroupScheduling(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every test that starts processes, and is no journey in the browser, is in a group.

    On PostgreSQL only tests that ask for a database or for the server are run: the others are the
    same on SQLite. Of those that ask for a database alone a part is drawn, others with each seed:
    all have run on SQLite, and EXCHANGE_TEST_FULL=1 runs them all here too.
    """
    for item in items:
        is_alone = item.get_closest_marker("processes") and not item.get_closest_marker("browser")
        if is_alone and group_of(item.nodeid) == item.nodeid:
            raise pytest.UsageError(f"{item.nodeid} starts processes: name it in tests/grouping.py")
    if chosen_database() == "sqlite":
        elsewhere = [item for item in items if item.get_closest_marker("server")]
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if not item.get_closest_marker("server")]
    else:
        chosen = [item for item in items if uses_a_database(item) and is_drawn(item)]
        kept = set(chosen)
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = chosen


def chosen_database() -> str:
    """Where the tests run: "sqlite" or an address."""
    return os.environ.get("EXCHANGE_TEST_DATABASE") or "sqlite"


def uses_a_database(item: pytest.Item) -> bool:
    """Whether the test asks, by whatever way, for a database of its own."""
    return "database_copies" in getattr(item, "fixturenames", ())


def is_asked_for(config: pytest.Config) -> bool:
    """Whether tests were asked for by their file, folder or name."""
    return set(config.args) != set(config.getini("testpaths"))


def is_drawn(item: pytest.Item) -> bool:
    """Whether a test that uses a database runs on PostgreSQL this time.

    Tests of processes and of the server always do, and those asked for by name; of the others
    POSTGRES_SHARE, drawn from the seed.
    """
    if IS_FULL or any(item.get_closest_marker(name) for name in ("processes", "server")):
        return True
    if is_asked_for(item.config):
        return True
    drawn = crc32(f"{os.environ[SEED_VARIABLE]} {item.nodeid}".encode())
    return drawn < POSTGRES_SHARE * 2**32


@dataclass
class Queries:
    """The statements that were sent to the database."""

    statements: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.statements)


def _fill(engine: sa.Engine) -> None:
    """Put the schema and one province's divisions into an empty database."""
    db.metadata.create_all(engine)
    if engine.dialect.name == "postgresql":  # as the search index would, once for all copies
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS vector")
    with engine.begin() as connection:
        load_divisions(connection, only_prefixes=(PROVINCE,))
    engine.dispose()


def _hurry(engine: sa.Engine) -> None:
    """Give up durability for speed: what a test writes need not survive the machine."""
    if engine.dialect.name == "sqlite":
        sa.event.listen(
            engine, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous=OFF")
        )


class SqliteCopies:
    """A template file, copied for each test."""

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template.db"
        engine = sa.create_engine(f"sqlite:///{self.template}")
        prepare_engine(engine)
        _fill(engine)

    @contextmanager
    def copy(self, folder: Path) -> Iterator[str]:
        shutil.copyfile(self.template, folder / "exchange.db")
        yield f"sqlite:///{folder / 'exchange.db'}"

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database without tables; here, the usual file of a data folder."""
        yield ""

    @contextmanager
    def again(self, address: str) -> Iterator[str]:
        """What a database has become that was empty; here, it goes along with its folder."""
        yield address


class PostgresCopies:
    """A template database, copied by PostgreSQL for each test."""

    def __init__(self, address: str) -> None:
        self.address = sa.make_url(address)
        self.server = sa.create_engine(self.address, isolation_level="AUTOCOMMIT")
        self.template = f"template_{uuid4().hex}"
        self._run(f"CREATE DATABASE {self.template}")
        _fill(sa.create_engine(self._named(self.template)))

    def _named(self, name: str) -> str:
        return self.address.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        with self.server.connect() as connection:
            connection.exec_driver_sql(statement)

    @contextmanager
    def copy(self, _folder: Path) -> Iterator[str]:
        with self._made(f"TEMPLATE {self.template} STRATEGY FILE_COPY") as address:
            yield address

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The address of a database without tables."""
        with self._made("") as address:
            yield address

    @contextmanager
    def again(self, address: str) -> Iterator[str]:
        """A copy of what a database has become that was empty; nobody may be connected to it."""
        with self._made(f"TEMPLATE {sa.make_url(address).database} STRATEGY FILE_COPY") as copy:
            yield copy

    @contextmanager
    def _made(self, how: str) -> Iterator[str]:
        name = f"test_{uuid4().hex}"
        self._run(f"CREATE DATABASE {name} {how}")
        try:
            yield self._named(name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        self._run(f"DROP DATABASE {self.template} WITH (FORCE)")
        self.server.dispose()


@pytest.fixture(scope="session")
def database_copies(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[SqliteCopies | PostgresCopies]:
    """Makes a prepared database for each test."""
    address = chosen_database()
    if address == "sqlite":
        yield SqliteCopies(tmp_path_factory.mktemp("template"))
        return
    copies = PostgresCopies(address)
    yield copies
    copies.close()


@pytest.fixture
def settings(
    tmp_path: Path, database_copies: SqliteCopies | PostgresCopies
) -> Iterator[Settings]:
    """Settings of a site of its own: a folder, a database copy, keys, the quick encoder."""
    with database_copies.copy(tmp_path) as address:
        yield Settings(
            data_dir=tmp_path,
            database_url=address,
            secret_key=new_key(),
            encryption_keys=f"k1:{new_key()}",
            lookup_key=new_key(),
            encoder="hash",
            log_level="WARNING",
        )


@pytest.fixture
def clock() -> SettableClock:
    """Stands at 16:00 in Shanghai on 22 November 2026."""
    return SettableClock()


COMPILED = CompiledTemplates()


@pytest.fixture
def make_app() -> Iterator[MakeApp]:
    """``make_app(settings)`` builds an application; its connections are closed after the test.

    It counts searches and looks for changed synonyms only when it is told to.
    """
    made: list[Flask] = []

    def make(settings: Settings, clock: Clock | None = None) -> Flask:
        app = create_app(settings, clock)
        made.append(app)
        app.jinja_env.bytecode_cache = COMPILED
        tally_of(app.extensions["exchange"]).seconds = NEVER
        shelf_of(app.extensions["exchange"]).seconds = NEVER
        with app.app_context():
            _hurry(db.engine)
            share_statements(db.engine)
        return app

    yield make
    for each in made:
        tally_of(each.extensions["exchange"]).close()
        if index := each.extensions["exchange"].resources.get(INDEX):
            index.close()
        with each.app_context():
            db.session.remove()
            db.engine.dispose()
    if made and next(USED) % KEPT == 0:
        gc.collect()


@pytest.fixture
def app(settings: Settings, clock: SettableClock, make_app: MakeApp) -> Flask:
    """The application on its own database. Forms carry no CSRF token here."""
    made = make_app(settings, clock)
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return made


@pytest.fixture
def house(app: Flask) -> House:
    """What every act of this application is handed."""
    made: House = app.extensions["exchange"]
    return made


@pytest.fixture
def engine(app: Flask) -> sa.Engine:
    """The application's engine."""
    with app.app_context():
        return db.engine


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """A session apart from any request. ``session.rollback()`` looks at the database afresh."""
    with Session(engine) as opened:
        yield opened


@pytest.fixture
def act_as(
    house: House, session: Session
) -> Callable[..., AbstractContextManager[Act]]:
    """``with act_as(actor) as act:`` opens an act in the test's session; the system by default."""

    def opened(actor: Actor = SYSTEM) -> AbstractContextManager[Act]:
        return open_act(house, lambda: session, actor, origin="test")

    return opened


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a screen."""
    return app.test_client()


@pytest.fixture
def run_jobs(app: Flask) -> Callable[[], int]:
    """Run every job that is due, as the worker would; return the number of batches."""
    return lambda: run_pending(app.extensions["exchange.jobs"])


@pytest.fixture
def catch_queries(engine: sa.Engine) -> Callable[[], AbstractContextManager[Queries]]:
    """``with catch_queries() as queries:`` collects the statements sent within the block."""

    @contextmanager
    def catching() -> Iterator[Queries]:
        caught = Queries()

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            caught.statements.append(statement)

        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield caught
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)

    return catching
