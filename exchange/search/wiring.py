"""The index of this application: opened once in each process, written by one at a time.

The worker is the writer. A rebuild may run in another process while the worker lives: it fills
a generation of its own, which nobody else writes, and after the switch it leaves what changed
meanwhile to the worker as ordinary jobs. A file lock keeps a second rebuild out.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import cast

from exchange.kernel.act import House
from exchange.search.analysis import Analyzer
from exchange.search.backends.whoosh_index import WhooshIndex
from exchange.search.port import IndexBusy, IndexUnavailable, SearchIndex
from exchange.taxonomy.categories import taxonomy

INDEX = "search"
FOLDER = "index"
REBUILD_LOCK = "index.lock"


@cache
def shared_analyzer() -> Analyzer:
    """One analyzer for the process; loading its dictionary takes a tenth of a second."""
    categories = taxonomy().categories.values()
    return Analyzer(word for one in categories for word in (one.zh, *one.alternatives))


def search_index(house: House) -> SearchIndex:
    """The index of this application. Opening touches no file; asking a missing index raises."""
    index = house.resources.get(INDEX)
    if index is None:
        made = WhooshIndex(house.settings.data_dir / FOLDER, shared_analyzer())
        index = house.resources.setdefault(INDEX, made)
    return cast("SearchIndex", index)


def can_answer(house: House) -> bool:
    """Whether searches can be answered, by a look that costs little."""
    try:
        search_index(house).count()
    except IndexUnavailable:
        return False
    return True


@contextmanager
def only_rebuild(house: House) -> Iterator[None]:
    """Keep a second rebuild out. Raises IndexBusy. A killed process lets go by itself."""
    house.settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (house.settings.data_dir / REBUILD_LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexBusy from error
        yield
