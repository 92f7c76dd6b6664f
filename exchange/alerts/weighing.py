"""Which saved questions a few listings answer, without asking the index once for each.

The listings are built from the database into a small corpus in memory, and every question is put to
that: its filters first, as sets of tokens, then its words. So the cost of a question does not grow
with the number of listings on the site, and the index on disk may lag as it likes. Only a listing
that has all the words counts: one of a like meaning is worth showing, not worth an alarm.
"""

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from exchange.alerts.queries import recently_changed
from exchange.alerts.questions import read_question, write_question
from exchange.alerts.rules import IN_FLIGHT
from exchange.discovery.finding import filters_of, plain_rows
from exchange.discovery.rules import Asked
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.listings.indexing import build_documents
from exchange.listings.models import Listing
from exchange.listings.permissions import audience_tokens
from exchange.search.analysis import Analyzer
from exchange.search.backends.memory import MemoryCorpus
from exchange.search.corpus import filter_questions, filter_tokens, take_apart
from exchange.search.engine import Ask
from exchange.search.port import Document, Filters, IndexUnavailable, Query, Sort
from exchange.search.scanning import ScanningEngine
from exchange.search.synonyms.groups import NO_SYNONYMS, Synonyms
from exchange.search.synonyms.wiring import synonyms_of
from exchange.search.tables import public_id_of
from exchange.search.wiring import search_index, shared_analyzer

log = structlog.get_logger(__name__)
MOST_KNOWN = 1_000
MOST_KEPT = 20_000  # answers kept by question: people follow the same things


class Scale:
    """Weighs questions against some documents on one day."""

    def __init__(
        self,
        documents: Sequence[Document],
        today: date,
        analyzer: Analyzer,
        synonyms: Synonyms = NO_SYNONYMS,
    ) -> None:
        self._analyzer, self._synonyms = analyzer, synonyms
        self._engine = ScanningEngine(MemoryCorpus(take_apart(one, analyzer) for one in documents))
        self._tokens = [filter_tokens(document) for document in documents]
        self._today = today
        self._answers: dict[str, tuple[str, ...]] = {}

    def answering(self, question: str) -> tuple[str, ...]:
        """Public ids of the listings that answer a kept question, whoever may see them, the newest
        first; what cannot be read (any more) is answered by nothing.
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
        filters = open_filters(asked, self._today)
        wanted = filter_questions(filters)
        if not any(all(own & any_of for any_of in wanted) for own in self._tokens):
            return ()
        ask = Ask(self._analyzer.question(asked.q, synonyms=self._synonyms), filters, None)
        rows, _ = self._engine.ordered(ask, Sort.NEWEST, None, None, len(self._tokens))
        return tuple(public_id_of(row.key) for row in rows)


def open_filters(asked: Asked, today: date) -> Filters:
    """The question's filters for what can be taken up today."""
    return filters_of(asked.but(state="open"), today)


def scale_of(session: Session, house: House, listing_ids: Sequence[int]) -> Scale:
    """A scale with these listings as they are now."""
    documents = build_documents(session, listing_ids)
    return Scale(documents, _today(house), shared_analyzer(), synonyms_of(house))


def full_answers(
    session: Session, house: House, question: str, public_ids: Collection[str]
) -> set[str]:
    """Which of these listings have all that a question asks for, and are open."""
    query = sa.select(Listing.id).where(Listing.public_id.in_(sorted(public_ids)))
    return set(scale_of(session, house, session.scalars(query).all()).answering(question))


def standing_answers(session: Session, house: House, actor: Actor, asked: Asked) -> set[str]:
    """Public ids of what answers the question already: a thousand at most, the newest.

    What changed a moment ago is asked of the database, the index may not have it yet; all is while
    the index cannot answer.
    """
    found = _found_now(session, house, actor, asked)
    recent = recently_changed(session, actor, house.clock.now() - IN_FLIGHT)
    return found | set(scale_of(session, house, recent).answering(write_question(asked)))


def _found_now(session: Session, house: House, actor: Actor, asked: Asked) -> set[str]:
    query = Query(
        text=asked.q,
        filters=open_filters(asked, _today(house)),
        sort=Sort.NEWEST,
        limit=MOST_KNOWN,
        audience=audience_tokens(actor),
        synonyms=synonyms_of(house),
    )
    try:
        answer = search_index(house).search(query)
    except IndexUnavailable as error:
        log.warning("followed without the index", reason=error.params.get("reason"))
        found, is_sure = _plainly_known(session, house, actor, asked), False
    else:
        found, is_sure = {public_id_of(hit.key) for hit in answer.hits}, not answer.relaxed
    return found if is_sure else full_answers(session, house, write_question(asked), found)


def _plainly_known(session: Session, house: House, actor: Actor, asked: Asked) -> set[str]:
    rows = plain_rows(session, actor, asked.but(state="open"), _today(house), MOST_KNOWN)
    return {row.public_id for row in rows}


def _today(house: House) -> date:
    return civil_date(house.clock.now(), house.settings.time_zone)
