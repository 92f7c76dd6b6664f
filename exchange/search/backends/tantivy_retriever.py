"""Choosing candidates in a view; see ``staged.Retriever`` for the promises."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np

from exchange.search.backends.damage import damage_is_named
from exchange.search.backends.tantivy_counting import (
    count_facets,
    count_full,
    count_meant,
    statistics_of,
)
from exchange.search.backends.tantivy_ordering import in_order
from exchange.search.backends.tantivy_queries import MUST, SHOULD, Clause, either, worths_of
from exchange.search.backends.tantivy_reading import View
from exchange.search.backends.tantivy_schema import ROW
from exchange.search.encoder import Vectors
from exchange.search.engine import RELAX_BELOW, After, Ask
from exchange.search.port import Facet, Point, Sort
from exchange.search.ranking import Statistics
from exchange.search.staged import Stored, filters_only

EXACT = 8_000  # documents that may be meant, below which all their vectors are looked at
DEAR = 64_000  # likewise, where the nearest of all turn out not to be those that may be shown


class TantivyRetriever:
    """See ``Retriever``. Made for one view."""

    def __init__(self, view: View) -> None:
        self._view = view

    def statistics(self, terms: Iterable[str]) -> Statistics:
        """See ``Retriever.statistics``."""
        with damage_is_named():
            return statistics_of(self._view, terms)

    def full(self, ask: Ask, size: int) -> tuple[list[Stored], int]:
        """See ``Retriever.full``."""
        view = self._view
        with damage_is_named():
            worths = worths_of(ask.question, statistics_of(view, ask.question.terms))
            clauses = [*view.queries.full(ask), *self._scores(worths)]
            found, total = view.best_counted(clauses, size)
            return view.stored(found), total

    def partial(self, ask: Ask, terms: Sequence[str], size: int) -> list[Stored]:
        """See ``Retriever.partial``."""
        view = self._view
        with damage_is_named():
            statistics = statistics_of(view, ask.question.terms)
            known = worths_of(ask.question, statistics)
            worths = {term: known[term] for term in terms}
            any_term = either(view.queries.scored(worths, view.searcher))
            clauses = [*view.queries.bound(ask), (MUST, any_term)]
            return view.stored(view.best(clauses, size + RELAX_BELOW))

    def near(self, ask: Ask, size: int) -> list[Stored]:
        """See ``Retriever.near``."""
        view, vector = self._view, ask.vector
        if vector is None or len(vector) != view.vectors.dimensions:
            return []
        with damage_is_named():
            clauses = [*view.queries.bound(ask), (MUST, view.queries.has_row())]
            total = count_meant(view, ask, clauses)
            if not total:
                return []
            if total <= EXACT:
                return view.stored(self._nearest_of(clauses, total, vector, size))
            return view.stored(self._nearest_of_all(clauses, total, vector, size))

    def _nearest_of(
        self, clauses: list[Clause], total: int, vector: Vectors, size: int
    ) -> list[Any]:
        addresses = self._view.best(clauses, total)
        rows = np.array(self._view.column(ROW, addresses), np.int64)
        nearest = self._view.vectors.nearest(vector, rows, size)
        at = {int(row): address for row, address in zip(rows, addresses, strict=True)}
        return [at[int(row)] for row in nearest]

    def _nearest_of_all(
        self, clauses: list[Clause], total: int, vector: Vectors, size: int
    ) -> list[Any]:
        """Look among all rows, then for those that may be shown, wider until they suffice."""
        view = self._view
        share = total / max(view.vectors.count, 1)
        wanted = int(1.2 * size / share)
        nearest = view.vectors.nearest(vector, None, 3 * wanted)
        found: list[Any] = []
        done = 0
        while len(found) < size and done < len(nearest):
            some = nearest[done : done + wanted]
            addresses = view.best([*clauses, (MUST, view.queries.rows(some))], len(some))
            place = {int(row): at for at, row in enumerate(some)}
            rows = view.column(ROW, addresses)
            pairs = zip(rows, addresses, strict=True)
            found += [a for _, a in sorted(pairs, key=lambda pair: place[pair[0]])]
            done += wanted
        if len(found) < size and total <= DEAR:
            return self._nearest_of(clauses, total, vector, size)
        return found[:size]

    def ordered(
        self,
        ask: Ask,
        sort: Sort,
        origin: Point | None,
        after: After | None,
        limit: int,
        without: Collection[str],
    ) -> tuple[list[Stored], int]:
        """See ``Retriever.ordered``."""
        view = self._view
        with damage_is_named():
            total = count_full(view, ask)
            clauses = view.queries.full(ask)
            return in_order(view, clauses, total, sort, origin, after, limit, without), total

    def fetch(self, keys: Sequence[str], ask: Ask) -> list[Stored]:
        """See ``Retriever.fetch``."""
        if not keys:
            return []
        view = self._view
        with damage_is_named():
            clauses = view.queries.bound(filters_only(ask.filters, ask.audience))
            clauses.append((MUST, view.queries.keys(keys)))
            return view.stored(view.best(clauses, len(keys)))

    def counts(
        self, ask: Ask, facets: Iterable[Facet], keys: Sequence[str] | None
    ) -> dict[Facet, dict[str, int]]:
        """See ``Retriever.counts``."""
        with damage_is_named():
            return count_facets(self._view, ask, facets, keys)

    def _scores(self, worths: dict[str, float]) -> list[Clause]:
        queries = self._view.queries
        return [(SHOULD, query) for query in queries.scored(worths, self._view.searcher)]
