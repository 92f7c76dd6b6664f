"""What filters, orders and facets need of every document, in memory: some thirty bytes for each.

A row never changes: a document that is written again gets a new number. So a process that knows
the numbers up to some commit needs only what came and what went since.
"""

import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection

from exchange.search.backends.postgres_schema import Tables
from exchange.search.backends.postgres_traits import Numbers, Traits
from exchange.search.corpus import OPEN_END, filter_questions
from exchange.search.distances import place_value
from exchange.search.port import Facet, Filters, Point, Sort

Rows = NDArray[np.integer]

FIELDS = ("id", "published", "ends", "bundle", "area", "spot", "owner")
NUMBERS = ("id", "ends", "bundle", "area", "spot", "owner")
_WIDE = {"published"}
_ROW = np.dtype(
    [
        ("fields", ">i2"),
        *(
            (part, kind)
            for name in FIELDS
            for part, kind in ((f"{name}_size", ">i4"), (name, ">i8" if name in _WIDE else ">i4"))
        ),
    ]
)
HEADER, TRAILER = 19, 2  # bytes around the rows of a binary COPY
READ_FROM = "COPY (SELECT {fields} FROM {g} WHERE id > {last}) TO STDOUT (FORMAT binary)"
GONE = "SELECT coalesce(array_agg(id), '{}') FROM {g}_gone WHERE commit > %s"
TRAITS = "SELECT id, tokens FROM {g}_traits WHERE id > %s ORDER BY id"


@dataclass(frozen=True)
class Columns:
    """The documents as one commit left them, by ascending number. ``live`` is False where a
    document was removed or written again.
    """

    commit: int
    id: Numbers
    published: NDArray[np.int64]
    ends: Numbers
    bundle: Numbers
    area: Numbers
    spot: Numbers
    owner: Numbers
    live: NDArray[np.bool_]
    traits: Traits

    def rows_of(self, ids: NDArray[np.integer]) -> Rows:
        """The rows of living documents with these numbers, ascending."""
        wanted = np.sort(np.asarray(ids, np.int32))
        at = np.searchsorted(self.id, wanted)
        inside = at < len(self.id)
        at, wanted = at[inside], wanted[inside]
        at = at[self.id[at] == wanted]
        found: Rows = at[self.live[at]]
        return found

    def everything(self) -> Rows:
        """All living documents."""
        return np.flatnonzero(self.live)

    def allowed(self, rows: Rows, filters: Filters, audience: frozenset[str] | None) -> Rows:
        """Those of the rows that pass the audience and all filters but that on external ids."""
        if audience is not None:
            own = self.traits.let_through(f"audience:{name}" for name in audience)
            rows = rows[own[self.owner[rows]]]
        for tokens in filter_questions(filters):
            column = self._column_of(tokens)
            if column is not None:
                rows = rows[self.traits.let_through(tokens)[column[rows]]]
        if filters.open_on:
            ends = self.ends[rows]
            rows = rows[(ends == OPEN_END) | (ends >= filters.open_on.toordinal())]
        if filters.ends_by:
            ends = self.ends[rows]
            rows = rows[(ends != OPEN_END) & (ends <= filters.ends_by.toordinal())]
        return rows

    def _column_of(self, tokens: frozenset[str]) -> Numbers | None:
        kind = next(iter(tokens)).partition(":")[0]
        if kind == "external":
            return None
        if kind == "organisation":
            return self.owner
        return self.area if kind in {"in", "serves"} else self.bundle

    def sets_of(self, facet: Facet) -> Numbers:
        """The column that holds the values of a facet."""
        return self.area if facet is Facet.DIVISION else self.bundle

    def nearness(self, rows: Rows, origin: Point) -> NDArray[np.float64]:
        """The value by which NEAREST sorts the rows."""
        points, spot = self.traits.points, self.spot[rows]
        if len(points) < len(rows):
            return _nearness(points, origin)[spot]
        return _nearness(points[spot], origin)


def _nearness(points: NDArray[np.float32], origin: Point) -> NDArray[np.float64]:
    packed = np.empty(len(points), [("latitude", "<f4"), ("longitude", "<f4")])
    packed["latitude"], packed["longitude"] = points[:, 0], points[:, 1]
    return place_value(packed, Sort.NEAREST, origin)


def no_columns() -> Columns:
    """Before anything was read."""
    none, wide = np.empty(0, np.int32), np.empty(0, np.int64)
    return Columns(-1, none, wide, none, none, none, none, none, np.empty(0, np.bool_), Traits())


def advanced(columns: Columns, connection: Connection, tables: Tables, commit: int) -> Columns:
    """The columns as of a later commit, the present one of the transaction."""
    sets = connection.execute(tables.sql(TRAITS), [columns.traits.last]).fetchall()
    columns.traits.add([(number, json.loads(bytes(tokens))) for number, tokens in sets])
    last = int(columns.id[-1]) if len(columns.id) else 0
    fresh = _read_from(connection, tables, last)
    numbers = {
        name: np.append(getattr(columns, name), fresh[name].astype(np.int32)) for name in NUMBERS
    }
    made = Columns(
        commit,
        published=np.append(columns.published, fresh["published"].astype(np.int64)),
        live=np.append(columns.live, np.ones(len(fresh), np.bool_)),
        traits=columns.traits,
        **numbers,
    )
    with connection.cursor(binary=True) as cursor:
        found = cursor.execute(tables.sql(GONE), [columns.commit]).fetchone()
    if found and len(found[0]):
        made.live[made.rows_of(found[0])] = False
    return made


def _read_from(connection: Connection, tables: Tables, last: int) -> NDArray[np.void]:
    """The rows behind a number, ascending."""
    statement = READ_FROM.replace("{fields}", ", ".join(FIELDS)).replace("{last}", str(last))
    with connection.cursor() as cursor, cursor.copy(tables.sql(statement)) as copy:
        packed = b"".join(bytes(part) for part in copy)
    count = (len(packed) - HEADER - TRAILER) // _ROW.itemsize
    if len(packed) != HEADER + TRAILER + count * _ROW.itemsize:
        raise struct.error("a column is empty")
    found = np.frombuffer(packed, _ROW, count, HEADER)
    return found[np.argsort(found["id"], kind="stable")]


def usable(keys: Iterable[str], longest: int) -> list[str]:
    """The keys that a document can have: nothing that PostgreSQL could not read."""
    fit = []
    for key in keys:
        packed = key.encode(errors="ignore")
        if packed.decode() == key and "\0" not in key and len(packed) <= longest:
            fit.append(key)
    return fit
