"""Which saved questions a few listings answer, without asking the index once for each.

The listings are built from the database into a small index in memory, and every question is put to
that: its filters first, as sets of tokens, then its words. So the cost of a question does not grow
with the number of listings on the site, and the index on disk may lag as it likes.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from exchange.alerts.queries import recently_changed
from exchange.alerts.questions import read_question, write_question
from exchange.alerts.rules import IN_FLIGHT
from exchange.discovery.finding import filters_of
from exchange.discovery.rules import Asked
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.listings.indexing import build_documents, public_id_of
from exchange.listings.permissions import audience_tokens
from exchange.search.analysis import Analyzer
from exchange.search.backends.memory import MemoryIndex
from exchange.search.corpus import filter_questions, filter_tokens
from exchange.search.port import Answer, Document, Query, Sort
from exchange.search.wiring import search_index, shared_analyzer

MOST_KNOWN = 1_000
MOST_KEPT = 20_000  # answers kept by question: people follow the same things


class Scale:
    """Weighs questions against some documents on one day."""

    def __init__(self, documents: Sequence[Document], today: date, analyzer: Analyzer) -> None:
        self._index = MemoryIndex(analyzer)
        self._index.index(documents)
        self._tokens = [filter_tokens(document) for document in documents]
        self._size = len(documents)
        self._today = today
        self._answers: dict[str, tuple[str, ...]] = {}

    def answering(self, question: str) -> tuple[str, ...]:
        """Public ids of the listings that answer a kept question, whoever may see them.

        All its words are needed; what cannot be read (any more) is answered by nothing.
        """
        found = self._answers.get(question)
        if found is None:
            if len(self._answers) >= MOST_KEPT:
                self._answers.clear()
            found = self._answers[question] = self._weigh(question)
        return found

    def _weigh(self, question: str) -> tuple[str, ...]:
        asked = read_question(question)
        if asked is None:
            return ()
        query = open_query(asked, self._today, None, self._size)
        wanted = filter_questions(query.filters)
        if not any(all(own & any_of for any_of in wanted) for own in self._tokens):
            return ()
        return _full_matches(self._index.search(query))


def open_query(
    asked: Asked, today: date, audience: frozenset[str] | None, limit: int
) -> Query:
    """The question for what can be taken up today, the newest first."""
    filters = filters_of(asked.but(state="open"), today)
    return Query(
        text=asked.q, filters=filters, sort=Sort.NEWEST, limit=limit, audience=audience
    )


def scale_of(session: Session, house: House, listing_ids: Sequence[int]) -> Scale:
    """A scale with these listings as they are now."""
    documents = build_documents(session, listing_ids)
    return Scale(documents, _today(house), shared_analyzer())


def standing_answers(session: Session, house: House, actor: Actor, asked: Asked) -> set[str]:
    """Public ids of what answers the question already: a thousand at most, the newest.

    What changed a moment ago is asked of the database, the index may not have it yet. Raises
    IndexUnavailable.
    """
    query = open_query(asked, _today(house), audience_tokens(actor), MOST_KNOWN)
    found = _full_matches(search_index(house).search(query))
    recent = recently_changed(session, actor, house.clock.now() - IN_FLIGHT)
    return {*found, *scale_of(session, house, recent).answering(write_question(asked))}


def _today(house: House) -> date:
    return civil_date(house.clock.now(), house.settings.time_zone)


def _full_matches(answer: Answer) -> tuple[str, ...]:
    """By date, an index relaxes only where nothing has all the words: then nothing counts."""
    return () if answer.relaxed else tuple(public_id_of(hit.key) for hit in answer.hits)
