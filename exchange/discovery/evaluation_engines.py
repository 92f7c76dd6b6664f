"""The engines that an evaluation can be run on, by name; a new engine is added here."""

from collections.abc import Callable, Mapping
from pathlib import Path

from exchange.kernel.act import House
from exchange.search.backends.memory import MemoryIndex
from exchange.search.backends.whoosh_index import WhooshIndex
from exchange.search.port import SearchIndex
from exchange.search.wiring import FOLDER, INDEX, shared_analyzer

DEFAULT_ENGINE = "whoosh"
ENGINES: Mapping[str, Callable[[Path], SearchIndex]] = {
    "whoosh": lambda folder: WhooshIndex(folder, shared_analyzer()),
    "memory": lambda _folder: MemoryIndex(shared_analyzer()),
}


def choose_engine(house: House, name: str) -> SearchIndex:
    """Let this engine answer for the house, before anybody has asked it. Raises KeyError."""
    made = ENGINES[name](house.settings.data_dir / FOLDER)
    house.resources[INDEX] = made
    return made
