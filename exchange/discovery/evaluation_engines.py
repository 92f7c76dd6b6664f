"""The engines that an evaluation can be run on: those of the site, and the one of quick tests."""

from collections.abc import Callable, Mapping

from exchange.kernel.act import House
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
