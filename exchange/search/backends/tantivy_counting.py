"""What is counted in a view: statistics of terms, full matches, facets."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from exchange.search.backends.tantivy_queries import MUST, Clause
from exchange.search.backends.tantivy_reading import View
from exchange.search.backends.tantivy_schema import COUNTED, length_field, places_field
from exchange.search.corpus import FILTER, SCORED_FIELDS
from exchange.search.engine import Ask
from exchange.search.facets import FACET_FILTERS, part_length, without_filter
from exchange.search.port import PUBLIC, WHOLE_COUNTRY, Facet, division_chain
from exchange.search.ranking import Statistics
from exchange.search.staged import filters_only

MOST_VALUES = 5_000  # of one facet; more than there are counties
Table = dict[str, int]


def statistics_of(view: View, terms: Iterable[str]) -> Statistics:
    """Counts over the documents for everybody."""
    queries = view.queries
    everybody = (MUST, queries.term(FILTER, f"audience:{PUBLIC}"))

    def size() -> tuple[int, tuple[float, ...]]:
        means = {name: {"avg": {"field": length_field(name)}} for name in SCORED_FIELDS}
        found = view.aggregate([everybody], means)
        lengths = tuple(round(found[name]["value"] or 0.0, 3) for name in SCORED_FIELDS)
        count = view.count([everybody])
        return count, lengths if count else (1.0,) * len(SCORED_FIELDS)

    documents, lengths = view.counts.get("public", view.mark, size, lambda one: one[0])
    frequencies = {}
    for term in terms:
        make = partial(_count_word, view, everybody, term)
        frequencies[term] = view.counts.get(("term", term), view.mark, make, lambda _: documents)
    return Statistics(documents, lengths, frequencies)


def _count_word(view: View, everybody: Clause, term: str) -> int:
    return view.count([everybody, (MUST, view.queries.word(term))])


def count_full(view: View, ask: Ask) -> int:
    """How many documents have all that is required."""
    what = ("full", _name_of(ask))
    return view.counts.get(what, view.mark, lambda: view.count(view.queries.full(ask)), int)


def count_meant(view: View, ask: Ask, clauses: list[Clause]) -> int:
    """How many documents with a vector are within the bounds of the question."""
    question = ask.question
    what = ("meant", question.phrases, question.excluded, ask.filters, ask.audience)
    return view.counts.get(what, view.mark, lambda: view.count(clauses), int)


def count_facets(
    view: View, ask: Ask, facets: Iterable[Facet], keys: Iterable[str] | None
) -> dict[Facet, Table]:
    """See ``Engine.counts``."""
    chosen = None if keys is None else tuple(sorted(set(keys)))
    found: dict[Facet, Table] = {}
    for facet in facets:
        own = replace(ask, filters=without_filter(ask.filters, facet))
        if facet is Facet.DIVISION:
            found[facet] = _cached(view, "parts", own, chosen, _count_parts)
        else:
            tables = _cached_tables(view, own, chosen)
            found[facet] = tables.get(FACET_FILTERS[facet], {})
    return found


def _cached(view: View, name: str, ask: Ask, keys: tuple[str, ...] | None, make: Any) -> Table:
    what = (name, _name_of(ask), keys)
    return view.counts.get(what, view.mark, lambda: make(view, ask, keys), _greatest)


def _cached_tables(view: View, ask: Ask, keys: tuple[str, ...] | None) -> Mapping[str, Table]:
    what = ("tables", _name_of(ask), keys)
    return view.counts.get(
        what,
        view.mark,
        lambda: _count_tables(view, ask, keys),
        lambda tables: max(map(_greatest, tables.values()), default=0),
    )


def _greatest(table: Table) -> int:
    return max(table.values(), default=0)


def _name_of(ask: Ask) -> object:
    """What tells one question from another, meaning aside."""
    question = ask.question
    return (question.groups, question.phrases, question.excluded, ask.filters, ask.audience)


def _clauses(view: View, ask: Ask, keys: tuple[str, ...] | None) -> list[Clause]:
    """Full matches, or those of the keys that filters and audience let through."""
    if keys is None:
        return view.queries.full(ask)
    bound = view.queries.bound(filters_only(ask.filters, ask.audience))
    return [*bound, (MUST, view.queries.keys(keys))]


def _count_tables(view: View, ask: Ask, keys: tuple[str, ...] | None) -> dict[str, Table]:
    """Values and counts of all facets but the places, by the name of their tokens."""
    tables: dict[str, Table] = {}
    for token, count in _values(view, _clauses(view, ask, keys), COUNTED).items():
        name, _, value = token.partition(":")
        tables.setdefault(name, {})[value] = count
    return tables


def _count_parts(view: View, ask: Ask, keys: tuple[str, ...] | None) -> Table:
    """Documents that a filter on each part of the division would find.

    Whoever serves the whole division is found under each of its parts, so it is counted once and
    added to those who only belong to the part.
    """
    division = ask.filters.division
    length = part_length(division)
    if not length:
        return {}
    clauses, column = _clauses(view, ask, keys), places_field(length)
    above = [f"serves:{code}" for code in (WHOLE_COUNTRY, *division_chain(division))]
    serving = [*clauses, (MUST, view.queries.any_of(FILTER, set(above)))]
    begin = "" if division == WHOLE_COUNTRY else division
    inside = {c: n for c, n in _values(view, clauses, column).items() if c.startswith(begin)}
    if not inside:
        return {}
    everywhere = view.count(serving)
    twice = _values(view, serving, column) if everywhere else {}
    return {code: everywhere + count - twice.get(code, 0) for code, count in inside.items()}


def _values(view: View, clauses: list[Clause], column: str) -> Table:
    asked = {"field": column, "size": MOST_VALUES, "segment_size": MOST_VALUES}
    found = view.aggregate(clauses, {"values": {"terms": asked}})
    return {one["key"]: int(one["doc_count"]) for one in found["values"]["buckets"]}
