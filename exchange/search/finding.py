"""Answering a query over a corpus: who may see, what passes, what matches, in which order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exchange.search.analysis import Analyzer, Question
from exchange.search.corpus import Corpus, allowed_mask, visible_mask
from exchange.search.cursors import Place, read_cursor, write_cursor
from exchange.search.highlight import Highlighter
from exchange.search.port import Answer, Candidate, Filters, Hit, Point, Query, Sort
from exchange.search.ranking import (
    Ranking,
    Statistics,
    bound,
    measure,
    rank,
    satisfied,
    telling,
)

RELAX_BELOW = 10  # full matches, when sorting by relevance
GOOD_SHARE = 0.15  # of the question's weight that a relaxed hit must hold
CANDIDATE_TERMS = 48
MAX_CANDIDATE_TEXT = 4_000
EARTH_RADIUS_KM = 6_371.0088
NO_DISTANCE = 1e9


@dataclass(frozen=True, slots=True)
class _Matches:
    """What matched: a mask, which of it fully, and the values to sort by, greatest first."""

    mask: NDArray[np.bool_]
    full: NDArray[np.bool_]
    values: NDArray[np.float64]
    relaxed: bool
    statistics: Statistics
    scores: NDArray[np.float64]


def find(corpus: Corpus, query: Query, analyzer: Analyzer) -> Answer:
    """One page of the answer; see ``SearchIndex.search`` for the promises."""
    question = analyzer.question(query.text)
    place = read_cursor(query, len(question.weights))
    matches = _match(corpus, query, question, place)
    order, more = _page(corpus, matches, place, max(0, query.limit))
    distances = _distances(corpus, query.origin)
    highlighter = Highlighter(analyzer, question)
    hits = tuple(_hit(corpus, matches, distances, highlighter, int(n)) for n in order)
    cursor = None
    if more and len(order):
        last = int(order[-1])
        place = Place(
            matches.relaxed,
            bool(matches.full[last]),
            float(matches.values[last]),
            _key(corpus, last),
            matches.statistics,
        )
        cursor = write_cursor(query, place)
    return Answer(hits, int(matches.mask.sum()), cursor, matches.relaxed)


def find_candidates(
    corpus: Corpus,
    text: str,
    filters: Filters,
    limit: int,
    audience: frozenset[str] | None,
    analyzer: Analyzer,
    *,
    without: str | None = None,
) -> list[Candidate]:
    """Documents that share telling words with a long text, best first, ties by key."""
    question = analyzer.question(text, limit=MAX_CANDIDATE_TEXT)
    visible = visible_mask(corpus, audience)
    statistics = measure(corpus, question, visible)
    short, statistics = _shorten(question, statistics)
    ranking = rank(corpus, short, statistics)
    mask = allowed_mask(corpus, visible, filters) & (ranking.scores > 0)
    if without is not None:
        mask = mask & (corpus.facts["key"] != without.encode())
    everything = np.zeros_like(mask)
    matches = _Matches(mask, everything, ranking.scores, False, statistics, ranking.scores)
    order, _ = _page(corpus, matches, None, limit)
    return [Candidate(_key(corpus, int(n)), float(ranking.scores[n])) for n in order]


def find_like(
    corpus: Corpus,
    key: str,
    filters: Filters,
    limit: int,
    audience: frozenset[str] | None,
    analyzer: Analyzer,
) -> list[Candidate]:
    """Documents like the stored one; empty where the audience may not see that one."""
    own = np.flatnonzero((corpus.facts["key"] == key.encode()) & visible_mask(corpus, audience))
    if not len(own):
        return []
    shown = corpus.shown(int(own[0]))
    text = f"{shown.title}\n{shown.text}"
    return find_candidates(corpus, text, filters, limit, audience, analyzer, without=key)


def _shorten(question: Question, statistics: Statistics) -> tuple[Question, Statistics]:
    kept = telling(question, statistics, CANDIDATE_TERMS)
    terms = list(question.weights.items())
    counts = tuple(statistics.frequencies[at] for at in kept)
    return (
        Question((), (), (), {terms[at][0]: terms[at][1] for at in kept}),
        Statistics(statistics.documents, statistics.lengths, counts),
    )


def _match(corpus: Corpus, query: Query, question: Question, place: Place | None) -> _Matches:
    visible = visible_mask(corpus, query.audience)
    allowed = allowed_mask(corpus, visible, query.filters)
    statistics = place.statistics if place else measure(corpus, question, visible)
    ranking = rank(corpus, question, statistics)
    full = allowed & satisfied(corpus, question)
    relaxed = _is_relaxed(query, question, full, place)
    mask = full
    if relaxed:
        share = ranking.coverage >= GOOD_SHARE
        mask = full | (allowed & bound(corpus, question) & share)
        relaxed = place is not None or bool(mask.sum() > full.sum())
    first = full if query.sort is Sort.RELEVANCE else np.zeros_like(full)
    values = _values(corpus, query, question, ranking)
    return _Matches(mask, first, values, relaxed, statistics, ranking.scores)


def _is_relaxed(
    query: Query, question: Question, full: NDArray[np.bool_], place: Place | None
) -> bool:
    if place is not None:
        return place.relaxed
    if not question.weights:
        return False
    enough = RELAX_BELOW if query.sort is Sort.RELEVANCE else 1
    return int(full.sum()) < enough


def _values(
    corpus: Corpus, query: Query, question: Question, ranking: Ranking
) -> NDArray[np.float64]:
    if query.sort is Sort.NEAREST and query.origin:
        distances = _distances(corpus, query.origin)
        nearest: NDArray[np.float64] = np.multiply(
            np.round(np.nan_to_num(distances, nan=NO_DISTANCE), 3), -1.0
        )
        return nearest
    if query.sort is Sort.RELEVANCE and question.weights:
        return np.round(ranking.scores * (0.5 + 0.5 * ranking.coverage), 6)
    newest: NDArray[np.float64] = corpus.facts["published"].astype(np.float64)
    return newest


def _page(
    corpus: Corpus, matches: _Matches, place: Place | None, limit: int
) -> tuple[NDArray[np.intp], bool]:
    """Numbers of one page in order, and whether there are more."""
    numbers = np.flatnonzero(matches.mask)
    partial = ~matches.full[numbers]
    falling = np.multiply(matches.values[numbers], -1.0)
    keys = corpus.facts["key"][numbers]
    if place is not None:
        behind = (falling == -place.value) & (keys > place.key.encode())
        behind = (partial == (not place.full)) & (behind | (falling > -place.value))
        behind = behind | (partial & place.full)
        numbers, partial = numbers[behind], partial[behind]
        falling, keys = falling[behind], keys[behind]
    order = np.lexsort((keys, falling, partial))  # the last is the first to decide
    return numbers[order[:limit]], len(order) > limit


def _distances(corpus: Corpus, origin: Point | None) -> NDArray[np.float64]:
    """Great-circle kilometres (haversine) from the origin; NaN where there is no place."""
    if origin is None:
        return np.full(len(corpus.live), np.nan)
    latitude = np.radians(corpus.facts["latitude"].astype(np.float64))
    longitude = np.radians(corpus.facts["longitude"].astype(np.float64))
    here, there = np.radians(origin.latitude), np.radians(origin.longitude)
    half = (
        np.sin((latitude - here) / 2) ** 2
        + np.cos(latitude) * np.cos(here) * np.sin((longitude - there) / 2) ** 2
    )
    kilometres: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))
    return kilometres


def _hit(
    corpus: Corpus,
    matches: _Matches,
    distances: NDArray[np.float64],
    highlighter: Highlighter,
    number: int,
) -> Hit:
    shown = corpus.shown(number)
    distance = float(distances[number])
    return Hit(
        _key(corpus, number),
        float(matches.scores[number]),
        highlighter.whole(shown.title),
        highlighter.snippet(shown.text),
        None if np.isnan(distance) else round(distance, 1),
    )


def _key(corpus: Corpus, number: int) -> str:
    key: bytes = corpus.facts["key"][number]
    return key.decode()
