"""All groups of the site at one moment, to find the one that says the same or has the same name."""

from collections.abc import Callable, Iterable

from exchange.search.synonyms.groups import WordGroup
from exchange.search.synonyms.queries import Entry, Origin
from exchange.search.synonyms.rules import key_of, meaning

Meaning = tuple[str, frozenset[str]]


class Catalogue:
    """Entries by what they say and by their first word; kept up to date with ``put``."""

    def __init__(self, entries: Iterable[Entry], normalize: Callable[[str], str]) -> None:
        self._normalize = normalize
        self._entries: dict[str, Entry] = {}
        self._by_meaning: dict[Meaning, str] = {}
        self._by_key: dict[str, str] = {}
        for one in entries:
            self.put(one)

    @property
    def own(self) -> int:
        """How many groups are the site's own."""
        return sum(one.origin is Origin.OWN for one in self._entries.values())

    def put(self, entry: Entry) -> None:
        """Add the entry, in place of an earlier edition of it."""
        earlier = self._entries.get(entry.reference)
        if earlier is not None:
            self._by_meaning.pop(meaning(earlier.group, self._normalize), None)
            self._by_key.pop(key_of(earlier.group, self._normalize), None)
        self._entries[entry.reference] = entry
        self._by_meaning.setdefault(meaning(entry.group, self._normalize), entry.reference)
        self._by_key.setdefault(key_of(entry.group, self._normalize), entry.reference)
        if entry.key:
            self._by_key[entry.key] = entry.reference

    def saying(self, group: WordGroup) -> Entry | None:
        """The entry that says exactly the same, in whatever order."""
        return self._entries.get(self._by_meaning.get(meaning(group, self._normalize), ""))

    def named(self, group: WordGroup) -> Entry | None:
        """The entry with the same first word and direction."""
        return self._entries.get(self._by_key.get(key_of(group, self._normalize), ""))
