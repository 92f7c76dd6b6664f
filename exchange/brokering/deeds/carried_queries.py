"""What came of the matches of needs, for the project that the needs belong to."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.brokering.kinds import DONE_STATES
from exchange.brokering.models import Match, Outcome
from exchange.projects.evaluation.outcomes import Carried


def carried_outcomes(session: Session, need_ids: Sequence[int]) -> list[Carried]:
    """The outcomes that both sides have confirmed, in the order of their matches."""
    query = (
        sa.select(Outcome)
        .join(Match, Match.id == Outcome.match_id)
        .where(
            Match.need_id.in_(sorted(need_ids)),
            Match.state.in_(DONE_STATES),
            Outcome.need_confirmed_at.is_not(None),
            Outcome.offer_confirmed_at.is_not(None),
        )
        .options(joinedload(Outcome.match).joinedload(Match.need))
        .order_by(Outcome.match_id)
    )
    return [
        Carried(
            listing_id=one.match.need_id,
            match_public_id=one.match.public_id,
            delivered_milli=one.delivered_milli,
            unit=one.match.need.unit or one.unit,
            people=one.people,
            income_fen=one.income_fen,
            income_period=one.income_period.value if one.income_period else "",
            saved_fen=one.saved_fen,
            saved_period=one.saved_period.value if one.saved_period else "",
        )
        for one in session.scalars(query)
    ]
