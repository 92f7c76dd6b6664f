"""What answers the words of a question beside listings and projects: one look through the index for
all other kinds, each looked at again in the database.

Only those with all of the words: what is near by meaning stands on the pages of their own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from exchange.discovery.bulletins.indexing import KIND as BULLETIN
from exchange.discovery.bulletins.searching import seen_by_ids as seen_bulletins
from exchange.discovery.rules import Asked
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.listings.permissions import audience_tokens
from exchange.projects.news.indexing import KIND as NEWS
from exchange.projects.news.queries import seen_by_ids as seen_news
from exchange.projects.visits.indexing import KIND as VISIT
from exchange.projects.visits.list_queries import seen_by_ids as seen_visits
from exchange.search.port import Filters, IndexUnavailable, Query
from exchange.search.synonyms.wiring import synonyms_of
from exchange.search.tables import public_id_of
from exchange.search.wiring import search_index, shared_analyzer
from exchange.volunteering.indexing import KIND as ACTIVITY
from exchange.volunteering.searching import seen_by_ids as seen_activities
from exchange.volunteering.training.indexing import KIND as TRAINING
from exchange.volunteering.training.queries import seen_by_ids as seen_trainings

KINDS = (ACTIVITY, TRAINING, NEWS, VISIT, BULLETIN)
LOOKED_AT = 12
QUOTES = dict.fromkeys(map(ord, '"“”「」《》'))
Seen = Callable[[Session, Actor, Sequence[str]], Mapping[str, Any]]


@dataclass(frozen=True)
class Other:
    """Something of another kind."""

    kind: str
    thing: Any


def may_have_others(asked: Asked) -> bool:
    """Whether a question asks for all kinds, by words and at most a place."""
    return bool(asked.q) and not asked.side and asked.filters == bool(asked.division)


def find_others(
    session: Session, house: House, actor: Actor, asked: Asked, today: date
) -> list[Other]:
    """What has all of the words, the best first; nothing while the index cannot answer."""
    query = Query(
        text=asked.q,
        filters=Filters(kinds=KINDS, division=asked.division, open_on=today),
        limit=LOOKED_AT,
        audience=audience_tokens(actor),
        synonyms=synonyms_of(house),
        day=today,
    )
    try:
        answer = search_index(house).search(query)
    except IndexUnavailable:
        return []
    keys = [hit.key for hit in answer.hits[: answer.full]]
    seen = _seen_by_key(session, house, actor, keys)
    return [Other(key.partition(":")[0], seen[key]) for key in keys if key in seen]


def _seen_by_key(
    session: Session, house: House, actor: Actor, keys: Sequence[str]
) -> dict[str, Any]:
    now = house.clock.now()
    looks: dict[str, Seen] = {
        ACTIVITY: seen_activities,
        TRAINING: seen_trainings,
        NEWS: seen_news,
        VISIT: lambda session, actor, ids: seen_visits(session, actor, ids, now),
        BULLETIN: seen_bulletins,
    }
    found: dict[str, Any] = {}
    for kind, look in looks.items():
        ids = [public_id_of(key) for key in keys if key.startswith(f"{kind}:")]
        if ids:
            things = look(session, actor, ids)
            found |= {f"{kind}:{public_id}": thing for public_id, thing in things.items()}
    return found


def says(words: str, text: str) -> bool:
    """Whether a text has the words as they were typed, whatever its blanks and capitals."""
    return _squeezed(words) in _squeezed(text)


def is_called(words: str, title: str) -> bool:
    """Whether the words are the title."""
    return _squeezed(words) == _squeezed(title)


def has_each(words: str, title: str) -> bool:
    """Whether a title has every word, in whatever order."""
    said = _squeezed(title)
    return all(_squeezed(word) in said for word in shared_analyzer().cut(words))


def _squeezed(text: str) -> str:
    return "".join(text.casefold().translate(QUOTES).split())
