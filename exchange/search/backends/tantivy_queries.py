"""Questions, filters and audiences as queries of tantivy.

What only lets through is worth nothing; what scores is worth what its terms tell among the
documents for everybody, whatever tantivy itself counted among all.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from exchange.search.backends.tantivy_schema import (
    CHARACTERS,
    ENDS,
    KEY,
    NO_END,
    ROW,
    WORDS,
    library,
    plain,
)
from exchange.search.corpus import FILTER, filter_questions
from exchange.search.engine import Ask
from exchange.search.port import Filters
from exchange.search.questions import Question
from exchange.search.ranking import OTHER_WORDING, Statistics

MUST, SHOULD, MUST_NOT = library.Occur.Must, library.Occur.Should, library.Occur.MustNot
Clause = tuple[Any, Any]


class Queries:
    """Makes queries for one schema."""

    def __init__(self, schema: Any) -> None:
        self._schema = schema

    def term(self, field: str, value: Any) -> Any:
        """Documents with a term, worth nothing."""
        query = library.Query.term_query(self._schema, field, value, index_option="basic")
        return self._free(query)

    def word(self, term: str) -> Any:
        """Documents with a term of the analyzer in any field, worth nothing."""
        return self.term(CHARACTERS if term.startswith("'") else WORDS, plain(term))

    def any_of(self, field: str, values: Collection[Any]) -> Any:
        """Documents with any of the values, worth nothing. None of none."""
        if len(values) == 1:
            return self.term(field, next(iter(values)))
        return self._free(either([self.term(field, value) for value in sorted(values)]))

    def keys(self, keys: Collection[str]) -> Any:
        """The documents with these keys."""
        return self.any_of(KEY, {plain(key) for key in keys})

    def rows(self, rows: Collection[int]) -> Any:
        """The documents whose vectors lie in these rows."""
        return self.any_of(ROW, {int(row) for row in rows})

    def has_row(self) -> Any:
        """Documents with a vector."""
        return self._free(library.Query.exists_query(ROW))

    def between(self, field: str, kind: Any, least: int | None, most: int | None) -> Any:
        """Documents whose number is within these bounds, worth nothing."""
        made = library.Query.range_query(self._schema, field, kind, least, most)
        return self._free(made)

    def allowed(self, filters: Filters, audience: frozenset[str] | None) -> list[Any]:
        """What all must hold for a document to exist for the audience and pass the filters."""
        found = []
        if audience is not None:
            found.append(self._tokens(f"audience:{token}" for token in audience))
        found += [self._tokens(tokens) for tokens in filter_questions(filters)]
        if filters.open_on or filters.ends_by:
            found.append(self._ends(filters.open_on, filters.ends_by))
        return found

    def bound(self, ask: Ask) -> list[Clause]:
        """Filters, audience, quoted phrases and what is excluded."""
        found = [(MUST, query) for query in self.allowed(ask.filters, ask.audience)]
        found += [(MUST, self.word(term)) for terms in ask.question.phrases for term in terms]
        for terms in ask.question.excluded:
            found.append((MUST_NOT, both([(MUST, self.word(term)) for term in terms])))
        return found

    def full(self, ask: Ask) -> list[Clause]:
        """Documents that have all that is required."""
        found = self.bound(ask)
        for group in ask.question.groups:
            if not group.required or not all(group.alternatives):
                continue
            ways = [
                both([(MUST, self.word(term)) for term in dict.fromkeys(terms)])
                for terms in group.alternatives
            ]
            found.append((MUST, self._free(either(ways))))
        return found

    def scored(self, worths: Mapping[str, float], searcher: Any) -> list[Any]:
        """One query for each term, which scores as much as the term is worth."""
        found = []
        documents = max(int(searcher.num_docs), 1)
        for term, worth in worths.items():
            if term.startswith("'"):
                free = self.word(term)
                found.append(library.Query.const_score_query(free, worth))
                continue
            clean = plain(term)
            holders = min(int(searcher.doc_freq(WORDS, clean)), documents)
            own = math.log1p((documents - holders + 0.5) / (holders + 0.5))
            query = library.Query.term_query(self._schema, WORDS, clean, index_option="freq")
            found.append(library.Query.boost_query(query, worth / max(own, 1e-6)))
        return found

    def _tokens(self, tokens: Iterable[str]) -> Any:
        return self.any_of(FILTER, {plain(token) for token in tokens})

    def _ends(self, open_on: date | None, ends_by: date | None) -> Any:
        least = open_on.toordinal() if open_on else None
        most = ends_by.toordinal() if ends_by else NO_END
        return self.between(ENDS, library.FieldType.Unsigned, least, most)

    @staticmethod
    def _free(query: Any) -> Any:
        return library.Query.const_score_query(query, 0.0)


def worths_of(question: Question, statistics: Statistics) -> dict[str, float]:
    """How much each term of a question earns, other wordings included."""
    weights = dict(question.weights)
    for span in question.spans:
        for other in span.others:
            for term, weight in other.items():
                weights.setdefault(term, OTHER_WORDING * weight)
    return {term: weight * statistics.idf(term) for term, weight in weights.items()}


def both(clauses: Sequence[Clause]) -> Any:
    """All of the clauses; everything where none asks for anything."""
    if all(occur is MUST_NOT for occur, _ in clauses):
        clauses = [*clauses, (MUST, library.Query.all_query())]
    return library.Query.boolean_query(list(clauses))


def either(queries: Sequence[Any]) -> Any:
    """Any of the queries; nothing where there is none."""
    if not queries:
        return library.Query.empty_query()
    return library.Query.boolean_query([(SHOULD, query) for query in queries])
