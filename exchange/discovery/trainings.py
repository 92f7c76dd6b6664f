"""Trainings of volunteers in the one search: through the same index, looked at again in the
database.

While the index cannot answer, the database finds those with the words in title or text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import structlog
from sqlalchemy.orm import Session

from exchange.discovery.rules import Asked, rough
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.listings.permissions import audience_tokens
from exchange.search.meaning import meaning_of
from exchange.search.port import Filters, IndexUnavailable, InvalidCursor, Query, Segment
from exchange.search.synonyms.wiring import synonyms_of
from exchange.search.wiring import search_index
from exchange.volunteering.training.indexing import KIND, public_id_of
from exchange.volunteering.training.kinds import TrainingState
from exchange.volunteering.training.models import Training
from exchange.volunteering.training.queries import WantedTraining, open_trainings, seen_by_ids

log = structlog.get_logger(__name__)
PAGE = 20


@dataclass(frozen=True)
class FoundTraining:
    """A training, and the pieces of its title that were asked for."""

    training: Training
    title: tuple[Segment, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether the pieces make the title as it is now."""
        return "".join(piece.text for piece in self.title) == self.training.title


@dataclass(frozen=True)
class FoundTrainings:
    """One page; ``total`` is rounded where there are more, ``full`` have all of the words."""

    found: tuple[FoundTraining, ...]
    total: int
    full: int
    next_cursor: str | None = None


def find_trainings(
    session: Session,
    house: House,
    actor: Actor,
    asked: Asked,
    today: date,
    cursor: str | None = None,
    limit: int = PAGE,
) -> FoundTrainings:
    """What answers the words of a question; nothing in it raises.

    A place that was asked for narrows nothing: many are done at home, from everywhere.
    """
    query = Query(
        text=asked.q,
        filters=Filters(kinds=(KIND,), states=(TrainingState.PUBLISHED.value,)),
        cursor=cursor,
        limit=limit,
        audience=audience_tokens(actor),
        vector=meaning_of(house, asked.q),
        synonyms=synonyms_of(house),
        day=today,
    )
    try:
        return _by_index(session, house, actor, query)
    except InvalidCursor:
        return find_trainings(session, house, actor, asked, today, None, limit)
    except IndexUnavailable as error:
        log.warning("searched trainings without the index", reason=error.params.get("reason"))
        return _plainly(session, house, actor, asked, limit)


def _by_index(session: Session, house: House, actor: Actor, query: Query) -> FoundTrainings:
    answer = search_index(house).search(query)
    ids = [public_id_of(hit.key) for hit in answer.hits]
    rows = seen_by_ids(session, actor, ids) if ids else {}
    found = tuple(
        FoundTraining(rows[key], hit.title)
        for key, hit in zip(ids, answer.hits, strict=True)
        if key in rows
    )
    whole = answer.next_cursor is None and query.cursor is None
    total = len(found) if whole else rough(answer.total)
    return FoundTrainings(found, total, answer.full, answer.next_cursor)


def _plainly(
    session: Session, house: House, actor: Actor, asked: Asked, limit: int
) -> FoundTrainings:
    rows, _more = open_trainings(session, actor, WantedTraining(), None, house.clock.now())
    words = asked.q.casefold().split()
    fitting = [row for row in rows if _has_all(row, words)][:limit]
    return FoundTrainings(tuple(FoundTraining(row) for row in fitting), len(fitting), len(fitting))


def _has_all(row: Training, words: Sequence[str]) -> bool:
    said = f"{row.title} {row.learns}".casefold()
    return all(word in said for word in words)


def with_all_words(found: FoundTrainings) -> FoundTrainings:
    """Only those that have all of the words."""
    return replace(found, found=found.found[: found.full])
