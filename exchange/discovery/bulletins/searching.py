"""Bulletins in the one search."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from exchange.discovery.bulletins.indexing import KIND, words_of
from exchange.discovery.bulletins.kinds import State
from exchange.discovery.bulletins.models import Bulletin
from exchange.discovery.bulletins.queries import published
from exchange.discovery.rules import Asked
from exchange.discovery.things import PAGE, FoundPage, Kind, find
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.search.port import Filters

LOOKED_THROUGH = 100  # while the index cannot answer


def find_bulletins(
    session: Session,
    house: House,
    actor: Actor,
    asked: Asked,
    today: date,
    cursor: str | None = None,
    limit: int = PAGE,
) -> FoundPage[Bulletin]:
    """The issues that answer the words and the place of a question; nothing in it raises."""
    kind = Kind(
        name=KIND,
        filters=Filters(
            kinds=(KIND,), division=asked.division, states=(State.PUBLISHED.value,)
        ),
        seen=seen_by_ids,
        plainly=lambda session, _actor: published(
            session, prefix=asked.division, limit=LOOKED_THROUGH
        ),
        words=words_of,
    )
    return find(session, house, actor, kind, asked.q, today, cursor, limit)


def seen_by_ids(session: Session, _actor: Actor, ids: Sequence[str]) -> Mapping[str, Bulletin]:
    """Whatever has come out is for everybody."""
    return {one.public_id: one for one in published(session, public_ids=ids, limit=len(ids))}
