"""Answering a query with any engine: what is shown, in which order, where the next page begins."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from exchange.search.analysis import Analyzer
from exchange.search.cursors import Place, read_cursor, write_cursor
from exchange.search.distances import NO_DISTANCE, between
from exchange.search.engine import RELAX_BELOW, After, Ask, Candidates, Engine, Row, Wish
from exchange.search.fusion import fuse, is_good
from exchange.search.highlight import Highlighter
from exchange.search.port import Answer, Candidate, Facet, Filters, Hit, Query, Sort
from exchange.search.questions import Question

CHOSEN = 100  # hits that are chosen and put in order at once
CANDIDATE_TERMS = 48
MAX_CANDIDATE_TEXT = 4_000
ALSO_WEIGHT = 0.5  # of words that are not asked for
NOTHING = Question((), (), (), {})


@dataclass(frozen=True, slots=True)
class _Page:
    """Rows to show with their scores, and where the next page begins."""

    rows: tuple[Row, ...]
    scores: tuple[float, ...]
    rest: Place | None
    place: Place


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query, as it is asked of an engine."""

    query: Query
    ask: Ask
    engine: Engine

    @property
    def size(self) -> int:
        """Hits on a page."""
        return max(0, self.query.limit)

    @property
    def sort(self) -> Sort:
        """The plain order."""
        nearest = self.query.sort is Sort.NEAREST and self.query.origin is not None
        return Sort.NEAREST if nearest else Sort.NEWEST


def find(engine: Engine, query: Query, analyzer: Analyzer) -> Answer:
    """One page of the answer; see ``SearchIndex.search`` for the promises."""
    question = _question(query, analyzer)
    has_words = bool(question.weights or question.phrases)
    vector = query.vector if has_words else None
    asked = _Asked(query, Ask(question, query.filters, query.audience, vector), engine)
    place = read_cursor(query)
    if place is not None:
        page = _go_on(asked, place)
    elif has_words:
        page = _first_of_words(asked)
    else:
        page = _plain(asked, Place(goes_on=True))
    highlighter = Highlighter(analyzer, question)
    hits = tuple(
        _hit(row, score, query, highlighter)
        for row, score in zip(page.rows, page.scores, strict=True)
    )
    return Answer(
        hits=hits,
        total=page.place.total,
        next_cursor=write_cursor(query, page.rest) if page.rest else None,
        relaxed=page.place.relaxed,
        full=page.place.full,
        facets=_count(asked, page.place) if place is None and query.facets else {},
    )


def _question(query: Query, analyzer: Analyzer) -> Question:
    question = analyzer.question(query.text, synonyms=query.synonyms)
    if not (query.also and question.weights):
        return question
    more = analyzer.question(query.also).weights
    weights = {term: ALSO_WEIGHT * weight for term, weight in more.items()}
    return replace(question, weights={**weights, **question.weights})


def _first_of_words(asked: _Asked) -> _Page:
    """Choose the hundred best, or all that match when they are fewer, and begin with them."""
    query = asked.query
    wish = Wish(query.prefer_side, query.origin)
    found = asked.engine.candidates_for(asked.ask, wish, CHOSEN)
    few = found.full_total < RELAX_BELOW
    by_value = query.sort is Sort.RELEVANCE
    if not by_value and not few:
        return _plain(asked, Place(goes_on=True))
    values = fuse(found, query.day.toordinal() if query.day else None)
    kept = np.flatnonzero(is_good(found) if few else found.is_full)
    order = kept[np.lexsort((np.array(found.keys)[kept], -values[kept]))][:CHOSEN]
    if not by_value:
        order = order[np.lexsort((_names(found, order), -_plain_values(asked, found, order)))]
    keys = tuple(found.keys[number] for number in order)
    chosen_full = int(found.is_full[order].sum())
    place = Place(
        keys=keys,
        shown=keys,
        goes_on=found.full_total > chosen_full,
        total=found.full_total + len(keys) - chosen_full,
        full=found.full_total,
        relaxed=len(keys) > chosen_full,
    )
    scores = {found.keys[number]: float(values[number]) for number in order}
    return _chosen(asked, place, scores)


def _names(found: Candidates, order: NDArray[np.intp]) -> NDArray[np.str_]:
    return np.array(found.keys, dtype=np.str_)[order]


def _plain_values(asked: _Asked, found: Candidates, order: NDArray[np.intp]) -> NDArray[np.float64]:
    if asked.sort is Sort.NEAREST:
        return -np.nan_to_num(found.distance[order], nan=NO_DISTANCE)
    return found.published[order].astype(np.float64)


def _go_on(asked: _Asked, place: Place) -> _Page:
    return _chosen(asked, place, {}) if place.keys else _plain(asked, place)


def _chosen(asked: _Asked, place: Place, scores: dict[str, float]) -> _Page:
    """Show the next of the chosen keys that still exist for the asker."""
    rows: list[Row] = []
    waiting: Sequence[str] = place.keys
    while waiting and len(rows) < asked.size:
        some = waiting[: asked.size - len(rows)]
        known = asked.engine.rows(some, asked.ask)
        rows += [known[key] for key in some if key in known]
        waiting = waiting[len(some) :]
    rest = _moved(place, tuple(waiting), None) if waiting or place.goes_on else None
    return _Page(tuple(rows), tuple(scores.get(row.key, 0.0) for row in rows), rest, place)


def _plain(asked: _Asked, place: Place) -> _Page:
    """Full matches in a plain order, from a place on."""
    rows, total = asked.engine.ordered(
        asked.ask, asked.sort, asked.query.origin, place.after, asked.size + 1, place.shown
    )
    counted = place if place.shown else Place(goes_on=True, total=total, full=total)
    rest = None
    if len(rows) > asked.size:
        rows = rows[: asked.size]
        if rows:
            rest = _moved(place, (), After(rows[-1].place, rows[-1].key))
    return _Page(tuple(rows), (0.0,) * len(rows), rest, counted)


def _moved(place: Place, keys: tuple[str, ...], after: After | None) -> Place:
    shown = place.shown if place.goes_on else ()
    return Place(keys, shown, place.goes_on, after, place.total, place.full, place.relaxed)


def _count(asked: _Asked, place: Place) -> dict[Facet, dict[str, int]]:
    keys = place.keys if place.relaxed else None
    return asked.engine.counts(asked.ask, asked.query.facets, keys)


def find_candidates(
    engine: Engine,
    text: str,
    filters: Filters,
    limit: int,
    audience: frozenset[str] | None,
    analyzer: Analyzer,
    without: str = "",
) -> list[Candidate]:
    """Documents that share telling words with a long text, best first, ties by key."""
    whole = analyzer.question(text, limit=MAX_CANDIDATE_TEXT)
    weights = engine.telling(whole, CANDIDATE_TERMS)
    ask = Ask(Question((), (), (), weights), filters, audience)
    found = engine.candidates_for(ask, Wish(), limit + 1)
    scored = [
        Candidate(key, float(score))
        for key, score in zip(found.keys, found.words, strict=True)
        if score > 0 and key != without
    ]
    return sorted(scored, key=lambda one: (-one.score, one.key))[: max(0, limit)]


def find_like(
    engine: Engine,
    key: str,
    filters: Filters,
    limit: int,
    audience: frozenset[str] | None,
    analyzer: Analyzer,
) -> list[Candidate]:
    """Documents like the stored one; empty where the audience may not see that one."""
    own = engine.rows([key], Ask(NOTHING, Filters(), audience)).get(key)
    if own is None:
        return []
    text = f"{own.shown.title}\n{own.shown.text}"
    return find_candidates(engine, text, filters, limit, audience, analyzer, without=key)


def find_titles(
    engine: Engine,
    text: str,
    filters: Filters,
    limit: int,
    audience: frozenset[str] | None,
    analyzer: Analyzer,
) -> list[str]:
    """Titles that have all the words; see ``SearchIndex.suggest``."""
    question = analyzer.question(text)
    if not question.weights:
        return []
    ask = Ask(question, filters, audience)
    found = engine.candidates_for(ask, Wish(), CHOSEN)
    order = np.lexsort((np.array(found.keys, dtype=np.str_), -found.words))
    keys = [found.keys[number] for number in order if found.is_full[number]]
    known = engine.rows(keys, ask)
    wanted = set(question.weights)
    titles = dict.fromkeys(
        known[key].shown.title
        for key in keys
        if key in known and wanted <= _terms_of(analyzer, known[key].shown.title)
    )
    return list(titles)[: max(0, limit)]


def _terms_of(analyzer: Analyzer, title: str) -> set[str]:
    return {*analyzer.index_terms(title), *analyzer.characters(title)}


def _hit(row: Row, score: float, query: Query, highlighter: Highlighter) -> Hit:
    distance = None
    if query.origin is not None and row.point is not None:
        distance = round(between(query.origin, row.point), 1)
    return Hit(
        row.key,
        score,
        highlighter.whole(row.shown.title),
        highlighter.snippet(row.shown.text),
        distance,
    )
