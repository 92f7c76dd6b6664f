"""The index of this application: opened once in each process, written by one at a time.

The worker is the writer. A rebuild may run in another process while the worker lives: it fills
a generation of its own, which nobody else writes, and after the switch it leaves what changed
meanwhile to the worker as ordinary jobs. A file lock keeps a second rebuild out.
"""

import fcntl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import cast
from urllib.parse import urlsplit

from exchange.kernel.act import House
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.settings import Settings
from exchange.search.analysis import Analyzer
from exchange.search.backends.postgres_index import PostgresIndex
from exchange.search.backends.whoosh_index import WhooshIndex
from exchange.search.encoder import space_of
from exchange.search.meaning import encoder_of
from exchange.search.port import IndexBusy, IndexUnavailable, SearchIndex
from exchange.search.understanding.vocabulary import trade_words

try:
    from exchange.search.backends.tantivy_index import TantivyIndex
except ImportError as error:
    if (error.name or "").partition(".")[0] != "tantivy":
        raise
    TANTIVY_IS_INSTALLED = False
else:
    TANTIVY_IS_INSTALLED = True

INDEX = "search"
FOLDER = "index"  # of either embedded engine; one replaces the other by a rebuild
POSTGRES = "postgresql"
REBUILD_LOCK = "index.lock"


@cache
def shared_analyzer() -> Analyzer:
    """One analyzer for the process; loading its dictionary takes a tenth of a second."""
    return Analyzer(trade_words())


def search_index(house: House) -> SearchIndex:
    """The index of this application. Opening touches no file; asking a missing index raises."""
    index = house.resources.get(INDEX)
    if index is None:
        index = house.resources.setdefault(INDEX, open_index(house, engine_name(house.settings)))
    return cast("SearchIndex", index)


def engine_name(settings: Settings) -> str:
    """The engine that the settings name, else the one that goes with the database."""
    named = urlsplit(settings.search_url).scheme
    is_postgres = settings.database_address.startswith(POSTGRES)
    return named.partition("+")[0] or (POSTGRES if is_postgres else "whoosh")


def open_index(house: House, name: str) -> SearchIndex:
    """An engine by its name. Raises ConfigurationError for one that is not to be had."""
    make = ENGINES.get(name)
    if make is None:
        raise ConfigurationError(f"EXCHANGE_SEARCH_URL names no search engine: {name}")
    return make(house)


def _whoosh(house: House) -> SearchIndex:
    folder = house.settings.data_dir / FOLDER
    return WhooshIndex(folder, shared_analyzer(), space_of(encoder_of(house)))


def _tantivy(house: House) -> SearchIndex:
    if not TANTIVY_IS_INSTALLED:
        raise ConfigurationError(
            "EXCHANGE_SEARCH_URL=tantivy: needs the package tantivy, "
            'which the optional extra "fast" installs'
        )
    folder = house.settings.data_dir / FOLDER
    return TantivyIndex(folder, shared_analyzer(), space_of(encoder_of(house)))


def _postgres(house: House) -> SearchIndex:
    address = house.settings.search_url or house.settings.database_address
    return PostgresIndex(address, shared_analyzer(), space_of(encoder_of(house)))


ENGINES: Mapping[str, Callable[[House], SearchIndex]] = {
    "whoosh": _whoosh,
    "tantivy": _tantivy,
    POSTGRES: _postgres,
}


def can_answer(house: House) -> bool:
    """Whether searches can be answered, by a look that costs little."""
    try:
        search_index(house).count()
    except (IndexUnavailable, ConfigurationError):
        return False
    return True


@contextmanager
def only_rebuild(house: House) -> Iterator[None]:
    """Keep a second rebuild out. Raises IndexBusy, and IndexUnavailable where nothing can be
    written. A killed process lets go by itself.
    """
    try:
        house.settings.data_dir.mkdir(parents=True, exist_ok=True)
        opened = (house.settings.data_dir / REBUILD_LOCK).open("a")
    except OSError as error:
        raise IndexUnavailable(reason="not_writable") from error
    with opened as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexBusy from error
        yield
