"""An engine in memory, for fast tests: the same promises, nothing on disk."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from exchange.search.analysis import Analyzer
from exchange.search.answering import Answered, AnsweringIndex
from exchange.search.corpus import (
    CHARACTERS,
    FACTS,
    FILTER,
    NO_POSTINGS,
    Entry,
    Postings,
    Shown,
    cosines,
    find_keys,
    take_apart,
)
from exchange.search.encoder import Vectors
from exchange.search.engine import Engine
from exchange.search.port import Document, Health
from exchange.search.scanning import ScanningEngine


class MemoryCorpus:
    """A corpus of entries, made anew after every write."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = list(entries)
        packed = b"".join(entry.facts for entry in self._entries)
        self.facts: NDArray[np.void] = np.frombuffer(packed, dtype=FACTS)
        self.live: NDArray[np.bool_] = np.ones(len(self._entries), np.bool_)
        self._postings: dict[tuple[str, str], Postings] = {}
        gathered: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for number, entry in enumerate(self._entries):
            for place, count in _terms(entry).items():
                gathered.setdefault(place, []).append((number, count))
        for place, pairs in gathered.items():
            numbers, counts = zip(*pairs, strict=True)
            self._postings[place] = (np.array(numbers, np.int32), np.array(counts, np.float32))

    def postings(self, field: str, term: str) -> Postings:
        """See ``Corpus.postings``."""
        return self._postings.get((field, term), NO_POSTINGS)

    def shown(self, number: int) -> Shown:
        """See ``Corpus.shown``."""
        return self._entries[number].shown

    def numbers_of(self, keys: Collection[str]) -> NDArray[np.intp]:
        """See ``Corpus.numbers_of``."""
        order = np.argsort(self.facts["key"])
        return find_keys(self.facts["key"], order, self.live, keys)

    def filter_tokens(self, begin: str) -> list[str]:
        """See ``Corpus.filter_tokens``."""
        return [t for name, t in self._postings if name == FILTER and t.startswith(begin)]

    def nearness(self, vector: Vectors, numbers: NDArray[np.intp]) -> NDArray[np.float64]:
        """See ``Corpus.nearness``."""
        rows = np.zeros((len(numbers), len(vector)), np.float32)
        for row, number in zip(rows, numbers, strict=True):
            if packed := self._entries[int(number)].vector:
                row[:] = np.frombuffer(packed, "<f4")
        return cosines(rows, vector)


def _terms(entry: Entry) -> Counter[tuple[str, str]]:
    counts = Counter((name, term) for name, terms in entry.fields.items() for term in terms)
    counts.update((CHARACTERS, term) for term in entry.characters)
    counts.update((FILTER, token) for token in entry.filters)
    return counts


class MemoryIndex(AnsweringIndex):
    """See ``SearchIndex``."""

    def __init__(self, analyzer: Analyzer) -> None:
        super().__init__(analyzer)
        self._entries: dict[str, Entry] = {}
        self._corpus = MemoryCorpus(())
        self._generation = 1

    def index(self, documents: Iterable[Document]) -> int:
        """See ``SearchIndex.index``."""
        fresh = {document.key: take_apart(document, self._analyzer) for document in documents}
        self._replace({**self._entries, **fresh})
        return len(fresh)

    def delete(self, keys: Iterable[str]) -> None:
        """See ``SearchIndex.delete``."""
        gone = set(keys)
        self._replace({k: entry for k, entry in self._entries.items() if k not in gone})

    def start_generation(self) -> "MemoryGeneration":
        """See ``SearchIndex.start_generation``."""
        return MemoryGeneration(self, self._analyzer)

    def adopt(self, entries: dict[str, Entry]) -> None:
        """Take over a finished generation."""
        self._replace(entries)
        self._generation += 1

    def count(self) -> int:
        """See ``SearchIndex.count``."""
        return len(self._entries)

    def high_water(self) -> int:
        """See ``SearchIndex.high_water``."""
        return int(self._corpus.facts["version"].max(initial=0))

    def check(self, *, whole: bool = True) -> Health:  # noqa: ARG002 - there is one way to look
        """See ``SearchIndex.check``."""
        return Health(self.count(), str(self._generation), 1, self.high_water())

    def close(self) -> None:
        """Nothing to let go of."""

    def _ask(self, answer: Callable[[Engine], Answered]) -> Answered:
        return answer(ScanningEngine(self._corpus))

    def _replace(self, entries: dict[str, Entry]) -> None:
        self._entries, self._corpus = entries, MemoryCorpus(entries.values())


class MemoryGeneration:
    """See ``Generation``."""

    def __init__(self, index: MemoryIndex, analyzer: Analyzer) -> None:
        self._index = index
        self._analyzer = analyzer
        self._entries: dict[str, Entry] = {}

    def index(self, documents: Iterable[Document]) -> int:
        """See ``Generation.index``."""
        fresh = {document.key: take_apart(document, self._analyzer) for document in documents}
        self._entries |= fresh
        return len(fresh)

    def switch(self) -> None:
        """See ``Generation.switch``."""
        self._index.adopt(self._entries)

    def abandon(self) -> None:
        """See ``Generation.abandon``."""
        self._entries = {}
