"""BM25F over a corpus: Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple weighted
fields" (CIKM 2004), with the idf of Lucene, which is never negative.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exchange.search.corpus import CHARACTERS, SCORED_FIELDS, Corpus
from exchange.search.questions import Question

K1 = 1.2
FIELD_WEIGHTS = {"title": 2.5, "names": 2.0, "places": 1.5, "categories": 1.0, "text": 1.0}
FIELD_NORMS = {"title": 0.5, "names": 0.0, "places": 0.0, "categories": 0.0, "text": 0.75}
CHARACTER_WEIGHT = 1.0
OTHER_WORDING = 0.7  # of what the asker's own words would give
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts over the documents that everybody may see, so that no score tells of the others."""

    documents: int
    lengths: tuple[float, ...]
    frequencies: Mapping[str, int]

    def idf(self, term: str) -> float:
        """How much the term tells; above 0."""
        found = min(max(self.frequencies.get(term, 0), 1), self.documents)
        return math.log1p((self.documents - found + 0.5) / (found + 0.5))

    def is_known(self, term: str) -> bool:
        """Whether any of the documents has it."""
        return bool(self.frequencies.get(term))


@dataclass(frozen=True, slots=True)
class Ranking:
    """For each document its score, and the share (0 to 1) of the question's weight it holds."""

    scores: NDArray[np.float64]
    coverage: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Earned:
    """What some terms give to each document; ``total`` is the weight of the known ones."""

    score: NDArray[np.float64]
    covered: NDArray[np.float64]
    total: float


def fields_of(term: str) -> Sequence[str]:
    """Where a term may stand."""
    return (CHARACTERS,) if term.startswith("'") else SCORED_FIELDS


def holders(corpus: Corpus, term: str) -> NDArray[np.bool_]:
    """Which documents have the term in any field."""
    mask = np.zeros(len(corpus.live), np.bool_)
    for name in fields_of(term):
        mask[corpus.postings(name, term)[0]] = True
    return mask


def measure(corpus: Corpus, terms: Iterable[str], everybody: NDArray[np.bool_]) -> Statistics:
    """Count documents, mean lengths and document frequencies among those for everybody."""
    count = int(everybody.sum())
    facts = corpus.facts
    lengths = tuple(
        round(float(facts[name][everybody].mean()), 3) if count else 1.0 for name in SCORED_FIELDS
    )
    frequencies = {term: int((holders(corpus, term) & everybody).sum()) for term in terms}
    return Statistics(count, lengths, frequencies)


def rank(corpus: Corpus, question: Question, statistics: Statistics) -> Ranking:
    """Score every document for the question. Where a part of it may be said in several ways, a
    document earns from the one that gives it most; another wording than the asker's gives less.
    """
    spoken = {term for span in question.spans for term in span.terms}
    rest = {term: weight for term, weight in question.weights.items() if term not in spoken}
    earned = _earn(corpus, rest, statistics)
    scores, covered, total = earned.score, earned.covered, earned.total
    for span in question.spans:
        own = {term: question.weights[term] for term in span.terms if term in question.weights}
        best = _best_wording(
            _earn(corpus, own, statistics),
            [_earn(corpus, other, statistics) for other in span.others],
        )
        scores, covered, total = scores + best.score, covered + best.covered, total + best.total
    coverage: NDArray[np.float64] = np.minimum(covered / total if total else covered, 1.0)
    return Ranking(np.round(scores, DECIMALS), np.round(coverage, DECIMALS))


def _earn(corpus: Corpus, weights: Mapping[str, float], statistics: Statistics) -> _Earned:
    size = len(corpus.live)
    scores, covered, total = np.zeros(size), np.zeros(size), 0.0
    for term, weight in weights.items():
        worth = weight * statistics.idf(term)
        if statistics.is_known(term):
            total += worth
        frequency = _weighted_frequency(corpus, term, statistics)
        scores += worth * frequency * (K1 + 1) / (K1 + frequency)
        covered[frequency > 0] += worth
    return _Earned(scores, covered, total)


def _best_wording(own: _Earned, others: Sequence[_Earned]) -> _Earned:
    total = max([own.total, *(OTHER_WORDING * other.total for other in others)])
    score = own.score
    share = own.covered / own.total if own.total else np.minimum(own.covered, 1.0)
    for other in others:
        score = np.maximum(score, OTHER_WORDING * other.score)
        if other.total:
            share = np.maximum(share, OTHER_WORDING * other.covered / other.total)
    return _Earned(score, share * total, total)


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


def telling(question: Question, statistics: Statistics, limit: int) -> list[str]:
    """The question's terms that tell most and stand in some document, at most ``limit``."""
    weights = dict(question.weights)
    for span in question.spans:
        for other in span.others:
            for term, weight in other.items():
                weights.setdefault(term, OTHER_WORDING * weight)
    worth = {
        term: weight * statistics.idf(term)
        for term, weight in weights.items()
        if statistics.is_known(term)
    }
    return sorted(worth, key=lambda term: (-worth[term], term))[:limit]


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
