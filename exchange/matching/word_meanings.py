"""What single words mean: how much of what one text says another says in the same or other words.

Each word of one side is compared with the one that is nearest to it on the other side (as in
BERTScore, Zhang et al. 2020, but with vectors of words out of context, and rare words counting
more), so that 粉碎机 meets 破碎机 and a short post meets a long one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import cast

import numpy as np
from numpy.typing import NDArray

from exchange.kernel.act import House
from exchange.search.encoder import Encoder
from exchange.search.meaning import encoder_of
from exchange.search.vectors import MOST

STORE = "matching.words"
FULL = 60_000  # words of one store, half a kilobyte each
FIRST, GROWTH = 1_024, 1.5
AT_HAND = 300  # texts whose vectors are kept as they are compared, some 0.1 MB each
Rows = NDArray[np.int32]
Numbers = NDArray[np.float32]


class WordStore:
    """Vectors of words as one byte a number, made when a word is met first. Safe for threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._row: dict[str, int] = {}
        self._numbers = np.zeros((FIRST, encoder.dimensions), np.int8)
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._row)

    def rows(self, words: Sequence[str]) -> Rows:
        """The rows of these words; new ones are encoded at once."""
        with self._lock:
            fresh = [word for word in dict.fromkeys(words) if word not in self._row]
            if fresh:
                self._add(fresh, self._encoder.encode(fresh))
            return np.fromiter((self._row[word] for word in words), np.int32, len(words))

    def vectors(self, rows: Rows) -> Numbers:
        """The vectors of rows, each of length one (to one byte a number)."""
        found = self._numbers[rows].astype(np.float32)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return cast("Numbers", found / np.maximum(lengths, np.float32(1)))

    def _add(self, words: Sequence[str], vectors: Numbers) -> None:
        size = len(self._row)
        if size + len(words) > len(self._numbers):
            # Whoever reads the former array finds all rows that they know of.
            grown = np.zeros((int(GROWTH * (size + len(words))), vectors.shape[1]), np.int8)
            grown[:size] = self._numbers[:size]
            self._numbers = grown
        greatest = np.abs(vectors).max(axis=1, keepdims=True)
        small = np.rint(vectors * (MOST / np.maximum(greatest, np.float32(1e-9))))
        self._numbers[size : size + len(words)] = small.astype(np.int8)
        self._row.update((word, size + at) for at, word in enumerate(words))


@dataclass(frozen=True, eq=False)
class WordMeanings:
    """The words of a text as rows of a store, and each one's share of what they tell."""

    rows: Rows
    shares: Numbers
    store: WordStore

    def said_by(self, other: "WordMeanings") -> float | None:
        """The share of these words, by weight, that the other says: each word counts the square
        of the cosine with the nearest of the other's words. None where either has no words.
        """
        if not len(self.rows) or not len(other.rows):
            return None
        near = np.maximum.reduce(_vectors(self) @ _vectors(other).T, axis=1)
        best = np.minimum(np.maximum(near, 0), 1)
        return float((best * best) @ self.shares)


def word_store(house: House) -> WordStore:
    """The store of this process; a full one is left to whoever still holds it, for a new one."""
    kept = house.resources.get(STORE)
    if kept is None or len(kept) > FULL:
        kept = house.resources[STORE] = WordStore(encoder_of(house))
    return cast("WordStore", kept)


def meanings_of(telling: Mapping[str, float], store: WordStore) -> WordMeanings:
    """Words with how much each tells, by their rows in the store."""
    weights = np.fromiter(telling.values(), np.float32, len(telling))
    return WordMeanings(store.rows(list(telling)), weights / weights.sum(), store)


@lru_cache(maxsize=AT_HAND)
def _vectors(some: WordMeanings) -> Numbers:
    """Those that were compared just now are mostly compared again."""
    return some.store.vectors(some.rows)
