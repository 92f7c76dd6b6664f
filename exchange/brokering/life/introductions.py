"""How often organisations were taken up and introduced, for the balance of what is suggested."""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.brokering.kinds import MatchState
from exchange.brokering.models import Match, MatchSide
from exchange.matching.exposure_rules import Introductions


def introductions(
    session: Session, organisation_ids: Collection[int], since: datetime
) -> Mapping[int, Introductions]:
    """By organisation: pairs taken up since then, and introductions ever. One query."""
    if not organisation_ids:
        return {}
    taken = sa.and_(Match.state != MatchState.DISMISSED, Match.created_at >= since)
    query = (
        sa.select(
            MatchSide.organisation_id,
            sa.func.count().filter(taken),
            sa.func.count(Match.introduced_at),
        )
        .join(Match, Match.id == MatchSide.match_id)
        .where(MatchSide.organisation_id.in_(organisation_ids))
        .group_by(MatchSide.organisation_id)
    )
    return {key: Introductions(lately, ever) for key, lately, ever in session.execute(query)}
