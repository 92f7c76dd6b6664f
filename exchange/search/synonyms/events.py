"""What happened to the synonyms. The words are the site's vocabulary, nobody's data."""

from dataclasses import dataclass

from exchange.kernel.events import Event


@dataclass(frozen=True)
class SynonymsAdded(Event):
    """A group was added."""

    group: str
    words: tuple[str, ...]
    one_way: bool


@dataclass(frozen=True)
class SynonymsChanged(Event):
    """A group has other words; ``before`` are the old ones."""

    group: str
    before: tuple[str, ...]
    words: tuple[str, ...]
    one_way: bool


@dataclass(frozen=True)
class SynonymsSwitched(Event):
    """A group was switched on or off."""

    group: str
    words: tuple[str, ...]
    is_on: bool


@dataclass(frozen=True)
class SynonymsDeleted(Event):
    """A group of the site is gone; where it stood for a shipped one, that one counts again."""

    group: str
    words: tuple[str, ...]
