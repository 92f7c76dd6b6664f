"""One unchanging view of the PostgreSQL engine's present generation.

Each process keeps the columns of all documents and the rows that words stand in; both are brought
up to date, not read anew, when a commit came in between.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from psycopg import Connection

from exchange.search.backends.postgres_columns import Columns, Rows, advanced, no_columns
from exchange.search.backends.postgres_pool import Pool
from exchange.search.backends.postgres_query import all_of, any_token, lexeme, quoted, words_of
from exchange.search.backends.postgres_schema import Tables
from exchange.search.corpus import SCORED_FIELDS
from exchange.search.engine import Ask
from exchange.search.port import PUBLIC, Filters, IndexUnavailable
from exchange.search.ranking import Statistics

EXACT_BELOW = 2_000  # documents, below which terms are counted when they are asked for
KEPT_ROWS = 4_000_000  # of words, for each process; four bytes each
NOTHING: tuple[int, Rows] = (0, np.empty(0, np.int32))
KEPT_TERMS = 50_000
KEPT_COMMITS = 10_000  # by which a process may lag behind before it reads everything anew
PRESENT = b"""
SELECT name, to_regclass(name)::oid::bigint, format, commits, documents, everybody, lengths,
       measured, measured_at::text
FROM search_generation
"""
HOLDERS = "SELECT coalesce(array_agg(id), '{}') FROM {g} WHERE id > %s AND terms @@ %s::tsquery"
HOLDERS_OF_EACH = """
SELECT (SELECT coalesce(array_agg(id), '{}') FROM {g}
        WHERE id > asked.last AND terms @@ asked.query::tsquery)
FROM unnest(%s::text[], %s::integer[]) WITH ORDINALITY AS asked (query, last, at) ORDER BY at
"""
COUNTED = "SELECT term, documents FROM {g}_terms WHERE term = ANY(%s)"
COUNT_NOW = """
SELECT asked.at - 1, (SELECT count(*) FROM {g} WHERE terms @@ asked.query::tsquery)
FROM unnest(%s::text[]) WITH ORDINALITY AS asked (query, at)
"""
MEAN_LENGTHS = """
SELECT count(*), avg(lengths[1])::float8, avg(lengths[2])::float8, avg(lengths[3])::float8,
       avg(lengths[4])::float8, avg(lengths[5])::float8
FROM {g} WHERE terms @@ %s::tsquery
"""


class Outdated(Exception):
    """Another thread has seen a later commit meanwhile."""


@dataclass(frozen=True, slots=True)
class State:
    """The row of ``search_generation``. ``measured`` is the count of documents when terms were
    counted last, ``everybody`` how many of those carried the audience token PUBLIC. ``number`` is
    PostgreSQL's own for the table: a name may come again after a loss, the number does not.
    """

    name: str
    number: int
    format: str
    commits: int
    documents: int
    everybody: int
    lengths: tuple[float, ...]
    measured: int
    measured_at: str

    @property
    def tables(self) -> Tables:
        return Tables(self.name, self.format.endswith("pgvector"))


def present(connection: Connection) -> State:
    """Which generation answers. Raises IndexUnavailable when there is none."""
    row = connection.execute(PRESENT).fetchone()
    if row is None or row[1] is None:
        raise IndexUnavailable(reason="missing")
    name, number, made_as, commits, documents, everybody, lengths, *last = row
    return State(name, number, made_as, commits, documents, everybody, tuple(lengths), *last)


@dataclass
class Memory:
    """What a process remembers of one generation."""

    number: int = 0
    columns: Columns = field(default_factory=no_columns)
    lock: Lock = field(default_factory=Lock)
    words: OrderedDict[str, tuple[int, Rows]] = field(default_factory=OrderedDict)
    kept_rows: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    counted: tuple[str, int] = ("", 0)
    measured: tuple[int, tuple[int, tuple[float, ...]]] = (-1, (0, ()))

    def found_words(self, words: str) -> tuple[int, Rows] | None:
        """The rows with these words, and how many rows had been looked at."""
        with self.lock:
            found = self.words.get(words)
            if found is not None:
                self.words.move_to_end(words)
            return found

    def keep_words(self, words: str, seen: int, rows: Rows) -> None:
        """Remember rows; those that were not asked for longest are forgotten."""
        with self.lock:
            former = self.words.pop(words, None)
            self.kept_rows += len(rows) + 100 - (len(former[1]) + 100 if former else 0)
            self.words[words] = seen, rows
            while self.kept_rows > KEPT_ROWS:
                _, (_, gone) = self.words.popitem(last=False)
                self.kept_rows -= len(gone) + 100

    def counts_as_of(self, mark: tuple[str, int]) -> dict[str, int]:
        """How many documents have each term, as far as it was asked for since this mark."""
        with self.lock:
            if self.counted != mark or len(self.counts) > KEPT_TERMS:
                self.counted, self.counts = mark, {}
            return self.counts


class Reader:
    """Opens views; one for each index, shared by threads."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._memory = Memory()
        self._lock = Lock()

    @contextmanager
    def view(self) -> Iterator["View"]:
        """A view of the last commit. Raises IndexUnavailable, Outdated."""
        with self._pool.reading() as connection:
            state = present(connection)
            memory, columns = self._columns(connection, state)
            yield View(connection, state, memory, columns)

    def forget(self) -> None:
        """Let go of what was remembered."""
        with self._lock:
            self._memory = Memory()

    def _columns(self, connection: Connection, state: State) -> tuple[Memory, Columns]:
        with self._lock:
            memory = self._memory
            lag = state.commits - memory.columns.commit
            if memory.number != state.number or lag > KEPT_COMMITS:
                memory = Memory(state.number)
            elif lag < 0:
                raise Outdated
            if memory.columns.commit != state.commits:
                memory.columns = advanced(memory.columns, connection, state.tables, state.commits)
            self._memory = memory
            return memory, memory.columns


class View:
    """What one question sees."""

    def __init__(
        self, connection: Connection, state: State, memory: Memory, columns: Columns
    ) -> None:
        self.connection = connection
        self.state = state
        self.tables = state.tables
        self.columns = columns
        self._memory = memory
        self._matched: dict[tuple[str, Filters, frozenset[str] | None], Rows] = {}

    def holders(self, words: str) -> Rows:
        """Living documents that a tsquery lets through, ascending."""
        return self.holders_of([words])[0]

    def holders_of(self, queries: Sequence[str]) -> list[Rows]:
        """Living documents that each of some tsqueries lets through, ascending."""
        size, live = len(self.columns.id), self.columns.live
        known = {words: self._memory.found_words(words) for words in queries}
        fits = {words: one for words, one in known.items() if one is not None and one[0] <= size}
        behind = [words for words in known if words not in fits or fits[words][0] < size]
        fresh = self._found_since(behind, [fits.get(words, NOTHING)[0] for words in behind])
        found = {words: rows for words, (_, rows) in fits.items()}
        for words, rows in zip(behind, fresh, strict=True):
            found[words] = np.concatenate((found.get(words, NOTHING[1]), rows))
            if words in fits or known[words] is None:
                self._memory.keep_words(words, size, found[words])
        return [found[words][live[found[words]]] for words in queries]

    def _found_since(self, queries: Sequence[str], seen: Sequence[int]) -> list[Rows]:
        """What each tsquery lets through of the documents behind so many rows."""
        if not queries:
            return []
        last = [int(self.columns.id[rows - 1]) if rows else 0 for rows in seen]
        with self.connection.cursor(binary=True) as cursor:
            if len(queries) == 1:
                found = cursor.execute(self.tables.sql(HOLDERS), [last[0], queries[0]]).fetchall()
            else:
                statement = self.tables.sql(HOLDERS_OF_EACH)
                found = cursor.execute(statement, [list(queries), last]).fetchall()
        return [self.columns.rows_of(ids).astype(np.int32) for (ids,) in found]

    def matched(self, ask: Ask) -> Rows:
        """Full matches, ascending."""
        words = words_of(ask)
        place = words, ask.filters, ask.audience
        found = self._matched.get(place)
        if found is None:
            rows = self.holders(words) if words else self.columns.everything()
            found = self.columns.allowed(rows, ask.filters, ask.audience)
            self._matched[place] = found
        return found

    def statistics(self, terms: Iterable[str]) -> Statistics:
        """See ``Retriever.statistics``: exact for few documents, else as of the last count, except
        for terms that nobody had then.
        """
        state, wanted = self.state, list(terms)
        exact = state.documents < EXACT_BELOW
        counts = self._memory.counts_as_of((state.measured_at, state.commits if exact else 0))
        missing = [term for term in wanted if term not in counts]
        if missing and not exact:
            lexemes = {lexeme(term): term for term in missing}
            rows = self.connection.execute(self.tables.sql(COUNTED), [list(lexemes)])
            counts |= {lexemes[name]: count for name, count in rows}
            missing = [term for term in missing if term not in counts]
        if missing:
            counts |= self._count_now(missing)
        everybody, lengths = self._measure_now() if exact else (state.everybody, state.lengths)
        return Statistics(everybody, lengths, {term: counts[term] for term in wanted})

    def _count_now(self, terms: Sequence[str]) -> dict[str, int]:
        for_all = any_token({f"audience:{PUBLIC}"})
        queries = [all_of([quoted(lexeme(term)), for_all]) for term in terms]
        rows = self.connection.execute(self.tables.sql(COUNT_NOW), [queries])
        return {terms[at]: count for at, count in rows}

    def _measure_now(self) -> tuple[int, tuple[float, ...]]:
        commit, found = self._memory.measured
        if commit != self.state.commits:
            found = measure_lengths(self.connection, self.tables)
            self._memory.measured = self.state.commits, found
        return found


def measure_lengths(connection: Connection, tables: Tables) -> tuple[int, tuple[float, ...]]:
    """How many documents everybody may see, and the mean lengths of their fields."""
    for_all = any_token({f"audience:{PUBLIC}"})
    row = connection.execute(tables.sql(MEAN_LENGTHS), [for_all]).fetchone()
    count = row[0] if row else 0
    means = row[1:] if row and count else (1.0,) * len(SCORED_FIELDS)
    return count, tuple(round(float(mean), 3) for mean in means)
