"""Volunteer activities in the one search: through the same index, looked at again in the database.

While the index cannot answer, the database finds those with the words in title or text.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import structlog
from sqlalchemy.orm import Session

from exchange.discovery.rules import Asked, rough
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.listings.permissions import audience_tokens
from exchange.search.meaning import meaning_of
from exchange.search.port import (
    Filters,
    IndexUnavailable,
    InvalidCursor,
    Query,
    Segment,
)
from exchange.search.synonyms.wiring import synonyms_of
from exchange.search.wiring import search_index
from exchange.volunteering.indexing import KIND, public_id_of
from exchange.volunteering.kinds import ActivityState
from exchange.volunteering.models import Activity
from exchange.volunteering.searching import Wanted, open_activities, seen_by_ids

log = structlog.get_logger(__name__)
PAGE = 20


@dataclass(frozen=True)
class FoundActivity:
    """An activity, and the pieces of its title and text that were asked for."""

    activity: Activity
    title: tuple[Segment, ...] = ()
    snippet: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class FoundActivities:
    """One page; ``total`` is rounded where there are more, ``full`` have all of the words."""

    found: tuple[FoundActivity, ...]
    total: int
    full: int
    next_cursor: str | None = None
    cursor_refused: bool = False


def find_activities(
    session: Session,
    house: House,
    actor: Actor,
    asked: Asked,
    today: date,
    cursor: str | None = None,
    limit: int = PAGE,
) -> FoundActivities:
    """What answers the words and the place of a question; nothing in it raises."""
    query = Query(
        text=asked.q,
        filters=Filters(
            kinds=(KIND,),
            division=asked.division,
            states=(ActivityState.PUBLISHED.value,),
            open_on=today,
        ),
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
        first = find_activities(session, house, actor, asked, today, None, limit)
        return replace(first, cursor_refused=True)
    except IndexUnavailable as error:
        log.warning("searched activities without the index", reason=error.params.get("reason"))
        return _plainly(session, house, actor, asked, limit)


def _by_index(session: Session, house: House, actor: Actor, query: Query) -> FoundActivities:
    answer = search_index(house).search(query)
    ids = [public_id_of(hit.key) for hit in answer.hits]
    rows = seen_by_ids(session, actor, ids) if ids else {}
    found = tuple(
        FoundActivity(
            rows[key], _if_said(hit.title, rows[key].title), _if_said(hit.snippet, rows[key].text)
        )
        for key, hit in zip(ids, answer.hits, strict=True)
        if key in rows
    )
    whole = answer.next_cursor is None and query.cursor is None
    total = len(found) if whole else rough(answer.total)
    return FoundActivities(found, total, answer.full, answer.next_cursor)


def _plainly(
    session: Session, house: House, actor: Actor, asked: Asked, limit: int
) -> FoundActivities:
    now: datetime = house.clock.now()
    rows, _more = open_activities(
        session, actor, Wanted(division=asked.division), now, house.settings.time_zone
    )
    words = asked.q.casefold().split()
    fitting = [row for row in rows if _has_all(row, words)][:limit]
    return FoundActivities(tuple(FoundActivity(row) for row in fitting), len(fitting), len(fitting))


def _has_all(row: Activity, words: Sequence[str]) -> bool:
    said = f"{row.title} {row.text}".casefold()
    return all(word in said for word in words)


def _if_said(pieces: tuple[Segment, ...], text: str) -> tuple[Segment, ...]:
    """The pieces if the text as it is now still says them."""
    words = "".join(piece.text for piece in pieces).strip("… ")
    return pieces if words and words in " ".join(text.split()) else ()
