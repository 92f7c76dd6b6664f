"""The engines that an evaluation can be run on: those of the site, and the one of quick tests."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa

from exchange.kernel.act import House
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.settings import Settings
from exchange.search import wiring
from exchange.search.backends.memory import MemoryIndex
from exchange.search.port import SearchIndex

DEFAULT_ENGINE = "whoosh"
ENGINES: Mapping[str, Callable[[House], SearchIndex]] = {
    **wiring.ENGINES,
    "memory": lambda _house: MemoryIndex(wiring.shared_analyzer()),
}


def choose_engine(house: House, name: str) -> None:
    """Let this engine answer for the house, before anybody has asked it. Raises KeyError."""
    house.resources[wiring.INDEX] = ENGINES[name](house)


@contextmanager
def scratch(settings: Settings, name: str) -> Iterator[str]:
    """The address of a place where this engine may work; what it leaves there goes away again.

    On PostgreSQL a schema of its own. Raises ConfigurationError when no server is named.
    """
    if name != wiring.POSTGRES:
        yield ""
        return
    named = settings.search_url or settings.database_address
    if not named.startswith(wiring.POSTGRES):
        raise ConfigurationError("name a PostgreSQL server with EXCHANGE_SEARCH_URL")
    address, schema = sa.make_url(named), f"evaluation_{secrets.token_hex(6)}"
    server = sa.create_engine(
        address.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    try:
        with server.connect() as connection:
            connection.execute(sa.schema.CreateSchema(schema))
        path = {"options": f"-csearch_path={schema},public"}
        yield address.update_query_dict(path).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(sa.schema.DropSchema(schema, cascade=True, if_exists=True))
        server.dispose()
