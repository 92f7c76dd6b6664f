"""Roadshows and visits to come in the one search."""

from datetime import date

from sqlalchemy.orm import Session

from exchange.discovery.rules import Asked
from exchange.discovery.things import PAGE, FoundPage, Kind, find
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.projects.visits.indexing import KIND, words_of
from exchange.projects.visits.list_queries import WantedVisits, coming_visits, seen_by_ids
from exchange.projects.visits.models import Visit
from exchange.search.port import Filters

LOOKED_THROUGH = 100  # while the index cannot answer


def find_visits(
    session: Session,
    house: House,
    actor: Actor,
    asked: Asked,
    today: date,
    cursor: str | None = None,
    limit: int = PAGE,
) -> FoundPage[Visit]:
    """What is to come and answers the words and the place of a question; nothing in it raises."""
    now, zone = house.clock.now(), house.settings.time_zone
    wanted = WantedVisits(division=asked.division)
    kind = Kind(
        name=KIND,
        filters=Filters(kinds=(KIND,), division=asked.division, open_on=today),
        seen=lambda session, actor, ids: seen_by_ids(session, actor, ids, now),
        plainly=lambda session, actor: coming_visits(
            session, actor, wanted, now, zone, LOOKED_THROUGH
        ),
        words=words_of,
    )
    return find(session, house, actor, kind, asked.q, today, cursor, limit)
