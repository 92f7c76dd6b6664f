"""Before a proposal lapses: when that is, and the reminder to whoever has not answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.brokering.centre_settings import centre_settings_for
from exchange.brokering.events import SideReminded
from exchange.brokering.kinds import Answer, MatchState, Step
from exchange.brokering.matches import match_for_step, note_step
from exchange.brokering.models import Match, MatchSide
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict
from exchange.listings.kinds import Side


def set_days(act: Act, match: Match) -> None:
    """When a proposal made now lapses, and when who has not answered is reminded, as the centre of
    the need's place has set it.
    """
    settings = centre_settings_for(act.session, match.need.division_code)
    match.lapses_at = act.now + timedelta(days=settings.lapse_days)
    match.remind_at = match.lapses_at - timedelta(days=settings.reminder_days_before)


def due_to_remind(session: Session, now: datetime) -> Sequence[tuple[str, Side]]:
    """Public ids of proposals and their sides that are to be reminded now, by id."""
    query = (
        sa.select(Match.public_id, MatchSide.side)
        .join(MatchSide, MatchSide.match_id == Match.id)
        .where(
            Match.state == MatchState.PROPOSED,
            Match.remind_at <= now,
            Match.lapses_at > now,
            MatchSide.answer == Answer.PENDING,
            MatchSide.reminded_at.is_(None),
        )
        .order_by(Match.id, MatchSide.side)
    )
    return [(public_id, side) for public_id, side in session.execute(query)]


def remind(act: Act, public_id: str, side: Side) -> Match:
    """Remind a side once that the proposal lapses soon.

    Raises Conflict when it has answered or was reminded meanwhile, or it is not the time.
    """
    match, _ = match_for_step(act, public_id, Step.REMIND)
    mine = match.side(side)
    if mine.answer is not Answer.PENDING or mine.reminded_at is not None:
        raise Conflict("match_already_answered")
    if match.remind_at is None or match.lapses_at is None:
        raise Conflict("match_not_due")
    if not match.remind_at <= act.now < match.lapses_at:
        raise Conflict("match_not_due")
    mine.reminded_at = act.now
    note_step(act, match, f"{side.value}_reminded", alone=True)
    act.emit(SideReminded(match_id=match.id, side=side.value))
    return match
