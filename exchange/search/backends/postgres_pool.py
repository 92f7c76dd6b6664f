"""Connections of the PostgreSQL engine: a pool for each process, answers as numpy arrays, errors by
their names in the port."""

import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any, cast

import numpy as np
import sqlalchemy as sa
from psycopg import Connection, IsolationLevel
from psycopg.adapt import Buffer, Loader
from psycopg.errors import (
    Error,
    LockNotAvailable,
    OperationalError,
    ProgrammingError,
    ReadOnlySqlTransaction,
    UndefinedTable,
)
from psycopg.pq import Format

from exchange.search.port import IndexBusy, IndexUnavailable

POOL, OVERFLOW = 5, 30
INT4_ARRAY = 1007  # the number of the type, the same on every server
HEADER = 20  # bytes before the first element of an array of one dimension
# What is worth an index is asked by it: a scan would unpack the terms of every document.
SETTINGS = (
    b"SET jit = off; SET work_mem = '32MB'; SET enable_seqscan = off; SET random_page_cost = 1.1"
)
MEANING_SETTINGS = (
    b"SET hnsw.ef_search = 200; SET hnsw.iterative_scan = 'strict_order';"
    b" SET hnsw.max_scan_tuples = 5000"
)
ELEMENT = np.dtype([("size", ">i4"), ("value", ">i4")])
UNWRITABLE = (ReadOnlySqlTransaction, PermissionError)


class NumberLoader(Loader):
    """An array of integers as a numpy array."""

    format = Format.BINARY

    def load(self, data: Buffer) -> Any:
        """See ``Loader``."""
        if len(data) <= HEADER:
            return np.empty(0, np.int32)
        return np.frombuffer(bytes(data), ELEMENT, offset=HEADER)["value"].astype(np.int32)


class Pool:
    """Opens connections when they are needed, anew in a forked process."""

    def __init__(self, address: str, patience: float) -> None:
        url = sa.make_url(address)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        self._url = url
        self._patience = f"SET lock_timeout = {int(patience * 1000)}".encode()
        self._lock = Lock()
        self._engine: sa.Engine | None = None
        self._process = 0
        self._closer: Any = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One unchanging view of everything."""
        with self._connection() as connection:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, which commits at the end. Raises IndexBusy."""
        with self._connection() as connection:
            connection.execute(self._patience)
            yield connection
            connection.commit()

    @contextmanager
    def single(self) -> Iterator[Connection]:
        """Every statement by itself."""
        with self._connection() as connection:
            connection.autocommit = True
            try:
                yield connection
            finally:
                connection.autocommit = False

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        with errors_are_named():
            try:
                taken = self._present().raw_connection()
            except sa.exc.DBAPIError as error:
                raise IndexUnavailable(reason="unreachable") from error
            connection = cast("Connection", taken.driver_connection)
            connection.isolation_level = connection.read_only = None
            try:
                yield connection
            except OperationalError:
                taken.invalidate()
                raise
            finally:
                taken.close()

    def _present(self) -> sa.Engine:
        with self._lock:
            if self._engine is None or self._process != os.getpid():
                if self._engine is not None:
                    self._closer.detach()
                    self._engine.dispose(close=False)
                self._engine = make_engine(self._url)
                self._process = os.getpid()
                self._closer = weakref.finalize(self, self._engine.dispose)
            return self._engine

    def close(self) -> None:
        """Close the connections that nobody uses; the next question opens others."""
        with self._lock:
            if self._engine is not None and self._process == os.getpid():
                self._engine.dispose()


def make_engine(url: sa.URL) -> sa.Engine:
    """A pool; its connections know their settings and how to load arrays."""
    engine = sa.create_engine(
        url,
        pool_size=POOL,
        max_overflow=OVERFLOW,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"prepare_threshold": None},
    )

    @sa.event.listens_for(engine, "connect")
    def _connect(driver: Any, _record: Any) -> None:
        connection: Connection = driver
        connection.adapters.register_loader(INT4_ARRAY, NumberLoader)
        connection.autocommit = True
        connection.execute(SETTINGS)
        with suppress(ProgrammingError):  # pgvector before 0.8 knows no iterative scan
            connection.execute(MEANING_SETTINGS)
        connection.autocommit = False

    return engine


@contextmanager
def errors_are_named() -> Iterator[None]:
    """What the server refuses becomes an error of the port."""
    try:
        yield
    except LockNotAvailable as error:
        raise IndexBusy from error
    except UndefinedTable as error:
        raise IndexUnavailable(reason="missing") from error
    except UNWRITABLE as error:
        raise IndexUnavailable(reason="not_writable") from error
    except OperationalError as error:
        raise IndexUnavailable(reason="unreachable", detail=type(error).__name__) from error
    except Error as error:
        raise IndexUnavailable(reason="damaged", detail=type(error).__name__) from error
