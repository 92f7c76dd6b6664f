"""Which matches rest until a later day, and until when each may."""

from collections.abc import Collection
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.brokering.kinds import MatchState
from exchange.brokering.models import Commitment, Match


def is_awake(today: date) -> ColumnElement[bool]:
    """As a condition on Match: it does not rest until a later day."""
    return sa.or_(Match.postponed_until.is_(None), Match.postponed_until <= today)


def rests_until(match: Match, today: date) -> date | None:
    """The later day until which a match rests; None when it does not."""
    until = match.postponed_until
    return until if until is not None and until > today else None


def undelivered() -> ColumnElement[bool]:
    """As a condition on Commitment: something of it is still to come, and it has a day."""
    return sa.and_(
        Commitment.released_at.is_(None),
        Commitment.due_on.is_not(None),
        Commitment.delivered_milli < Commitment.taken_milli,
    )


def next_due(session: Session, match_ids: Collection[int]) -> dict[int, date]:
    """The first day on which something undelivered is due, by match; one query."""
    if not match_ids:
        return {}
    query = (
        sa.select(Commitment.match_id, sa.func.min(Commitment.due_on))
        .where(Commitment.match_id.in_(sorted(match_ids)), undelivered())
        .group_by(Commitment.match_id)
    )
    return {match_id: due_on for match_id, due_on in session.execute(query) if due_on}


def lapse_day(match: Match, time_zone: str) -> date | None:
    """The civil day on which a proposal lapses; None for a match that is none."""
    if match.state is not MatchState.PROPOSED or match.lapses_at is None:
        return None
    return match.lapses_at.astimezone(ZoneInfo(time_zone)).date()
