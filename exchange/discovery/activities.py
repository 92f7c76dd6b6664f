"""Volunteer activities in the one search."""

from datetime import date

from sqlalchemy.orm import Session

from exchange.discovery.rules import Asked
from exchange.discovery.things import PAGE, FoundPage, Kind, find
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.search.port import Filters
from exchange.volunteering.indexing import KIND
from exchange.volunteering.kinds import ActivityState
from exchange.volunteering.models import Activity
from exchange.volunteering.searching import Wanted, open_activities, seen_by_ids


def find_activities(
    session: Session,
    house: House,
    actor: Actor,
    asked: Asked,
    today: date,
    cursor: str | None = None,
    limit: int = PAGE,
) -> FoundPage[Activity]:
    """What answers the words and the place of a question; nothing in it raises."""
    now, zone = house.clock.now(), house.settings.time_zone
    wanted = Wanted(division=asked.division)
    kind = Kind(
        name=KIND,
        filters=Filters(
            kinds=(KIND,),
            division=asked.division,
            states=(ActivityState.PUBLISHED.value,),
            open_on=today,
        ),
        seen=seen_by_ids,
        plainly=lambda session, actor: open_activities(session, actor, wanted, now, zone)[0],
        words=lambda activity: (activity.title, activity.text),
    )
    return find(session, house, actor, kind, asked.q, today, cursor, limit)
