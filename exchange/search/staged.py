"""An engine in two stages, for large sites: an index chooses some hundred candidates, and these are
scored as exactly as a ``ScanningEngine`` would, from what the index keeps of them.

An index stands behind ``Retriever``. What it stores of a document is a ``Stored``; with that every
engine ranks alike.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from exchange.search.analysis import Analyzer, needle
from exchange.search.corpus import (
    CHARACTERS,
    FACTS,
    FILTER,
    NO_POSTINGS,
    SCORED_FIELDS,
    Postings,
    Shown,
    field_texts,
)
from exchange.search.encoder import Vectors
from exchange.search.engine import RELAX_BELOW, After, Ask, Candidates, Row, Wish
from exchange.search.port import Document, Facet, Filters, Point, Sort
from exchange.search.questions import Question
from exchange.search.ranking import Statistics, telling
from exchange.search.scanning import score_all
from exchange.search.vectors import small_cosines, small_rows

BETWEEN = "\0"  # two flat texts; in no term
PARTIAL_TERMS = 12  # of a question, by which documents with a part of it are looked for


@dataclass(frozen=True, slots=True)
class Stored:
    """What an index keeps of a document beside its terms.

    ``facts`` is one row of ``corpus.FACTS``, ``flats`` what ``Analyzer.flat`` makes of each of
    SCORED_FIELDS, ``vector`` a row of ``vectors.small_rows``, empty without a meaning. ``place`` is
    the value that ``ordered`` sorted by.
    """

    key: str
    facts: bytes
    flats: tuple[str, ...]
    shown: Shown
    side: str = ""
    vector: bytes = b""
    place: float = 0.0


class Retriever(Protocol):
    """An index that chooses. All methods obey the filters and the audience, and ``full``,
    ``partial``, ``near`` and ``ordered`` also quoted phrases and excluded words.
    """

    def statistics(self, terms: Iterable[str]) -> Statistics:
        """Counts over the documents that carry the audience token PUBLIC (may lag behind)."""
        ...

    def full(self, ask: Ask, size: int) -> tuple[list[Stored], int]:
        """At most ``size`` documents that have every required group, the best by the index's own
        score, and how many have it in all.
        """
        ...

    def partial(self, ask: Ask, terms: Sequence[str], size: int) -> list[Stored]:
        """At most ``size`` documents with any of the terms, the best by the index's own score.

        The terms come with the most telling first.
        """
        ...

    def near(self, ask: Ask, size: int) -> list[Stored]:
        """At most ``size`` documents nearest to ``ask.vector``; none without one."""
        ...

    def ordered(
        self,
        ask: Ask,
        sort: Sort,
        origin: Point | None,
        after: After | None,
        limit: int,
        without: Collection[str],
    ) -> tuple[list[Stored], int]:
        """See ``Engine.ordered``; ``distances.place_value`` defines the order."""
        ...

    def fetch(self, keys: Sequence[str], ask: Ask) -> list[Stored]:
        """Those of the keys that pass filters and audience."""
        ...

    def counts(
        self, ask: Ask, facets: Iterable[Facet], keys: Sequence[str] | None
    ) -> dict[Facet, dict[str, int]]:
        """See ``Engine.counts``."""
        ...


class ChosenCorpus:
    """Some stored documents as a ``Corpus``; postings are counted in their flat texts."""

    def __init__(self, chosen: Sequence[Stored]) -> None:
        self._chosen = chosen
        packed = b"".join(one.facts for one in chosen)
        self.facts: NDArray[np.void] = np.frombuffer(packed, dtype=FACTS)
        self.live: NDArray[np.bool_] = np.ones(len(chosen), np.bool_)
        self._flats = list(zip(*(one.flats for one in chosen), strict=True))
        self._joined = [BETWEEN.join(flats) for flats in self._flats]
        self._kept: dict[tuple[str, str], Postings] = {}

    def postings(self, field: str, term: str) -> Postings:
        """See ``Corpus.postings``; of the filter tokens only those of the side are known."""
        place = (field, term)
        if place not in self._kept:
            self._kept[place] = self._find(field, term)
        return self._kept[place]

    def _find(self, field: str, term: str) -> Postings:
        if not self._chosen:
            return NO_POSTINGS
        if field == FILTER:
            counts = [int(term == f"side:{one.side}") for one in self._chosen]
        elif field == CHARACTERS:
            wanted = needle(term)
            if not any(wanted in flats for flats in self._joined):
                return NO_POSTINGS
            counts = [int(any(wanted in flat for flat in one.flats)) for one in self._chosen]
        else:
            wanted, at = needle(term), SCORED_FIELDS.index(field)
            if wanted not in self._joined[at]:
                return NO_POSTINGS
            counts = [flat.count(wanted) for flat in self._flats[at]]
        numbers = np.flatnonzero(counts)
        if not len(numbers):
            return NO_POSTINGS
        return numbers.astype(np.int32), np.array(counts, np.float32)[numbers]

    def shown(self, number: int) -> Shown:
        """See ``Corpus.shown``."""
        return self._chosen[number].shown

    def numbers_of(self, keys: Collection[str]) -> NDArray[np.intp]:
        """See ``Corpus.numbers_of``."""
        return np.flatnonzero([one.key in keys for one in self._chosen])

    def filter_tokens(self, begin: str) -> list[str]:
        """See ``Corpus.filter_tokens``; nobody counts facets here."""
        return sorted(
            {f"side:{o.side}" for o in self._chosen if f"side:{o.side}".startswith(begin)}
        )

    def nearness(self, vector: Vectors, numbers: NDArray[np.intp]) -> NDArray[np.float64]:
        """See ``Corpus.nearness``."""
        form = small_rows(len(vector))
        nothing = bytes(form.itemsize)
        chosen = [self._chosen[number].vector for number in numbers.tolist()]
        packed = [kept if len(kept) == form.itemsize else nothing for kept in chosen]
        return small_cosines(np.frombuffer(b"".join(packed), form), vector)


class StagedEngine:
    """See ``Engine``."""

    def __init__(self, index: Retriever) -> None:
        self._index = index

    def telling(self, question: Question, limit: int) -> dict[str, float]:
        """See ``Engine.telling``."""
        chosen = telling(question, self._index.statistics(question.terms), limit)
        return {term: question.weights.get(term, 1.0) for term in chosen}

    def candidates_for(self, ask: Ask, wish: Wish, size: int) -> Candidates:
        """See ``Engine.candidates_for``."""
        question = ask.question
        statistics = self._index.statistics(question.terms)
        found: list[Stored] = []
        total = 0
        if question.groups or question.phrases:
            found, total = self._index.full(ask, size)
        if total < RELAX_BELOW:
            terms = partial_terms(question, statistics)
            found = [*found, *(self._index.partial(ask, terms, size) if terms else ())]
            found = [*found, *(self._index.near(ask, size) if ask.vector is not None else ())]
        corpus = ChosenCorpus(list({one.key: one for one in found}.values()))
        everything = np.ones(len(corpus.live), np.bool_)
        return score_all(corpus, ask, wish, size, everything, statistics, total)

    def ordered(
        self,
        ask: Ask,
        sort: Sort,
        origin: Point | None,
        after: After | None,
        limit: int,
        without: Collection[str] = (),
    ) -> tuple[list[Row], int]:
        """See ``Engine.ordered``."""
        found, total = self._index.ordered(ask, sort, origin, after, limit, without)
        return [row_of(one) for one in found], total

    def rows(self, keys: Sequence[str], ask: Ask) -> Mapping[str, Row]:
        """See ``Engine.rows``."""
        return {one.key: row_of(one) for one in self._index.fetch(keys, ask)}

    def counts(
        self, ask: Ask, facets: Iterable[Facet], keys: Sequence[str] | None
    ) -> dict[Facet, dict[str, int]]:
        """See ``Engine.counts``."""
        return self._index.counts(ask, facets, keys)


def partial_terms(question: Question, statistics: Statistics) -> list[str]:
    """The terms that tell most; then those that stand only in documents not for everybody."""
    known = telling(question, statistics, PARTIAL_TERMS)
    hidden = [term for term in question.terms if not statistics.is_known(term)]
    return [*known, *hidden][:PARTIAL_TERMS]


def row_of(stored: Stored) -> Row:
    """A stored document as a hit shows it."""
    facts = np.frombuffer(stored.facts, FACTS)[0]
    latitude, longitude = float(facts["latitude"]), float(facts["longitude"])
    point = None if np.isnan(latitude) else Point(latitude, longitude)
    return Row(stored.key, stored.shown, point, stored.place)


def flats_of(document: Document, analyzer: Analyzer) -> tuple[str, ...]:
    """The flat texts that ``Stored`` keeps of a document."""
    texts = field_texts(document)
    return tuple(analyzer.flat(texts[name]) for name in SCORED_FIELDS)


def filters_only(filters: Filters, audience: frozenset[str] | None) -> Ask:
    """A question without words."""
    return Ask(Question((), (), (), {}), filters, audience)
