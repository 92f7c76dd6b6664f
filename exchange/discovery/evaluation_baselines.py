"""Two plain rankings that an engine is held against: by words alone and by meaning alone."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

K1, B = 1.2, 0.75

Scores = NDArray[np.float64]


class WordScores:
    """BM25 over words: Robertson, Zaragoza, "The Probabilistic Relevance Framework" (2009).

    idf is ln(1 + (N - n + 0.5) / (n + 0.5)), as in Lucene, which is never negative.
    """

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._size = len(texts)
        lengths = np.array([len(words) for words in texts], np.float64)
        mean = float(lengths.mean()) if self._size else 0.0
        self._norms = K1 * (1 - B + B * lengths / (mean or 1.0))
        gathered: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, words in enumerate(texts):
            for word, count in Counter(words).items():
                gathered[word].append((number, count))
        self._postings = {word: np.array(pairs, np.int64).T for word, pairs in gathered.items()}

    def scores(self, words: Iterable[str]) -> Scores:
        """One score for each text, 0 where no word stands; a word said twice counts twice."""
        total = np.zeros(self._size)
        for word in words:
            if word in self._postings:
                numbers, counts = self._postings[word]
                frequency = counts / (counts + self._norms[numbers])
                total[numbers] += self._idf(len(numbers)) * (K1 + 1) * frequency
        return total

    def _idf(self, found: int) -> float:
        return math.log1p((self._size - found + 0.5) / (found + 0.5))


def best(
    scores: Scores,
    names: Sequence[str],
    depth: int,
    allowed: NDArray[np.bool_] | None = None,
    least: float = -np.inf,
) -> list[str]:
    """Names of the greatest scores above ``least`` among the allowed, ties by name."""
    mask = scores > least if allowed is None else allowed & (scores > least)
    ranked = sorted((-float(scores[n]), names[n]) for n in np.flatnonzero(mask).tolist())
    return [name for _, name in ranked[:depth]]
