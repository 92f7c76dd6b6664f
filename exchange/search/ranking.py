"""BM25F over a corpus: Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple weighted
fields" (CIKM 2004), with the idf of Lucene, which is never negative.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exchange.search.analysis import Question
from exchange.search.corpus import CHARACTERS, SCORED_FIELDS, Corpus

K1 = 1.2
FIELD_WEIGHTS = {"title": 2.5, "names": 2.0, "places": 1.5, "categories": 1.0, "text": 1.0}
FIELD_NORMS = {"title": 0.5, "names": 0.0, "places": 0.0, "categories": 0.0, "text": 0.75}
CHARACTER_WEIGHT = 1.0
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts over what the asker may see, taken once for a question and kept while paging."""

    documents: int
    lengths: tuple[float, ...]
    frequencies: tuple[int, ...]

    def idf(self, at: int) -> float:
        """How much the term at this place of the question tells; above 0."""
        found = min(self.frequencies[at], self.documents)
        return math.log1p((self.documents - found + 0.5) / (found + 0.5))


@dataclass(frozen=True, slots=True)
class Ranking:
    """For each document its score, and the share (0 to 1) of the question's weight it holds."""

    scores: NDArray[np.float64]
    coverage: NDArray[np.float64]


def fields_of(term: str) -> Sequence[str]:
    """Where a term may stand."""
    return (CHARACTERS,) if term.startswith("'") else SCORED_FIELDS


def holders(corpus: Corpus, term: str) -> NDArray[np.bool_]:
    """Which documents have the term in any field."""
    mask = np.zeros(len(corpus.live), np.bool_)
    for name in fields_of(term):
        mask[corpus.postings(name, term)[0]] = True
    return mask


def measure(corpus: Corpus, question: Question, visible: NDArray[np.bool_]) -> Statistics:
    """Count documents, mean lengths and document frequencies among the visible."""
    count = int(visible.sum())
    facts = corpus.facts
    lengths = tuple(
        round(float(facts[name][visible].mean()), 3) if count else 1.0 for name in SCORED_FIELDS
    )
    frequencies = tuple(int((holders(corpus, t) & visible).sum()) for t in question.weights)
    return Statistics(count, lengths, frequencies)


def rank(corpus: Corpus, question: Question, statistics: Statistics) -> Ranking:
    """Score every document for the question."""
    size = len(corpus.live)
    scores, covered, total = np.zeros(size), np.zeros(size), 0.0
    for at, (term, weight) in enumerate(question.weights.items()):
        if not statistics.frequencies[at]:
            continue
        worth = weight * statistics.idf(at)
        total += worth
        frequency = _weighted_frequency(corpus, term, statistics)
        scores += worth * frequency * (K1 + 1) / (K1 + frequency)
        covered[frequency > 0] += worth
    coverage = covered / total if total else covered
    return Ranking(np.round(scores, DECIMALS), np.round(coverage, DECIMALS))


def _weighted_frequency(corpus: Corpus, term: str, statistics: Statistics) -> NDArray[np.float64]:
    frequency = np.zeros(len(corpus.live))
    for name in fields_of(term):
        numbers, counts = corpus.postings(name, term)
        if not len(numbers):
            continue
        if name == CHARACTERS:
            frequency[numbers] += CHARACTER_WEIGHT
            continue
        norm = FIELD_NORMS[name]
        mean = statistics.lengths[SCORED_FIELDS.index(name)] or 1.0
        lengths = corpus.facts[name][numbers]
        frequency[numbers] += FIELD_WEIGHTS[name] * counts / (1 - norm + norm * lengths / mean)
    return frequency


def telling(question: Question, statistics: Statistics, limit: int) -> list[int]:
    """Places of the question's terms that tell most, at most ``limit``."""
    worth = {
        at: weight * statistics.idf(at)
        for at, weight in enumerate(question.weights.values())
        if statistics.frequencies[at]
    }
    return sorted(sorted(worth, key=lambda at: (-worth[at], at))[:limit])


def satisfied(corpus: Corpus, question: Question) -> NDArray[np.bool_]:
    """Documents that have every required thing."""
    mask = bound(corpus, question)
    for group in question.groups:
        if group.required:
            either = [has_all(corpus, terms) for terms in group.alternatives]
            mask = mask & np.logical_or.reduce(either)
    return mask


def bound(corpus: Corpus, question: Question) -> NDArray[np.bool_]:
    """Documents that have every quoted phrase and nothing that is excluded."""
    mask = np.ones(len(corpus.live), np.bool_)
    for terms in question.phrases:
        mask = mask & has_all(corpus, terms)
    for terms in question.excluded:
        mask = mask & ~has_all(corpus, terms)
    return mask


def has_all(corpus: Corpus, terms: Sequence[str]) -> NDArray[np.bool_]:
    """Documents that have all the terms."""
    mask = np.ones(len(corpus.live), np.bool_)
    for term in terms:
        mask = mask & holders(corpus, term)
    return mask
