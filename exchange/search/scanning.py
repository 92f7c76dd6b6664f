"""An engine that looks at every document of a ``Corpus``: exact, for some ten thousand documents.

Engines that choose candidates by themselves use ``score_all`` on a corpus of those.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from exchange.search.corpus import FILTER, Corpus, allowed_mask, has_any, visible_mask
from exchange.search.distances import kilometres, place_value
from exchange.search.engine import RELAX_BELOW, After, Ask, Candidates, Row, Wish
from exchange.search.facets import FACET_FILTERS, part_length, without_filter
from exchange.search.port import PUBLIC, WHOLE_COUNTRY, Facet, Filters, Point, Sort, division_query
from exchange.search.questions import Question
from exchange.search.ranking import Statistics, bound, measure, rank, satisfied, telling


class ScanningEngine:
    """See ``Engine``. Made for one unchanging corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def statistics(self, terms: Iterable[str]) -> Statistics:
        """Counts over what everybody may see."""
        return measure(self._corpus, terms, visible_mask(self._corpus, frozenset({PUBLIC})))

    def telling(self, question: Question, limit: int) -> dict[str, float]:
        """See ``Engine.telling``."""
        chosen = telling(question, self.statistics(question.terms), limit)
        return {term: question.weights.get(term, 1.0) for term in chosen}

    def candidates_for(self, ask: Ask, wish: Wish, size: int) -> Candidates:
        """See ``Engine.candidates_for``."""
        allowed = self._allowed(ask.filters, ask.audience)
        return score_all(
            self._corpus, ask, wish, size, allowed, self.statistics(ask.question.terms)
        )

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
        corpus = self._corpus
        full = self._full(ask)
        values = place_value(corpus.facts, sort, origin)
        total = int(full.sum())
        full = full.copy()
        full[corpus.numbers_of(without)] = False
        numbers = np.flatnonzero(full)
        falling, keys = -values[numbers], corpus.facts["key"][numbers]
        if after is not None:
            same = (falling == -after.value) & (keys > after.key.encode())
            behind = same | (falling > -after.value)
            numbers, falling, keys = numbers[behind], falling[behind], keys[behind]
        order = np.lexsort((keys, falling))[:limit]
        rows = [self._row(int(numbers[at]), float(values[numbers[at]])) for at in order]
        return rows, total

    def rows(self, keys: Sequence[str], ask: Ask) -> Mapping[str, Row]:
        """See ``Engine.rows``."""
        numbers = self._numbers(keys, self._allowed(ask.filters, ask.audience))
        rows = (self._row(int(number), 0.0) for number in numbers)
        return {row.key: row for row in rows}

    def counts(
        self, ask: Ask, facets: Iterable[Facet], keys: Sequence[str] | None
    ) -> dict[Facet, dict[str, int]]:
        """See ``Engine.counts``."""
        matched = satisfied(self._corpus, ask.question)
        if keys is not None:
            matched = np.zeros_like(matched)
            matched[self._numbers(keys, np.ones_like(matched))] = True
        found = {}
        for facet in facets:
            allowed = self._allowed(without_filter(ask.filters, facet), ask.audience)
            found[facet] = self._count(facet, matched & allowed, ask.filters)
        return found

    def _count(self, facet: Facet, mask: NDArray[np.bool_], filters: Filters) -> dict[str, int]:
        corpus = self._corpus
        if facet is Facet.DIVISION:
            length = part_length(filters.division)
            begin = "" if filters.division == WHOLE_COUNTRY else filters.division
            codes = self._values("in:", begin, length) if length else []
            inside = [c for c in codes if mask[corpus.postings(FILTER, f"in:{c}")[0]].any()]
            counted = {
                code: int((mask & has_any(corpus, division_query(code))).sum()) for code in inside
            }
        else:
            name = FACET_FILTERS[facet]
            counted = {
                value: int(mask[corpus.postings(FILTER, f"{name}:{value}")[0]].sum())
                for value in self._values(f"{name}:", "")
            }
        return {value: count for value, count in counted.items() if count}

    def _values(self, name: str, begin: str, length: int = 0) -> list[str]:
        tokens = self._corpus.filter_tokens(name + begin)
        values = [token.removeprefix(name) for token in tokens]
        return [v for v in values if not length or (len(v) == length and v.isdigit())]

    def _full(self, ask: Ask) -> NDArray[np.bool_]:
        return self._allowed(ask.filters, ask.audience) & satisfied(self._corpus, ask.question)

    def _allowed(self, filters: Filters, audience: frozenset[str] | None) -> NDArray[np.bool_]:
        return allowed_mask(self._corpus, visible_mask(self._corpus, audience), filters)

    def _numbers(self, keys: Sequence[str], allowed: NDArray[np.bool_]) -> NDArray[np.intp]:
        numbers = self._corpus.numbers_of(keys)
        return numbers[allowed[numbers]]

    def _row(self, number: int, place: float) -> Row:
        facts = self._corpus.facts[number]
        latitude, longitude = float(facts["latitude"]), float(facts["longitude"])
        point = None if np.isnan(latitude) else Point(latitude, longitude)
        key: bytes = facts["key"]
        return Row(key.decode(), self._corpus.shown(number), point, place)


def score_all(
    corpus: Corpus,
    ask: Ask,
    wish: Wish,
    size: int,
    allowed: NDArray[np.bool_],
    statistics: Statistics,
    full_total: int | None = None,
) -> Candidates:
    """Score every allowed document of a corpus and keep the best of each sort.

    ``full_total`` is how many full matches there are where the corpus holds not all of them.
    """
    ranking = rank(corpus, ask.question, statistics)
    allowed = allowed & bound(corpus, ask.question)
    full = allowed & satisfied(corpus, ask.question)
    total = int(full.sum()) if full_total is None else full_total
    few = total < RELAX_BELOW
    partial = allowed & ~full & (ranking.coverage > 0) & few
    near = np.full(len(corpus.live), np.nan)
    if ask.vector is not None and few:
        numbers = np.flatnonzero(allowed)
        near[numbers] = corpus.nearness(ask.vector, numbers)
    order = ranking.scores * (0.5 + 0.5 * ranking.coverage)
    chosen = [
        best(corpus, full, order, size),
        best(corpus, partial, order, size),
        best(corpus, allowed & ~np.isnan(near), near, size),
    ]
    numbers = np.unique(np.concatenate(chosen))
    if ask.vector is not None and not few:
        near[numbers] = corpus.nearness(ask.vector, numbers)
    facts = corpus.facts[numbers]
    preferred = np.zeros(len(corpus.live), np.bool_)
    if wish.side:
        preferred[corpus.postings(FILTER, f"side:{wish.side}")[0]] = True
    return Candidates(
        keys=[key.decode() for key in facts["key"]],
        words=ranking.scores[numbers],
        coverage=ranking.coverage[numbers],
        is_full=full[numbers],
        nearness=near[numbers],
        is_preferred=preferred[numbers],
        published=facts["published"],
        ends=facts["ends"],
        distance=kilometres(facts, wish.origin),
        full_total=total,
    )


def best(
    corpus: Corpus, mask: NDArray[np.bool_], values: NDArray[np.float64], size: int
) -> NDArray[np.intp]:
    """Numbers of the greatest values within the mask, ties by key."""
    numbers = np.flatnonzero(mask)
    if len(numbers) > size:
        least = np.partition(values[numbers], len(numbers) - size)[len(numbers) - size]
        numbers = numbers[values[numbers] >= least]
    order = np.lexsort((corpus.facts["key"][numbers], -values[numbers]))
    return numbers[order[:size]]
