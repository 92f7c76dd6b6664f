"""The tables of the PostgreSQL engine.

``search_generation`` has one row: the generation that answers, how often it was written, and the
counts that ranking stands on. Each generation is four tables: the documents; the sets of tokens
that many documents share ("traits"); the numbers of removed documents, by commit, so that other
processes notice; and how many documents that everybody may see have each term.
"""

import re
from contextlib import suppress
from dataclasses import dataclass

from psycopg import Connection
from psycopg.errors import Error

from exchange.search.analysis import ANALYSIS_VERSION
from exchange.search.corpus import FACTS
from exchange.search.encoder import Space

FORMAT = 2
NAME = re.compile(r"(search_g\d{6,})(?:_[a-z]+)?")
PARTS = ("_terms", "_traits", "_gone", "")
BUILD_MEMORY = 256 * 1024  # kB for building indexes; more where the server grants more

STATE = b"""
CREATE TABLE IF NOT EXISTS search_generation (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    name text NOT NULL,
    format text NOT NULL,
    commits bigint NOT NULL DEFAULT 0,
    documents integer NOT NULL,
    everybody integer NOT NULL,
    lengths double precision[] NOT NULL,
    measured integer NOT NULL,
    measured_at timestamptz NOT NULL DEFAULT now()
)
"""
TABLES = """
CREATE TABLE {g} (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    published bigint NOT NULL,
    ends integer NOT NULL,
    bundle integer NOT NULL,
    area integer NOT NULL,
    spot integer NOT NULL,
    owner integer NOT NULL,
    lengths integer[] NOT NULL,
    stored bytea NOT NULL,
    terms tsvector NOT NULL,
    meaning {meaning}
) WITH (toast_tuple_target = 256);
CREATE TABLE {g}_traits (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest bytea NOT NULL UNIQUE,
    tokens bytea NOT NULL
);
CREATE TABLE {g}_gone (commit bigint NOT NULL, id integer NOT NULL);
CREATE TABLE {g}_terms (term text COLLATE "C" PRIMARY KEY, documents integer NOT NULL)
"""
# Made after a new generation was filled: that is several times as fast. Without a pending list
# (fastupdate) a question costs the same whatever was written before it.
INDEXES = """
CREATE UNIQUE INDEX {g}_key ON {g} (key);
CREATE INDEX {g}_words ON {g} USING gin (terms) WITH (fastupdate = off);
CREATE INDEX {g}_gone_commit ON {g}_gone (commit)
"""
GRANT_MEMORY = b"""
SELECT set_config('maintenance_work_mem', greatest(setting::integer, %s)::text, true)
FROM pg_settings WHERE name = 'maintenance_work_mem'
"""
MEANING_INDEX = "CREATE INDEX {g}_near ON {g} USING hnsw (meaning halfvec_ip_ops)"


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one generation. ``has_extension``: meanings are of pgvector's type."""

    name: str
    has_extension: bool

    def sql(self, statement: str) -> bytes:
        """A statement of this program with the generation's name put in for ``{g}``."""
        return statement.replace("{g}", self.name).encode()


def format_of(space: Space, *, has_extension: bool) -> str:
    """What must be the same for a generation to be understood by this program."""
    parts = (FORMAT, ANALYSIS_VERSION, FACTS.itemsize, space.encoder, space.dimensions)
    return " ".join(map(str, (*parts, "pgvector" if has_extension else "plain")))


def generations(connection: Connection) -> list[str]:
    """The names of all generations of which anything is there, also of unfinished ones."""
    rows = connection.execute(
        b"SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        b" AND tablename LIKE 'search\\_g%'"
    )
    found = (NAME.fullmatch(name) for (name,) in rows)
    return sorted({match.group(1) for match in found if match})


def next_name(names: list[str]) -> str:
    """A name that none of the generations has."""
    numbers = [int(name.removeprefix("search_g")) for name in names]
    return f"search_g{max(numbers, default=0) + 1:06}"


def create_tables(connection: Connection, tables: Tables, dimensions: int) -> None:
    """Make an empty generation, without its indexes."""
    meaning = f"halfvec({dimensions})" if tables.has_extension else "bytea"
    for statement in TABLES.replace("{meaning}", meaning).split(";"):
        connection.execute(tables.sql(statement))
    if not tables.has_extension:
        connection.execute(tables.sql("ALTER TABLE {g} ALTER meaning SET STORAGE EXTERNAL"))


def create_indexes(connection: Connection, tables: Tables) -> None:
    """Make a filled generation quick to ask."""
    connection.execute(GRANT_MEMORY, (BUILD_MEMORY,))
    for statement in INDEXES.split(";"):
        connection.execute(tables.sql(statement))
    if tables.has_extension:
        connection.execute(tables.sql(MEANING_INDEX))


def drop_tables(connection: Connection, name: str) -> None:
    """Remove a generation, whole or in parts."""
    for part in PARTS:
        connection.execute(f"DROP TABLE IF EXISTS {name}{part}".encode())


def ensure_extension(connection: Connection) -> bool:
    """Whether pgvector is there, or could be added; may be called outside a transaction only."""
    with suppress(Error):  # not installed on the server, not allowed, or just added by somebody
        connection.execute(b"CREATE EXTENSION IF NOT EXISTS vector")
    found = connection.execute(b"SELECT to_regtype('halfvec') IS NOT NULL").fetchone()
    return bool(found and found[0])
