"""The index of an application: kept like the database by jobs, and mended when it is not."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.jobs.runner import JobRun
from exchange.kernel.act import Act, House
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.settings import Settings
from exchange.search import wiring
from exchange.search.backends.tantivy_index import TantivyIndex
from exchange.search.jobs import ensure_index, rebuild, request_indexing, statistics_job
from exchange.search.port import Document, IndexBusy, Query
from exchange.search.sources import SOURCES, Census, Source, Subject, register_source
from exchange.search.wiring import engine_name, only_rebuild, open_index, search_index
from tests.conftest import MakeApp, SettableClock, chosen_database


@dataclass
class Shelf:
    """A source of notes that stands beside the database."""

    notes: dict[int, tuple[str, int]] = field(default_factory=dict)
    gone: dict[int, int] = field(default_factory=dict)

    def put(self, number: int, title: str, version: int = 1) -> None:
        self.notes[number] = (title, version)

    def build(self, _session: Session, ids: Sequence[int]) -> list[Document]:
        return [
            Document(
                f"note:{n}", "note", *self._words(n), frozenset({"all"}), version=self.notes[n][1]
            )
            for n in ids
            if n in self.notes
        ]

    def _words(self, number: int) -> tuple[str, str]:
        return self.notes[number][0], ""

    def walk(
        self, _session: Session, after: int, limit: int, since: datetime | None
    ) -> list[Subject]:
        least = (
            0
            if since is None
            else int((since - datetime.fromtimestamp(0, UTC)).total_seconds() * 1e6)
        )
        changed = {n: version for n, (_, version) in self.notes.items()} | self.gone
        ids = sorted(n for n, version in changed.items() if n > after and version >= least)
        return [Subject(n, f"note:{n}") for n in ids[:limit]]

    def census(self, _session: Session) -> Census:
        return Census(
            len(self.notes), max((version for _, version in self.notes.values()), default=0)
        )


@pytest.fixture
def shelf(house: House) -> Shelf:
    """The only source of this application."""
    house.resources.pop(SOURCES, None)
    made = Shelf()
    register_source(house, Source("note", made.build, made.walk, made.census))
    return made


@pytest.fixture
def run(app: Flask) -> JobRun:
    """What jobs run with."""
    made: JobRun = app.extensions["exchange.jobs"]
    return made


@pytest.fixture
def opened(app: Flask) -> AbstractContextManager[object]:
    return app.app_context()


def found(house: House) -> list[str]:
    return sorted(hit.key for hit in search_index(house).search(Query(audience=None)).hits)


def lose_index(house: House) -> None:
    """Take the index away under whoever reads it."""
    if chosen_database() == "sqlite":
        shutil.rmtree(house.settings.data_dir / "index")
        return
    with changing(house) as connection:
        name = connection.exec_driver_sql("SELECT name FROM search_generation").scalar_one()
        connection.exec_driver_sql(f"DROP TABLE {name}")


def make_of_another_format(house: House) -> None:
    """Let the index look as if another version had made it."""
    if chosen_database() == "sqlite":
        for file in (house.settings.data_dir / "index").rglob("manifest.json"):
            file.unlink()
        return
    with changing(house) as connection:
        connection.exec_driver_sql("UPDATE search_generation SET format = '0 ' || format")


@contextmanager
def changing(house: House) -> Iterator[sa.Connection]:
    """A connection to this application's database that commits at the end."""
    engine = sa.create_engine(house.settings.database_address)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def test_asked_for_document_is_findable_after_the_jobs(
    house: House,
    shelf: Shelf,
    act_as: Callable[..., AbstractContextManager[Act]],
    run_jobs: Callable[[], int],
) -> None:
    shelf.put(1, "茶叶")
    with act_as() as act:
        request_indexing(act, "note", 1, "note:1")
        request_indexing(act, "note", 1, "note:1")
    assert run_jobs() == 1
    assert found(house) == ["note:1"]


def test_document_that_no_longer_belongs_is_removed(
    house: House,
    shelf: Shelf,
    act_as: Callable[..., AbstractContextManager[Act]],
    run_jobs: Callable[[], int],
) -> None:
    shelf.put(1, "茶叶")
    shelf.put(2, "辣椒")
    for number in (1, 2):
        with act_as() as act:
            request_indexing(act, "note", number, f"note:{number}")
    run_jobs()
    del shelf.notes[1]
    with act_as() as act:
        request_indexing(act, "note", 1, "note:1")
    run_jobs()
    assert found(house) == ["note:2"]


def test_nothing_is_asked_for_when_the_act_fails(
    house: House,
    shelf: Shelf,
    act_as: Callable[..., AbstractContextManager[Act]],
    run_jobs: Callable[[], int],
) -> None:
    shelf.put(1, "茶叶")
    with pytest.raises(ZeroDivisionError), act_as() as act:
        _ask_and_fail(act)
    assert run_jobs() == 0


def _ask_and_fail(act: Act) -> None:
    request_indexing(act, "note", 1, "note:1")
    raise ZeroDivisionError


def test_missing_index_is_built_once(
    house: House, shelf: Shelf, run: JobRun, opened: AbstractContextManager[object]
) -> None:
    shelf.put(1, "茶叶")
    with opened:
        assert ensure_index(run) == "rebuild"
        assert ensure_index(run) == "nothing"
    assert found(house) == ["note:1"]


def test_index_of_another_format_is_built_anew(
    house: House, shelf: Shelf, run: JobRun, opened: AbstractContextManager[object]
) -> None:
    shelf.put(1, "茶叶")
    with opened:
        rebuild(run)
        make_of_another_format(house)
        assert ensure_index(run) == "rebuild"
    assert found(house) == ["note:1"]


def test_lost_tail_is_written_again_without_a_rebuild(
    house: House, shelf: Shelf, run: JobRun, opened: AbstractContextManager[object]
) -> None:
    minute = 60_000_000
    shelf.put(1, "茶叶", 100 * minute)
    shelf.put(2, "辣椒", 101 * minute)
    with opened:
        rebuild(run)
        shelf.put(3, "韭黄", 102 * minute)
        del shelf.notes[2]
        shelf.gone[2] = 102 * minute
        assert ensure_index(run) == "tail"
    assert found(house) == ["note:1", "note:3"]


def test_index_that_cannot_be_explained_by_a_tail_is_built_anew(
    house: House, shelf: Shelf, run: JobRun, opened: AbstractContextManager[object]
) -> None:
    minute = 60_000_000
    shelf.put(1, "茶叶", 100 * minute)
    shelf.put(2, "辣椒", 500 * minute)
    with opened:
        rebuild(run)
        search_index(house).delete(["note:1"])
        assert ensure_index(run) == "rebuild"
    assert found(house) == ["note:1", "note:2"]


def test_rebuild_drops_what_does_not_belong_and_tells_its_progress(
    house: House, shelf: Shelf, run: JobRun, opened: AbstractContextManager[object]
) -> None:
    steps: list[tuple[int, int]] = []
    with opened:
        shelf.put(1, "茶叶")
        shelf.put(2, "辣椒")
        rebuild(run)
        del shelf.notes[1]
        assert rebuild(run, lambda done, total: steps.append((done, total))) == 1
    assert steps == [(1, 1)]
    assert found(house) == ["note:2"]


def test_what_changed_during_a_rebuild_is_written_by_a_job(
    house: House,
    shelf: Shelf,
    run: JobRun,
    opened: AbstractContextManager[object],
    run_jobs: Callable[[], int],
) -> None:
    now = int(house.clock.now().timestamp() * 1e6)
    shelf.put(1, "茶叶", now)

    def meanwhile(_done: int, _total: int) -> None:
        shelf.put(2, "辣椒", now)

    with opened:
        rebuild(run, meanwhile)
    run_jobs()
    assert found(house) == ["note:1", "note:2"]


@pytest.mark.parametrize(
    ("database", "search", "engine"),
    [
        ("", "", "whoosh"),
        ("postgresql+psycopg:///exchange", "", "postgresql"),
        ("postgresql+psycopg:///exchange", "whoosh:", "whoosh"),
        ("", "postgresql+psycopg:///search", "postgresql"),
    ],
)
def test_engine_follows_the_database_unless_it_is_named(
    database: str, search: str, engine: str
) -> None:
    assert engine_name(Settings(database_url=database, search_url=search)) == engine


def test_unknown_engine_is_refused(house: House) -> None:
    with pytest.raises(ConfigurationError):
        open_index(house, "elastic")


def test_terms_are_counted_by_the_way(
    house: House, shelf: Shelf, run: JobRun, opened: AbstractContextManager[object]
) -> None:
    shelf.put(1, "茶叶")
    with opened:
        statistics_job.handler(run, [{}])  # there is no index yet
        rebuild(run)
        shelf.put(2, "辣椒")
        ensure_index(run)
        statistics_job.handler(run, [{}])
        statistics_job.handler(run, [{}])
    assert found(house) == ["note:1", "note:2"]


def test_second_rebuild_waits_its_turn(
    house: House, shelf: Shelf, run: JobRun, opened: AbstractContextManager[object]
) -> None:
    with opened, only_rebuild(house), pytest.raises(IndexBusy):
        rebuild(run)


def test_job_mends_a_lost_index(
    house: House,
    shelf: Shelf,
    run: JobRun,
    opened: AbstractContextManager[object],
    act_as: Callable[..., AbstractContextManager[Act]],
    run_jobs: Callable[[], int],
) -> None:
    shelf.put(1, "茶叶")
    shelf.put(2, "辣椒")
    with opened:
        rebuild(run)
    lose_index(house)
    with act_as() as act:
        request_indexing(act, "note", 2, "note:2")
    run_jobs()
    assert found(house) == ["note:1", "note:2"]


def test_readiness_tells_whether_the_index_can_answer(
    client: FlaskClient, shelf: Shelf, run: JobRun, opened: AbstractContextManager[object]
) -> None:
    missing = client.get("/readyz")
    assert missing.status_code == 200  # the database answers searches meanwhile
    assert missing.json["checks"]["search"] is False  # type: ignore[index]  # it is JSON
    with opened:
        rebuild(run)
    assert client.get("/readyz").json["checks"]["search"] is True  # type: ignore[index]  # likewise


def test_command_builds_the_index(app: Flask, house: House, shelf: Shelf) -> None:
    shelf.put(1, "茶叶")
    result = app.test_cli_runner().invoke(args=["exchange", "reindex"])
    assert result.exit_code == 0, result.output
    assert "1 documents" in result.output
    assert found(house) == ["note:1"]


def test_the_setting_chooses_the_engine(
    settings: Settings, clock: SettableClock, make_app: MakeApp
) -> None:
    app = make_app(replace(settings, search_url="tantivy:"), clock)
    house, run = app.extensions["exchange"], app.extensions["exchange.jobs"]
    made = Shelf()
    made.put(1, "茶叶")
    house.resources.pop(SOURCES, None)
    register_source(house, Source("note", made.build, made.walk, made.census))
    with app.app_context():
        assert ensure_index(run) == "rebuild"
        assert ensure_index(run) == "nothing"
    assert isinstance(search_index(house), TantivyIndex)
    assert found(house) == ["note:1"]


def test_an_engine_takes_the_place_of_the_other_one(settings: Settings, house: House) -> None:
    """Both keep their files in one folder, so that no stale copy of anything stays behind."""
    for name in ("whoosh", "tantivy", "whoosh"):
        with open_index(house, name) as index:
            assert not index.check().ok
            index.start_generation().switch()
            assert index.check().ok
    assert len(list((settings.data_dir / "index").glob("generation-*"))) == 1


def test_an_engine_that_is_not_installed_is_named(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "TANTIVY_IS_INSTALLED", False)
    with pytest.raises(ConfigurationError, match="fast"):
        open_index(house, "tantivy")
    with pytest.raises(ConfigurationError, match="no search engine"):
        open_index(house, "elsewhere")


def test_the_package_runs_without_the_optional_engine() -> None:
    program = (
        "import sys; sys.modules['tantivy'] = None\n"
        "from exchange.search import wiring\n"
        "print(wiring.TANTIVY_IS_INSTALLED)"
    )
    told = subprocess.check_output([sys.executable, "-c", program], text=True)
    assert told.strip() == "False"
