"""Filling the table of divisions from the shipped file."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from exchange.geography.models import Division
from exchange.geography.packing import DivisionsFile, Row
from exchange.geography.rules import LEVEL_OF_LENGTH, code_range, parent_of

DATA = Path(__file__).parent / "data" / "divisions.zip"
COLUMNS = ("code", "name", "level", "parent_code", "initials", "pinyin", "latitude", "longitude")
CACHE_KIB = -200_000  # negative: SQLite counts KiB
Progress = Callable[[int, int], None]


@cache
def shipped_divisions() -> DivisionsFile:
    """The file that comes with the package."""
    return DivisionsFile(DATA)


def load_divisions(
    connection: Connection,
    only_prefixes: tuple[str, ...] | None = None,
    progress: Progress | None = None,
) -> int:
    """Add the shipped divisions that are missing and return how many were added.

    ``only_prefixes`` keeps the load to these divisions, what lies below them and what lies above.
    What is there is left as it is, so that changes made by administrators stay. ``progress`` is
    called with (rows done, rows in all). The caller commits.
    """
    shipped = shipped_divisions()
    wanted = {p: n for p, n in shipped.counts.items() if _wanted(p, only_prefixes)}
    total, done, added = sum(wanted.values()), 0, 0
    with _bulk_ready(connection, whole=only_prefixes is None):
        for province, count in wanted.items():
            present = _count(connection, province)
            if present < count:
                rows = [r for r in shipped.province(province) if _wanted(r.code, only_prefixes)]
                added += _insert_missing(connection, province, rows, present)
            done += count
            if progress:
                progress(done, total)
    return added


@contextmanager
def _bulk_ready(connection: Connection, whole: bool) -> Iterator[None]:
    """While the whole country goes into an empty table, do without indexes; build them after."""
    empty = connection.scalar(sa.select(Division.code).limit(1)) is None
    table = Division.metadata.tables[Division.__tablename__]
    indexes = sorted(table.indexes, key=lambda index: str(index.name)) if whole and empty else []
    for index in indexes:
        index.drop(connection)
    with _wide_cache(connection):
        yield
        for index in indexes:
            index.create(connection)


@contextmanager
def _wide_cache(connection: Connection) -> Iterator[None]:
    """Give SQLite room to keep the indexes in memory while loading."""
    if connection.dialect.name != "sqlite":
        yield
        return
    former = int(connection.exec_driver_sql("PRAGMA cache_size").scalar_one())
    connection.exec_driver_sql(f"PRAGMA cache_size={CACHE_KIB}")
    yield
    connection.exec_driver_sql(f"PRAGMA cache_size={former}")


def _wanted(code: str, prefixes: tuple[str, ...] | None) -> bool:
    return prefixes is None or any(code.startswith(p) or p.startswith(code) for p in prefixes)


def _below(province: str) -> sa.ColumnElement[bool]:
    first, end = code_range(province)
    return sa.and_(Division.code >= first, Division.code < end)


def _count(connection: Connection, province: str) -> int:
    return connection.scalar(sa.select(sa.func.count(Division.code)).where(_below(province))) or 0


def _insert_missing(
    connection: Connection, province: str, rows: Sequence[Row], present: int
) -> int:
    query = sa.select(Division.code).where(_below(province))
    there = set(connection.scalars(query)) if present else set()
    values = [_values(row) for row in rows if row.code not in there]
    if not values:
        return 0
    if connection.dialect.name == "postgresql":
        _copy(connection, values)
    else:
        marks = ", ".join("?" * len(COLUMNS))
        statement = f"INSERT INTO division ({', '.join(COLUMNS)}) VALUES ({marks})"  # noqa: S608 -- constants only
        driver: Any = connection.connection.dbapi_connection
        driver.executemany(statement, values)
    return len(values)


def _values(row: Row) -> tuple[Any, ...]:
    code = row.code
    level = LEVEL_OF_LENGTH[len(code)].value
    return (
        code,
        row.name,
        level,
        parent_of(code),
        row.initials,
        row.pinyin,
        row.latitude,
        row.longitude,
    )


def _copy(connection: Connection, values: Iterable[tuple[Any, ...]]) -> None:
    """PostgreSQL's bulk door: ten times faster than inserts."""
    driver: Any = connection.connection.dbapi_connection
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY division ({', '.join(COLUMNS)}) FROM STDIN") as copy,
    ):
        for row in values:
            copy.write_row(row)
