"""Reminding whoever has not answered: by the clock before a proposal lapses, and by its broker."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.brokering.board.postponing import insist_seen
from exchange.brokering.board.postponing_rules import (
    REMIND_AGAIN_AFTER,
    is_last_reminder_due,
    may_remind,
)
from exchange.brokering.centre.settings import centre_settings_for
from exchange.brokering.deeds.kinds import Deed
from exchange.brokering.deeds.rules import may_do
from exchange.brokering.events import SideReminded
from exchange.brokering.kinds import Answer, MatchState, Step
from exchange.brokering.matches import insist, locked_match, match_for_step, note_step
from exchange.brokering.models import Match, MatchSide
from exchange.brokering.permissions import parties_of
from exchange.kernel.act import Act
from exchange.kernel.decisions import Decision, refuse
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
    not_yet = sa.or_(
        MatchSide.reminded_at.is_(None),
        sa.and_(
            MatchSide.reminded_at < Match.remind_at,
            MatchSide.reminded_at <= now - REMIND_AGAIN_AFTER,
        ),
    )
    query = (
        sa.select(Match.public_id, MatchSide.side)
        .join(MatchSide, MatchSide.match_id == Match.id)
        .where(
            Match.state == MatchState.PROPOSED,
            Match.remind_at <= now,
            Match.lapses_at > now,
            MatchSide.answer == Answer.PENDING,
            not_yet,
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
    if mine.answer is not Answer.PENDING:
        raise Conflict("match_already_answered")
    if match.remind_at is None or match.lapses_at is None:
        raise Conflict("match_not_due")
    if not match.remind_at <= act.now < match.lapses_at:
        raise Conflict("match_not_due")
    if not is_last_reminder_due(
        reminded_at=mine.reminded_at, remind_at=match.remind_at, now=act.now
    ):
        raise Conflict("match_already_answered")
    _remind(act, match, mine, f"{side.value}_reminded", alone=True)
    return match


def remind_now(act: Act, public_id: str, *, version: int | None = None) -> tuple[Side, ...]:
    """Whoever brokers a proposal has every side reminded that has not answered; which these are.

    A side hears of a proposal at most once in a day. The last reminder before the lapse still
    comes. Raises NotFound, Forbidden, or Conflict when no side may be reminded now.
    """
    match = locked_match(act, public_id)
    insist(may_do(Deed.REMIND, match.state, parties_of(act.actor, match)))
    insist_seen(match, version)
    decision, sides = who_may_be_reminded(match, act.now)
    if not decision:
        raise Conflict(decision.code, **decision.params)
    for side in sides:
        _remind(act, match, match.side(side), f"reminded_{side.value}")
    return sides


def who_may_be_reminded(match: Match, now: datetime) -> tuple[Decision, tuple[Side, ...]]:
    """The sides of a proposal that may be reminded now; where there is none, why not."""
    if match.lapses_at is not None and match.lapses_at <= now:
        return refuse("match_lapsing"), ()
    asked = {
        side: may_remind(
            match.side(side).answer, asked_at=match.proposed_at,
            reminded_at=match.side(side).reminded_at, now=now,
        )
        for side in Side
    }  # fmt: skip
    sides = tuple(side for side, decision in asked.items() if decision)
    if sides:
        return asked[sides[0]], sides
    pending = [side for side in Side if match.side(side).answer is Answer.PENDING]
    return asked[pending[0] if pending else Side.NEED], ()


def _remind(act: Act, match: Match, mine: MatchSide, code: str, *, alone: bool = False) -> None:
    mine.reminded_at = act.now
    note_step(act, match, code, alone=alone)
    act.emit(SideReminded(match_id=match.id, side=mine.side.value))
