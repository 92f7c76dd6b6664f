"""What an engine must be able to do, so that ``finding`` can answer questions with it.

Engines differ in how they choose candidates and how they count; how candidates are scored, put in
order, paged and shown is the same for all of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from exchange.search.corpus import Shown
from exchange.search.encoder import Vectors
from exchange.search.port import Facet, Filters, Point, Sort
from exchange.search.questions import Question

RELAX_BELOW = 20  # full matches, below which others are shown behind them


@dataclass(frozen=True)
class Ask:
    """A question in the engine's terms. ``vector`` is its meaning, None for words only."""

    question: Question
    filters: Filters
    audience: frozenset[str] | None
    vector: Vectors | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Columns of equal length, one row for each candidate document.

    ``words`` is the score of the words (at least 0), ``coverage`` the share of the question's
    weight that the document holds, ``is_full`` whether it has all that is required, ``nearness``
    the cosine of the meanings (NaN where one is missing). ``published`` and ``ends`` are as in
    ``corpus.FACTS``. ``full_total`` counts all full matches, also those not among the rows.
    """

    keys: Sequence[str]
    words: NDArray[np.float64]
    coverage: NDArray[np.float64]
    is_full: NDArray[np.bool_]
    nearness: NDArray[np.float64]
    is_preferred: NDArray[np.bool_]
    published: NDArray[np.int64]
    ends: NDArray[np.int32]
    distance: NDArray[np.float64]
    full_total: int


@dataclass(frozen=True, slots=True)
class Row:
    """A document as a hit shows it. ``place`` is the value that ``ordered`` sorted by."""

    key: str
    shown: Shown
    point: Point | None
    place: float = 0.0


@dataclass(frozen=True, slots=True)
class After:
    """Where a page begins: behind this value (descending) and key (ascending)."""

    value: float
    key: str


@dataclass(frozen=True, slots=True)
class Wish:
    """Beyond the question itself: a side that is preferred, a place to measure from."""

    side: str = ""
    origin: Point | None = None


class Engine(Protocol):
    """Restrictions (filters, audience, phrases, excluded words) hold for every method."""

    def candidates_for(self, ask: Ask, wish: Wish, size: int) -> Candidates:
        """The best by words among full matches and, where these are fewer than RELAX_BELOW, among
        partial ones, and the nearest by meaning: at most ``size`` of each, ties by key.
        """
        ...

    def ordered(
        self,
        ask: Ask,
        sort: Sort,
        origin: Point | None,
        after: After | None,
        limit: int,
        without: Collection[str] = (),
    ) -> tuple[list[Row], int]:
        """Full matches by ``sort`` (NEWEST or NEAREST; the placeless come last), and how many
        there are in all. At most ``limit`` rows; asked for one more than a page to know of more.
        """
        ...

    def rows(self, keys: Sequence[str], ask: Ask) -> Mapping[str, Row]:
        """Those of the keys that pass filters and audience; the question's words do not matter."""
        ...

    def counts(
        self, ask: Ask, facets: Iterable[Facet], keys: Sequence[str] | None
    ) -> dict[Facet, dict[str, int]]:
        """How many full matches (or of ``keys``, where given) have each value of each facet.

        A facet's own filter does not count against it, except that DIVISION counts the parts of
        the filter's division.
        """
        ...

    def telling(self, question: Question, limit: int) -> dict[str, float]:
        """The question's terms that tell most and are known, with their weights."""
        ...
