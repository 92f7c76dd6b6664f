"""Writing to the PostgreSQL engine: each call is one transaction, one writer at a time."""

from collections.abc import Collection, Mapping, Sequence

from psycopg import Connection

from exchange.search.analysis import Analyzer
from exchange.search.backends.postgres_columns import usable
from exchange.search.backends.postgres_query import FOR_FILTERS, any_token
from exchange.search.backends.postgres_reading import State, measure_lengths, present
from exchange.search.backends.postgres_rows import (
    COLUMNS,
    digest_of,
    pack_rows,
    pack_tokens,
    traits_of,
)
from exchange.search.backends.postgres_schema import Tables
from exchange.search.corpus import KEY_BYTES, Entry, take_apart
from exchange.search.port import PUBLIC, Document
from exchange.search.staged import flats_of

TAKE = b"SELECT 1 FROM search_generation FOR UPDATE"
REMOVE = "DELETE FROM {g} WHERE key = ANY(%s) RETURNING id"
GONE = "INSERT INTO {g}_gone (commit, id) SELECT %s, unnest(%s::integer[])"
NOTE = b"UPDATE search_generation SET commits = commits + 1, documents = documents + %s"
ADD_TRAITS = """
INSERT INTO {g}_traits (digest, tokens) SELECT * FROM unnest(%s::bytea[], %s::bytea[])
ON CONFLICT (digest) DO NOTHING
"""
TRAIT_NUMBERS = "SELECT digest, id FROM {g}_traits WHERE digest = ANY(%s)"
FORGET_GONE = "DELETE FROM {g}_gone WHERE commit < %s"
FORGET_EVERY, FORGET_AFTER = 1_000, 20_000  # commits; more than any process may lag behind
COUNT_TERMS = """
INSERT INTO {g}_terms (term, documents)
SELECT word, ndoc FROM ts_stat($$SELECT terms FROM {g} WHERE terms @@ '{all}'::tsquery$$)
WHERE word NOT LIKE '{token}%'
"""

Prepared = dict[str, tuple[Entry, tuple[str, ...]]]


def prepare(documents: Sequence[Document], analyzer: Analyzer) -> Prepared:
    """Documents taken apart, by key; of two with one key the later."""
    return {
        document.key: (take_apart(document, analyzer), flats_of(document, analyzer))
        for document in documents
    }


def replace_documents(connection: Connection, prepared: Prepared, gone: Collection[str]) -> None:
    """Write to the generation that answers, within a transaction. Raises IndexUnavailable."""
    connection.execute(TAKE)
    state = present(connection)
    tables = state.tables
    keys = usable({*prepared, *gone}, KEY_BYTES)
    removed = [number for (number,) in connection.execute(tables.sql(REMOVE), [keys])]
    if not removed and not prepared:
        return
    connection.execute(tables.sql(GONE), [state.commits + 1, removed])
    add_documents(connection, tables, prepared)
    connection.execute(NOTE, [len(prepared) - len(removed)])
    if (state.commits + 1) % FORGET_EVERY == 0:
        connection.execute(tables.sql(FORGET_GONE), [state.commits - FORGET_AFTER])


def put_documents(connection: Connection, tables: Tables, prepared: Prepared) -> None:
    """Write to a generation that does not answer yet."""
    connection.execute(tables.sql(REMOVE), [list(prepared)])
    add_documents(connection, tables, prepared)


def add_documents(connection: Connection, tables: Tables, prepared: Prepared) -> None:
    """Write documents whose keys are not there."""
    if not prepared:
        return
    numbers = _trait_numbers(connection, tables, prepared)
    into = f"COPY {{g}} ({', '.join(COLUMNS)}) FROM STDIN (FORMAT binary)"
    with connection.cursor() as cursor, cursor.copy(tables.sql(into)) as copy:
        for packed in pack_rows(prepared.values(), numbers, has_extension=tables.has_extension):
            copy.write(packed)


def _trait_numbers(
    connection: Connection, tables: Tables, prepared: Prepared
) -> Mapping[bytes, int]:
    traits = (traits_of(entry) for entry, _ in prepared.values())
    packed = sorted({pack_tokens(tokens) for sets in traits for tokens in sets.values()})
    digests = [digest_of(one) for one in packed]
    known = _numbers(connection, tables, digests)
    fresh = [pair for pair in zip(digests, packed, strict=True) if pair[0] not in known]
    if fresh:
        connection.execute(tables.sql(ADD_TRAITS), [[d for d, _ in fresh], [t for _, t in fresh]])
        known |= _numbers(connection, tables, [digest for digest, _ in fresh])
    return known


def _numbers(connection: Connection, tables: Tables, digests: list[bytes]) -> dict[bytes, int]:
    rows = connection.execute(tables.sql(TRAIT_NUMBERS), [digests])
    return {bytes(digest): number for digest, number in rows}


def count_terms(connection: Connection, tables: Tables) -> tuple[int, tuple[float, ...]]:
    """Count anew how many of the documents that everybody may see have each term; returns how many
    such documents there are, and the mean lengths of their fields.
    """
    connection.execute(tables.sql("LOCK TABLE {g}_terms IN SHARE ROW EXCLUSIVE MODE"))
    connection.execute(tables.sql("DELETE FROM {g}_terms"))
    for_all = any_token({f"audience:{PUBLIC}"}).replace("'", "''")
    statement = COUNT_TERMS.replace("{all}", for_all).replace("{token}", FOR_FILTERS)
    connection.execute(tables.sql(statement))
    return measure_lengths(connection, tables)


def refresh(connection: Connection, state: State) -> None:
    """Bring the counts that ranking stands on up to date."""
    everybody, lengths = count_terms(connection, state.tables)
    connection.execute(
        b"UPDATE search_generation SET everybody = %s, lengths = %s, measured = documents,"
        b" measured_at = now() WHERE name = %s",
        [everybody, list(lengths), state.name],
    )
