"""PostgreSQL, the engine of large sites whose database it is anyway.

Words are found by a GIN index of terms that this program made (no text search configuration is
needed), meanings by pgvector where the server has it. Filters, orders and counts are computed from
``postgres_columns``. Scores are those of every engine, see ``finding``.
"""

from collections.abc import Callable, Iterable

from psycopg import Connection
from psycopg.errors import Error

from exchange.search.analysis import Analyzer
from exchange.search.answering import Answered, AnsweringIndex
from exchange.search.backends.postgres_pool import Pool
from exchange.search.backends.postgres_reading import Outdated, Reader, State, present
from exchange.search.backends.postgres_retriever import PostgresRetriever
from exchange.search.backends.postgres_schema import (
    STATE,
    Tables,
    create_indexes,
    create_tables,
    drop_tables,
    ensure_extension,
    format_of,
    generations,
    next_name,
)
from exchange.search.backends.postgres_writing import (
    count_terms,
    prepare,
    put_documents,
    refresh,
    replace_documents,
)
from exchange.search.encoder import Space
from exchange.search.engine import Engine
from exchange.search.port import (
    Document,
    Health,
    IndexUnavailable,
)
from exchange.search.staged import StagedEngine

TRIES = 4
CHANGED_SHARE = 0.1  # of the documents, after which terms are counted anew
ADOPT = b"""
INSERT INTO search_generation AS present
    (name, format, commits, documents, everybody, lengths, measured)
VALUES (%(name)s, %(format)s, 0, %(documents)s, %(everybody)s, %(lengths)s, %(documents)s)
ON CONFLICT (only_row) DO UPDATE SET
    name = excluded.name, format = excluded.format, commits = 0, documents = excluded.documents,
    everybody = excluded.everybody, lengths = excluded.lengths, measured = excluded.measured,
    measured_at = now()
"""
LOOK = """
SELECT count(*), coalesce(max(version), 0), pg_is_in_recovery()
       OR NOT has_table_privilege('{g}', 'INSERT, DELETE'),
       (SELECT count(*) FROM pg_index WHERE indrelid = '{g}'::regclass AND indisvalid)
FROM {g}
"""
INDEXES_OF_TABLE = 3  # and one more with the extension


class PostgresIndex(AnsweringIndex):
    """See ``SearchIndex``. ``patience`` is how long a write waits for another, in seconds.

    ``may_extend``: whether pgvector may be used where the server has it.
    """

    def __init__(
        self,
        address: str,
        analyzer: Analyzer,
        space: Space,
        *,
        patience: float = 10.0,
        may_extend: bool = True,
    ) -> None:
        self._pool = Pool(address, patience)
        self._reader = Reader(self._pool)
        super().__init__(analyzer)
        self._space = space
        self._may_extend = may_extend

    def index(self, documents: Iterable[Document]) -> int:
        """See ``SearchIndex.index``."""
        prepared = prepare(list(documents), self._analyzer)
        with self._pool.writing() as connection:
            present(connection)
            if prepared:
                replace_documents(connection, prepared, ())
        return len(prepared)

    def delete(self, keys: Iterable[str]) -> None:
        """See ``SearchIndex.delete``."""
        with self._pool.writing() as connection:
            replace_documents(connection, {}, set(keys))

    def _ask(self, answer: Callable[[Engine], Answered]) -> Answered:
        """Answer from one view; once more when a switch or another thread came in between."""
        for last_try in (False,) * (TRIES - 1) + (True,):
            try:
                with self._reader.view() as view:
                    return answer(StagedEngine(PostgresRetriever(view)))
            except Outdated as error:
                if last_try:
                    raise IndexUnavailable(reason="changing") from error
            except IndexUnavailable as error:
                if last_try or error.params.get("reason") != "missing":
                    raise
        raise IndexUnavailable(reason="changing")

    def start_generation(self) -> "PostgresGeneration":
        """See ``SearchIndex.start_generation``. Leftovers of killed rebuilds are removed."""
        with self._pool.single() as connection:
            current = _current_name(connection)
            names = generations(connection)
            for name in names:
                if name != current:
                    drop_tables(connection, name)
            has_extension = self._may_extend and ensure_extension(connection)
            tables = Tables(next_name(names), has_extension)
            with connection.transaction():
                create_tables(connection, tables, self._space.dimensions)
        return PostgresGeneration(self._pool, tables, self._analyzer, self._space)

    def refresh_statistics(self, *, always: bool = False) -> bool:
        """See ``CountsTerms.refresh_statistics``."""
        with self._pool.writing() as connection:
            state = present(connection)
            changed = abs(state.documents - state.measured)
            if not (always or changed > CHANGED_SHARE * state.measured or _is_old(connection)):
                return False
            refresh(connection, state)
        return True

    def has_meaning_index(self) -> bool:
        """See ``FindsMeanings.has_meaning_index``."""
        return self._state().tables.has_extension

    def count(self) -> int:
        """See ``SearchIndex.count``."""
        return self._state().documents

    def high_water(self) -> int:
        """See ``SearchIndex.high_water``."""
        with self._pool.reading() as connection:
            return _look(connection, present(connection))[1]

    def check(self, *, whole: bool = True) -> Health:  # noqa: ARG002 - there is one way to look
        """See ``SearchIndex.check``. Problems: missing, damaged, unreachable, other_format,
        not_writable.
        """
        try:
            with self._pool.reading() as connection:
                state = present(connection)
                documents, high_water, is_fixed, indexes = _look(connection, state)
        except IndexUnavailable as error:
            return Health(0, "", 0, 0, (str(error.params.get("reason", "damaged")),))
        extension = state.tables.has_extension
        doubts = {
            "other_format": state.format != format_of(self._space, has_extension=extension),
            "not_writable": is_fixed,
            "damaged": documents != state.documents or indexes < INDEXES_OF_TABLE + extension,
        }
        problems = tuple(code for code, found in doubts.items() if found)
        mark = f"{state.name}/{state.commits}"
        return Health(documents, mark, 1, high_water, problems)

    def close(self) -> None:
        """See ``SearchIndex.close``."""
        self._reader.forget()
        self._pool.close()

    def _state(self) -> State:
        with self._pool.reading() as connection:
            return present(connection)


def _look(connection: Connection, state: State) -> tuple[int, int, bool, int]:
    row = connection.execute(state.tables.sql(LOOK)).fetchone()
    if row is None:
        raise IndexUnavailable(reason="damaged")
    return row


def _is_old(connection: Connection) -> bool:
    row = connection.execute(
        b"SELECT measured_at < now() - interval '1 day' FROM search_generation"
    ).fetchone()
    return bool(row and row[0])


def _current_name(connection: Connection) -> str:
    """The generation that answers; a table of generations that cannot be read is made anew."""
    connection.execute(STATE)
    try:
        return present(connection).name
    except IndexUnavailable:
        return ""
    except Error:
        connection.execute(b"DROP TABLE search_generation")
        connection.execute(STATE)
        return ""


class PostgresGeneration:
    """See ``Generation``."""

    def __init__(self, pool: Pool, tables: Tables, analyzer: Analyzer, space: Space) -> None:
        self._pool = pool
        self._tables = tables
        self._analyzer = analyzer
        self._space = space

    def index(self, documents: Iterable[Document]) -> int:
        """See ``Generation.index``."""
        prepared = prepare(list(documents), self._analyzer)
        with self._pool.writing() as connection:
            put_documents(connection, self._tables, prepared)
        return len(prepared)

    def switch(self) -> None:
        """See ``Generation.switch``."""
        tables = self._tables
        with self._pool.writing() as connection:
            create_indexes(connection, tables)
            everybody, lengths = count_terms(connection, tables)
            connection.execute(tables.sql("ANALYZE {g}"))
        with self._pool.writing() as connection:
            counted = connection.execute(tables.sql("SELECT count(*) FROM {g}")).fetchone()
            values = {
                "name": tables.name,
                "format": format_of(self._space, has_extension=tables.has_extension),
                "documents": counted[0] if counted else 0,
                "everybody": everybody,
                "lengths": list(lengths),
            }
            connection.execute(ADOPT, values)
        with self._pool.single() as connection:
            for name in generations(connection):
                if name != tables.name:
                    drop_tables(connection, name)

    def abandon(self) -> None:
        """See ``Generation.abandon``."""
        with self._pool.single() as connection:
            drop_tables(connection, self._tables.name)
