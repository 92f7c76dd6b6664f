"""News of projects in the one search."""

from datetime import date

from sqlalchemy.orm import Session

from exchange.discovery.rules import Asked
from exchange.discovery.things import PAGE, FoundPage, Kind, find
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.projects.models import ProjectUpdate
from exchange.projects.news.indexing import KIND, words_of
from exchange.projects.news.queries import latest_news, seen_by_ids
from exchange.search.port import Filters

LOOKED_THROUGH = 100  # while the index cannot answer


def find_news(
    session: Session,
    house: House,
    actor: Actor,
    asked: Asked,
    today: date,
    cursor: str | None = None,
    limit: int = PAGE,
) -> FoundPage[ProjectUpdate]:
    """The news that answer the words and the place of a question; nothing in it raises."""
    kind = Kind(
        name=KIND,
        filters=Filters(kinds=(KIND,), division=asked.division),
        seen=seen_by_ids,
        plainly=lambda session, actor: latest_news(
            session, actor, asked.division, LOOKED_THROUGH
        ),
        words=words_of,
    )
    return find(session, house, actor, kind, asked.q, today, cursor, limit)
