"""Putting a generated site into a database that has its tables and divisions, in bulk.

Core inserts in the shape in which the services write; no events, no jobs, no suggestions.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from benchmarks.generator import Generated, Generator
from exchange.accounts.models import Organisation
from exchange.kernel.database import WRITES
from exchange.listings.models import Listing, ListingCoverage

BATCH = 5_000


class NotEmpty(Exception):
    """The database has listings or organisations: it is somebody's site and is left alone."""


def fill_database(engine: Engine, site: Generator) -> int:
    """Insert organisations, listings and coverage; returns how many listings. Raises NotEmpty.

    Every batch is a commit of its own. The divisions must be there.
    """
    with engine.connect() as connection:
        _require_empty(connection)
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        with connection.begin():
            connection.execute(sa.insert(Organisation), [one.row for one in site.owners])
        done = 0
        for batch in _batches(site):
            with connection.begin():
                _insert(connection, batch)
            done += len(batch)
        with connection.begin():
            _move_sequences(connection)
    return done


def _require_empty(connection: Connection) -> None:
    for model in (Listing, Organisation):
        if connection.scalar(sa.select(model.id).limit(1)) is not None:
            raise NotEmpty(model.__tablename__)


def _batches(listings: Iterable[Generated]) -> Iterator[list[Generated]]:
    waiting = iter(listings)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _insert(connection: Connection, batch: list[Generated]) -> None:
    coverage: list[dict[str, Any]] = [
        {"listing_id": one.row["id"], "prefix": prefix} for one in batch for prefix in one.coverage
    ]
    connection.execute(sa.insert(Listing), [one.row for one in batch])
    if coverage:
        connection.execute(sa.insert(ListingCoverage), coverage)


def _move_sequences(connection: Connection) -> None:
    """PostgreSQL goes on numbering behind the rows that came with their ids."""
    if connection.dialect.name != "postgresql":
        return
    for model in (Listing, Organisation):
        name = model.__tablename__
        sequence = sa.func.pg_get_serial_sequence(name, "id")
        greatest = sa.select(sa.func.max(model.id)).scalar_subquery()
        connection.execute(sa.select(sa.func.setval(sequence, greatest)))
