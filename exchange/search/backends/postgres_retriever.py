"""Choosing documents from one view of the PostgreSQL engine; see ``staged.Retriever``."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from exchange.search.backends.postgres_columns import Rows, usable
from exchange.search.backends.postgres_near import nearest
from exchange.search.backends.postgres_query import (
    IN_TITLE,
    all_of,
    any_terms,
    bound,
    external,
    lexeme,
    quoted,
    required,
)
from exchange.search.backends.postgres_reading import View
from exchange.search.backends.postgres_rows import unpack_meanings, unpack_stored
from exchange.search.corpus import KEY_BYTES
from exchange.search.engine import After, Ask
from exchange.search.facets import without_filter
from exchange.search.port import Facet, Filters, Point, Sort
from exchange.search.ranking import Statistics, telling
from exchange.search.staged import Stored, filters_only

RANKED = 600  # of the newest full matches, among which the best are chosen
RANK_TERMS = 12
ENOUGH = 20_000  # documents, beyond which further words of a question are not looked up
FETCH = "SELECT id, key, stored{meaning} FROM {g} WHERE id = ANY(%s)"
KEYS = "SELECT id, key FROM {g} WHERE id = ANY(%s)"
NUMBERS = "SELECT id FROM {g} WHERE key = ANY(%s)"
BEST = """
SELECT id FROM {g} WHERE id = ANY(%s)
ORDER BY ts_rank('{0.1, 0.2, 0.5, 1}', terms, %s::tsquery) DESC, published DESC, key LIMIT %s
"""


class PostgresRetriever:
    """See ``Retriever``."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._columns = view.columns
        self._fetched: dict[int, Stored] = {}
        self._row_of_key: dict[str, int] = {}

    def statistics(self, terms: Iterable[str]) -> Statistics:
        """See ``Retriever.statistics``."""
        return self._view.statistics(terms)

    def full(self, ask: Ask, size: int) -> tuple[list[Stored], int]:
        """See ``Retriever.full``: the best by ``ts_rank`` among those with all words in the title
        and the newest of the others.
        """
        rows = self._view.matched(ask)
        if len(rows) <= size:
            return self._fetch(rows, ask), len(rows)
        chosen = self._newest(rows, RANKED)
        if len(rows) > RANKED:
            title = all_of(required(ask.question, IN_TITLE))
            if title:
                titled = np.intersect1d(self._view.holders(title), rows)
                chosen = np.union1d(self._newest(titled, RANKED // 2), chosen[: RANKED // 2])
        statistics = self._view.statistics(ask.question.terms)
        asked = any_terms(telling(ask.question, statistics, RANK_TERMS))
        found = self._view.connection.execute(
            self._view.tables.sql(BEST), [self._ids(chosen), asked, size]
        )
        best = np.array([number for (number,) in found], np.int32)
        return self._fetch(self._columns.rows_of(best), ask), len(rows)

    def partial(self, ask: Ask, terms: Sequence[str], size: int) -> list[Stored]:
        """See ``Retriever.partial``: by the sum of what the terms tell."""
        statistics = self._view.statistics(ask.question.terms)
        chosen, room = list[str](), ENOUGH
        for term in terms:
            if room > 0:
                chosen.append(term)
            room -= statistics.frequencies.get(term, 0)
        found = self._view.holders_of([quoted(lexeme(term)) for term in chosen])
        worth = np.zeros(len(self._columns.id))
        for term, rows in zip(chosen, found, strict=True):
            worth[rows] += ask.question.weights.get(term, 1.0) * statistics.idf(term)
        rows = self._columns.allowed(np.flatnonzero(worth), ask.filters, ask.audience)
        words = all_of([*bound(ask.question), *external(ask.filters)])
        if words:
            rows = np.intersect1d(rows, self._view.holders(words), assume_unique=True)
        best = np.argsort(-worth[rows], kind="stable")[:size]
        return self._fetch(rows[best], ask)

    def near(self, ask: Ask, size: int) -> list[Stored]:
        """See ``Retriever.near``."""
        ids = nearest(self._view, ask, size)
        rows = self._columns.allowed(self._columns.rows_of(ids), ask.filters, ask.audience)
        return self._fetch(rows, ask)

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
        matched = self._view.matched(ask)
        rows = matched
        if without:
            rows = np.setdiff1d(rows, self._rows_of_keys(without), assume_unique=True)
        values = self._values(rows, sort, origin)
        if after is not None:
            behind = values <= after.value
            rows, values = rows[behind], values[behind]
        if limit <= 0 or not len(rows):
            return [], len(matched)
        enough = limit + (0 if after is None else int((values == after.value).sum()))
        if len(rows) > enough:
            least = np.partition(values, len(rows) - enough)[len(rows) - enough]
            rows, values = rows[values >= least], values[values >= least]
        keys = self._keys(rows)
        order = sorted(zip(-values, keys, rows, strict=True), key=lambda one: one[:2])
        if after is not None:
            order = [one for one in order if (one[0], one[1]) > (-after.value, after.key)]
        page = order[:limit]
        shown = np.array([row for _, _, row in page], np.intp)
        stored = {one.key: one for one in self._fetch(shown)}
        return [_placed(stored[key], -float(value)) for value, key, _ in page], len(matched)

    def fetch(self, keys: Sequence[str], ask: Ask) -> list[Stored]:
        """See ``Retriever.fetch``."""
        rows = self._columns.allowed(self._rows_of_keys(keys), ask.filters, ask.audience)
        if ask.filters.external_ids:
            only = filters_only(ask.filters, ask.audience)
            rows = np.intersect1d(rows, self._view.matched(only))
        return self._fetch(rows)

    def counts(
        self, ask: Ask, facets: Iterable[Facet], keys: Sequence[str] | None
    ) -> dict[Facet, dict[str, int]]:
        """See ``Retriever.counts``."""
        shown = None if keys is None else self._rows_of_keys(keys)
        known: dict[tuple[Filters, bool], NDArray[np.intp]] = {}
        found = {}
        for facet in facets:
            filters = without_filter(ask.filters, facet)
            place = filters, facet is Facet.DIVISION
            if place not in known:
                if shown is None:
                    rows = self._view.matched(Ask(ask.question, filters, ask.audience))
                else:
                    rows = self._columns.allowed(shown, filters, ask.audience)
                known[place] = np.bincount(self._columns.sets_of(facet)[rows])
            found[facet] = self._columns.traits.count(facet, ask.filters.division, known[place])
        return found

    def _fetch(self, rows: Rows, ask: Ask | None = None) -> list[Stored]:
        """What is stored of the rows; with their meanings where the ask compares them."""
        missing = [row for row in rows.tolist() if row not in self._fetched]
        if missing:
            compared = ask is not None and ask.vector is not None
            self._read(np.array(missing, np.intp), compared=compared)
        return [self._fetched[row] for row in rows.tolist()]

    def _read(self, rows: Rows, *, compared: bool) -> None:
        tables = self._view.tables
        plain = "halfvec_send(meaning)" if tables.has_extension else "meaning"
        meaning = f", {plain}" if compared else ""
        with self._view.connection.cursor(binary=True) as cursor:
            statement = FETCH.replace("{meaning}", meaning)
            cursor.execute(tables.sql(statement), [self._ids(rows)])
            row_of_id = dict(zip(self._ids(rows), rows.tolist(), strict=True))
            found = cursor.fetchall()
            packed = [more[0] if more else None for _, _, _, *more in found]
            vectors = unpack_meanings(packed, has_extension=tables.has_extension)
            for (number, key, stored, *_), vector in zip(found, vectors, strict=True):
                row = row_of_id[number]
                self._fetched[row] = unpack_stored(key, bytes(stored), vector)
                self._row_of_key[key] = row

    def _ids(self, rows: Rows) -> list[int]:
        ids: list[int] = self._columns.id[rows].tolist()
        return ids

    def _newest(self, rows: Rows, size: int) -> Rows:
        """The rows published last, newest first."""
        order = np.argsort(-self._columns.published[rows], kind="stable")
        return rows[order[:size]]

    def _keys(self, rows: Rows) -> list[str]:
        """The keys of the rows, in their order."""
        ids = self._ids(rows)
        found = self._view.connection.execute(self._view.tables.sql(KEYS), [ids])
        known: dict[int, str] = dict(found.fetchall())
        return [known[number] for number in ids]

    def _rows_of_keys(self, keys: Collection[str]) -> Rows:
        known = [self._row_of_key[key] for key in keys if key in self._row_of_key]
        wanted = usable((key for key in keys if key not in self._row_of_key), KEY_BYTES)
        if not wanted:
            return np.array(sorted(known), np.intp)
        found = self._view.connection.execute(self._view.tables.sql(NUMBERS), [wanted])
        others = self._columns.rows_of(np.array([number for (number,) in found], np.int32))
        return np.union1d(np.array(known, np.intp), others)

    def _values(self, rows: Rows, sort: Sort, origin: Point | None) -> NDArray[np.float64]:
        if sort is Sort.NEAREST and origin is not None:
            return self._columns.nearness(rows, origin)
        return self._columns.published[rows].astype(np.float64)


def _placed(stored: Stored, place: float) -> Stored:
    return replace(stored, place=place)
