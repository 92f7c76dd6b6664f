"""Trainings of volunteers in the one search."""

from datetime import date

from sqlalchemy.orm import Session

from exchange.discovery.rules import Asked
from exchange.discovery.things import PAGE, FoundPage, Kind, find
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.search.port import Filters
from exchange.volunteering.training.indexing import KIND
from exchange.volunteering.training.kinds import TrainingState
from exchange.volunteering.training.models import Training
from exchange.volunteering.training.queries import WantedTraining, open_trainings, seen_by_ids


def find_trainings(
    session: Session,
    house: House,
    actor: Actor,
    asked: Asked,
    today: date,
    cursor: str | None = None,
    limit: int = PAGE,
) -> FoundPage[Training]:
    """What answers the words of a question; nothing in it raises.

    A place that was asked for narrows nothing: many are done at home, from everywhere.
    """
    now = house.clock.now()
    kind = Kind(
        name=KIND,
        filters=Filters(kinds=(KIND,), states=(TrainingState.PUBLISHED.value,)),
        seen=seen_by_ids,
        plainly=lambda session, actor: open_trainings(
            session, actor, WantedTraining(), None, now
        )[0],
        words=lambda training: (training.title, training.learns),
    )
    return find(session, house, actor, kind, asked.q, today, cursor, limit)
