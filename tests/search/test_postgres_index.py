"""What only the engine in a PostgreSQL server has to survive; see the contract for the rest."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from exchange.search.backends import postgres_near, postgres_reading, postgres_retriever
from exchange.search.backends.postgres_index import PostgresIndex
from exchange.search.encoder import Space, unit_rows
from exchange.search.port import Filters, IndexBusy, IndexUnavailable
from tests.conftest import PostgresCopies, SqliteCopies
from tests.search.engines import (
    SPACE,
    analyzer,
    ask,
    document,
    keys,
    postgres,
    schema_of,
)

pytestmark = pytest.mark.server
spawn = multiprocessing.get_context("spawn")


@pytest.fixture
def root(tmp_path: Path, database_copies: SqliteCopies | PostgresCopies) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index(root: Path) -> Iterator[PostgresIndex]:
    with postgres(root) as opened:
        yield opened


def opened_again(root: Path) -> PostgresIndex:
    """The same index as another process would see it."""
    return PostgresIndex(schema_of(root), analyzer(), SPACE)


@contextmanager
def server(root: Path) -> Iterator[sa.Connection]:
    """A connection past the engine."""
    engine = sa.create_engine(schema_of(root), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def tables(connection: sa.Connection) -> list[str]:
    return sorted(sa.inspect(connection).get_table_names(schema=schema_name(connection)))


def schema_name(connection: sa.Connection) -> str:
    return str(connection.exec_driver_sql("SELECT current_schema()").scalar_one())


def generation(connection: sa.Connection) -> str:
    return str(connection.exec_driver_sql("SELECT name FROM search_generation").scalar_one())


def test_missing_index_is_named_and_a_rebuild_heals_it(root: Path) -> None:
    with PostgresIndex(schema_of(root), analyzer(), SPACE) as index:
        for act in (lambda: ask(index, "轮椅"), lambda: index.index([document("a")]), index.count):
            with pytest.raises(IndexUnavailable):
                act()
        assert index.check().problems == ("missing",)
        fresh = index.start_generation()
        fresh.index([document("a", "求轮椅")])
        fresh.switch()
        assert keys(ask(index, "轮椅")) == ["a"]
        assert index.check().ok


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        ("DELETE FROM {g}", "damaged"),
        ("DROP INDEX {g}_words", "damaged"),
        ("ALTER TABLE {g} DROP COLUMN terms", "damaged"),
        ("ALTER TABLE search_generation DROP COLUMN lengths", "damaged"),
        ("UPDATE search_generation SET format = '0'", "other_format"),
        ("DROP TABLE {g}", "missing"),
        ("DROP TABLE search_generation", "missing"),
    ],
)
def test_harm_is_named_and_a_rebuild_heals_it(
    index: PostgresIndex, root: Path, harm: str, problem: str
) -> None:
    index.index([document("a", "求轮椅")])
    with server(root) as connection:
        connection.exec_driver_sql(harm.replace("{g}", generation(connection)))
    assert problem in index.check().problems
    fresh = index.start_generation()
    fresh.index([document("b", "求轮椅")])
    fresh.switch()
    assert keys(ask(index, "轮椅")) == ["b"]
    assert index.check().ok


def test_server_that_is_away_is_named() -> None:
    address = "postgresql://nobody@/none?host=/nonexistent"
    with PostgresIndex(address, analyzer(), SPACE) as index:
        assert index.check().problems == ("unreachable",)
        with pytest.raises(IndexUnavailable):
            ask(index, "轮椅")


def test_server_that_comes_back_is_asked_again(index: PostgresIndex, root: Path) -> None:
    index.index([document("a", "求轮椅")])
    name = root.parent.name  # other tests share the server
    address = sa.make_url(schema_of(root)).update_query_dict({"application_name": name})
    own = address.render_as_string(hide_password=False)
    with PostgresIndex(own, analyzer(), SPACE) as named, server(root) as connection:
        assert keys(ask(named, "轮椅")) == ["a"]
        ended = connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = :name"
            ),
            {"name": name},
        ).all()
        assert ended
        assert keys(ask(named, "轮椅")) == ["a"]


def test_commits_and_switches_of_another_process_are_noticed(
    index: PostgresIndex, root: Path
) -> None:
    with opened_again(root) as other:
        assert ask(index, "轮椅").total == 0
        other.index([document("a", "求轮椅"), document("b", "求课桌")])
        assert keys(ask(index, "轮椅")) == ["a"]
        other.index([document("a", "求课桌")])
        assert keys(ask(index, "轮椅")) == []
        assert sorted(keys(ask(index, "课桌"))) == ["a", "b"]
        other.delete(["listing:b"])
        assert keys(ask(index, "课桌")) == ["a"]
        fresh = other.start_generation()
        fresh.index([document("c", "求轮椅")])
        fresh.switch()
        assert keys(ask(index, "轮椅")) == ["c"]
        assert keys(ask(index)) == ["c"]


def test_leftovers_of_killed_rebuilds_are_removed(index: PostgresIndex, root: Path) -> None:
    index.start_generation().index([document("a")])  # never finished
    with server(root) as connection:
        assert len([name for name in tables(connection) if name.endswith("_terms")]) == 2
        index.start_generation().switch()
        name = generation(connection)
        parts = [name, f"{name}_gone", f"{name}_terms", f"{name}_traits"]
        assert tables(connection) == [*parts, "search_generation"]


def test_writer_that_waits_too_long_is_told(index: PostgresIndex, root: Path) -> None:
    engine = sa.create_engine(schema_of(root))
    impatient = PostgresIndex(schema_of(root), analyzer(), SPACE, patience=0.1)
    with engine.begin() as held, impatient:
        held.exec_driver_sql("SELECT 1 FROM search_generation FOR UPDATE")
        with pytest.raises(IndexBusy):
            impatient.index([document("a")])
    engine.dispose()
    assert index.count() == 0


def test_two_who_write_at_once_lose_nothing(index: PostgresIndex, root: Path) -> None:
    def write(first: int) -> None:
        with opened_again(root) as other:
            for number in range(first, first + 10):
                other.index([document(f"{number:03}", "求轮椅", terms=str(number % 3))])

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(write, first) for first in (0, 5, 100)]:
            done.result()
    assert index.count() == 25
    assert ask(index, "轮椅", limit=50).total == 25
    assert index.check().ok


def test_readers_go_on_while_others_write_and_rebuild(index: PostgresIndex) -> None:
    index.index([document("fixed", "刺梨鲜果")])

    with ThreadPoolExecutor(4) as pool:
        reading = pool.map(lambda _: "fixed" in keys(ask(index, "刺梨")), range(80))
        for number in range(4):
            index.index([document(str(number), "刺梨果干")])
            fresh = index.start_generation()
            fresh.index([document("fixed", "刺梨鲜果")])
            fresh.switch()
        assert all(reading)


def write_numbers(address: str, first: int, count: int) -> None:
    """Another process: one commit for each document."""
    with PostgresIndex(address, analyzer(), SPACE, patience=60.0) as index:
        for number in range(first, first + count):
            index.index([document(f"{number:03}", "求轮椅", version=number)])


@pytest.mark.slow
def test_killed_writer_leaves_an_index_that_answers_and_takes_more(
    index: PostgresIndex, root: Path
) -> None:
    index.index([document("first", "求轮椅")])
    for turn in range(2):
        writer = spawn.Process(target=write_numbers, args=(schema_of(root), turn * 100, 400))
        writer.start()
        before = index.count()
        while index.count() < before + 2 and writer.is_alive():
            time.sleep(0.01)
        os.kill(writer.pid or 0, signal.SIGKILL)
        writer.join()
    index.index([document("last", "求轮椅")])
    health = index.check()
    assert (health.ok, health.documents) == (True, index.count())
    assert ask(index, "轮椅").total == index.count()


def test_forked_process_opens_connections_of_its_own(index: PostgresIndex) -> None:
    index.index([document("a", "求轮椅")])
    assert keys(ask(index, "轮椅")) == ["a"]
    child = os.fork()
    if not child:
        found = keys(ask(index, "轮椅"))
        os._exit(0 if found == ["a"] else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert keys(ask(index, "轮椅")) == ["a"]


def test_nothing_but_its_own_schema_is_needed(root: Path) -> None:
    with server(root) as connection:
        name = schema_name(connection)
        connection.exec_driver_sql("DROP ROLE IF EXISTS plain_user")
        connection.exec_driver_sql("CREATE ROLE plain_user LOGIN")
        connection.exec_driver_sql(f"GRANT ALL ON SCHEMA {name} TO plain_user")
        address = sa.make_url(schema_of(root)).set(username="plain_user")
        plain = address.render_as_string(hide_password=False)
        with PostgresIndex(plain, analyzer(), SPACE) as index:
            index.start_generation().switch()
            index.index([document("a", "求轮椅")])
            assert keys(ask(index, "轮椅")) == ["a"]
            assert index.check().ok
        connection.exec_driver_sql("DROP OWNED BY plain_user")
        connection.exec_driver_sql("DROP ROLE plain_user")


def test_any_text_is_kept(index: PostgresIndex) -> None:
    odd = "\0 求'轮椅\\ \ud83d :A* & | ! <-> 漏\x7f"
    many = [f"{'x' * 3_000}{n}" for n in range(2)]
    index.index(
        [
            document("odd", odd, odd, external_ids=("a'b\\:c", *many), organisation="o\0\ud83d"),
            document("long", "求轮椅", " ".join(f"w{n}" for n in range(60_000))),
        ]
    )
    answer = ask(index, "轮椅", filters=Filters(external_ids=("a'b\\:c",)))
    assert keys(answer) == ["odd"]
    assert "".join(part.text for part in answer.hits[0].title) == odd
    assert keys(ask(index, filters=Filters(external_ids=(many[1],)))) == ["odd"]
    assert keys(ask(index, filters=Filters(external_ids=("x" * 3_000,)))) == []
    assert keys(ask(index, filters=Filters(organisations=("o\0\ud83d",)))) == ["odd"]
    assert keys(ask(index, "轮椅 w7")) == ["long"]


def numbered(count: int, width: int = SPACE.dimensions) -> np.ndarray:
    rows = np.random.default_rng(5).normal(size=(count, width)).astype(np.float32)
    return unit_rows(rows)


@pytest.mark.parametrize("may_extend", [True, False])
def test_the_nearest_are_found_among_few_and_many(
    root: Path, monkeypatch: pytest.MonkeyPatch, *, may_extend: bool
) -> None:
    rows = numbered(300)
    with postgres(root, may_extend=may_extend) as index:
        fresh = index.start_generation()
        fresh.index(
            document(f"{n:03}", "课桌", side="offer" if n % 3 else "need", vector=row)
            for n, row in enumerate(rows)
        )
        fresh.switch()
        assert index.has_meaning_index() is may_extend
        offers = [n for n in range(300) if n % 3]
        best = offers[int(np.argmax(rows[offers] @ rows[0]))]
        asked = {"vector": rows[0], "filters": Filters(sides=("offer",)), "limit": 3}
        assert keys(ask(index, "冷藏车", **asked))[0] == f"{best:03}"
        monkeypatch.setattr(postgres_near, "EXACT", 10)
        found = keys(ask(index, "冷藏车", **asked))
        assert found[:1] == ([f"{best:03}"] if may_extend else [])
        assert {int(key) % 3 for key in found} <= {1, 2}


def test_counts_of_terms_lag_but_know_what_is_new(
    index: PostgresIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_reading, "EXACT_BELOW", 0)
    index.index([document("a", "求轮椅"), document("b", "秘密", audience=frozenset({"org:1"}))])
    assert index.refresh_statistics()
    assert not index.refresh_statistics()
    with server(root) as connection:
        counted = sa.table(f"{generation(connection)}_terms", sa.column("term"))
        rows = connection.execute(sa.select(counted))
        terms = {term for (term,) in rows}
    assert "轮椅" in terms
    assert {"秘密", "'秘"}.isdisjoint(terms)
    assert not [term for term in terms if term.startswith("=")]
    index.index([document("c", "求课桌")])
    assert keys(ask(index, "课桌 图书")) == ["c"]  # in part: its word was counted now
    assert index.refresh_statistics(always=True)


def test_of_many_matches_those_with_the_words_in_the_title_are_chosen(
    index: PostgresIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_retriever, "RANKED", 110)
    some = [document(f"{n:03}", "求助", "轮椅") for n in range(150)]
    index.index([document("title", "求轮椅"), *some])
    answer = ask(index, "轮椅")
    assert (keys(answer)[0], answer.full) == ("title", 151)


def test_vectors_of_another_length_are_another_format(index: PostgresIndex, root: Path) -> None:
    with PostgresIndex(schema_of(root), analyzer(), Space("test", 16)) as other:
        assert other.check().problems == ("other_format",)
