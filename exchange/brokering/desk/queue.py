"""How many matches a broker has in hand."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.brokering.kinds import LIVE_STATES
from exchange.brokering.models import Match
from exchange.kernel.actor import Actor


def live_count(session: Session, actor: Actor) -> int:
    """How many live matches a broker has in hand."""
    query = sa.select(sa.func.count()).select_from(Match)
    mine = query.where(Match.broker_id == actor.person_id, Match.state.in_(LIVE_STATES))
    return session.scalar(mine) or 0
