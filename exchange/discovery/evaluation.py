"""How well the search that serves people does on a set of questions with graded listings.

The set is imported into a throw-away site and indexed by the worker's own job; what is measured
is what ``finding.find`` answers to somebody who may see everything.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from exchange.discovery.evaluation_baselines import WordScores, best
from exchange.discovery.finding import filters_of
from exchange.discovery.rules import Asked
from exchange.discovery.searching import Reader, search
from exchange.kernel.act import House
from exchange.kernel.actor import SYSTEM
from exchange.listings.indexing import key_of
from exchange.listings.models import Listing
from exchange.matching.evaluation.evaluating import GradedSet, read_rows
from exchange.matching.evaluation.measures import Rankings, ranking_measures
from exchange.matching.facts import centroids_of, load_facts
from exchange.matching.readings import encode, whole_text
from exchange.search.meaning import encoder_of
from exchange.search.port import Filters, Query
from exchange.search.wiring import search_index, shared_analyzer

DEPTH = 20
MOST = 10_000  # listings that filters are tried on
Rank = Callable[["Question", Filters], Sequence[str]]


@dataclass(frozen=True)
class Question:
    """What somebody asks, and the day on which what they find must be open; None for any."""

    id: str
    asked: Asked
    open_on: date | None = None


@dataclass(frozen=True)
class QuestionSet:
    """Listings with their owners, questions, and for each question the grades of listings."""

    listings: GradedSet
    questions: tuple[Question, ...]
    grades: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def read_question_set(folder: Path) -> QuestionSet:
    """Read organisations.jsonl, needs.jsonl, offers.jsonl, search_queries.jsonl and
    search_qrels.tsv. Raises OSError.
    """
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    with (folder / "search_qrels.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            grades[row["query_id"]][row["listing_id"]] = int(row["grade"])
    names = ("organisations", "needs", "offers")
    rows = [read_rows(folder / f"{name}.jsonl") for name in names]
    asked = tuple(question_of(row) for row in read_rows(folder / "search_queries.jsonl"))
    return QuestionSet(GradedSet(rows[0], rows[1], rows[2]), asked, dict(grades))


def question_of(row: Mapping[str, Any]) -> Question:
    """A row's words and filters as the search page would read them."""
    filters = row.get("filters") or {}
    day = filters.get("open_on")
    asked = Asked(
        q=row["q"],
        side=filters.get("side", ""),
        division=filters.get("division", ""),
        state="open" if day else "all",
    )
    return Question(row["id"], asked, date.fromisoformat(day) if day else None)


def measure_search(
    house: House, session: Session, given: QuestionSet, today: date
) -> dict[str, dict[str, float]]:
    """The figures of the search page and of plain rankings, on a filled site.

    "lexical" is the index's own score for any of the words, "bm25_words" is BM25 over words,
    "dense" the encoder alone. All obey the filters of the questions.
    """
    rows = session.scalars(sa.select(Listing).where(Listing.external_id.is_not(None)))
    names = {key_of(listing): listing.external_id or "" for listing in rows}
    baselines = Baselines(house, session, names)
    ranks: dict[str, Rank] = {
        "engine": lambda question, _: as_the_page(house, session, question, today),
        "lexical": lambda question, filters: words_alone(house, names, question, filters),
        "bm25_words": baselines.by_words,
        "dense": baselines.by_meaning,
    }
    return {
        name: ranking_measures(rankings_of(given, today, rank), given.grades)
        for name, rank in ranks.items()
    }


def rankings_of(given: QuestionSet, today: date, rank: Rank) -> Rankings:
    """External ids for every question, best first."""
    return {
        one.id: rank(one, filters_of(one.asked, one.open_on or today)) for one in given.questions
    }


def as_the_page(house: House, session: Session, question: Question, today: date) -> list[str]:
    """What the search page would list."""
    reader = Reader(SYSTEM, near="", origin=None, locale="zh", today=question.open_on or today)
    outcome = search(session, house, reader, question.asked, limit=DEPTH, facets=())
    return [one.listing.external_id or "" for one in outcome.found.listings]


def words_alone(
    house: House, names: Mapping[str, str], question: Question, filters: Filters
) -> list[str]:
    """Listings by the index's own score for any of the words."""
    found = search_index(house).candidates(question.asked.q, filters, DEPTH)
    return [names[one.key] for one in found if one.key in names]


class Baselines:
    """Rankings of title and text as one, of what the filters of a question let through."""

    def __init__(self, house: House, session: Session, names: Mapping[str, str]) -> None:
        self._house = house
        facts = load_facts(session, centroids_of(house, session), sa.true())
        keys = {number: f"listing:{one.public_id}" for number, one in facts.items()}
        spoken = {
            number: one
            for number, one in facts.items()
            if whole_text(one).strip() and keys[number] in names
        }
        self._keys = np.array([keys[number] for number in spoken], np.str_)
        self._names = [names[keys[number]] for number in spoken]
        self._words = WordScores([shared_analyzer().cut(whole_text(o)) for o in spoken.values()])
        vectors = encode(house, list(spoken.values()))
        self._rows = np.array([vectors[number].text for number in spoken], np.float64)

    def by_words(self, question: Question, filters: Filters) -> list[str]:
        """Those that share a word, by BM25."""
        scores = self._words.scores(shared_analyzer().cut(question.asked.q))
        return best(scores, self._names, DEPTH, self._allowed(filters), least=0.0)

    def by_meaning(self, question: Question, filters: Filters) -> list[str]:
        """The nearest by the cosine of the encoder's vectors."""
        if not self._names:
            return []
        near = self._rows @ encoder_of(self._house).encode([question.asked.q])[0]
        return best(near, self._names, DEPTH, self._allowed(filters))

    def _allowed(self, filters: Filters) -> NDArray[np.bool_]:
        everything = Query(filters=filters, limit=MOST, audience=None)
        found = [hit.key for hit in search_index(self._house).search(everything).hits]
        return np.isin(self._keys, np.array(found, np.str_))
