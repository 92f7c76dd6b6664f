"""How a match ends without an outcome: withdrawn, failed or lapsed. What it held is given back."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.brokering.deeds.holding import give_back
from exchange.brokering.events import MatchClosed
from exchange.brokering.kinds import CloseReason, EndCause, MatchState, Step
from exchange.brokering.matches import match_for_step, move, note_step
from exchange.brokering.models import Match
from exchange.brokering.rules import may_end_for
from exchange.brokering.words import refuse_words
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Invalid


def withdraw(act: Act, public_id: str, reason: CloseReason, note: str = "") -> Match:
    """The social worker takes the proposal back. Raises Invalid for a reason that does not fit."""
    match, _ = match_for_step(act, public_id, Step.WITHDRAW)
    _insist_it_fits(match, reason)
    refuse_words(match, note=note)
    return _close(act, match, MatchState.WITHDRAWN, reason, note)


def fail(act: Act, public_id: str, reason: CloseReason, note: str) -> Match:
    """Somebody says that nothing came of it; what was held and not delivered is free again, and so
    is what the receiving side has not confirmed.

    Raises Invalid without words, and for a reason that does not fit.
    """
    match, _ = match_for_step(act, public_id, Step.FAIL)
    _insist_it_fits(match, reason)
    if not note.strip():
        raise Invalid(fields={"note": ["required"]})
    refuse_words(match, note=note)
    return _close(act, match, MatchState.FAILED, reason, note)


def due_to_lapse(session: Session, now: datetime) -> Sequence[str]:
    """Public ids of the proposals that nobody has answered in time, by id."""
    query = sa.select(Match.public_id).where(
        Match.state == MatchState.PROPOSED, Match.lapses_at <= now
    )
    return session.scalars(query.order_by(Match.id)).all()


def lapse(act: Act, public_id: str) -> Match:
    """Let a proposal lapse that nobody has answered in time.

    Raises Conflict if somebody has, or if its day has not come.
    """
    match, _ = match_for_step(act, public_id, Step.LAPSE)
    if match.lapses_at is None or match.lapses_at > act.now:
        raise Conflict("match_not_due")
    return _close(act, match, MatchState.LAPSED, CloseReason.NO_ANSWER, "", alone=True)


def end_early(act: Act, match: Match, cause: EndCause, reason: CloseReason) -> Match:
    """One of the two is not to be had any more before they have met. The caller holds the lock."""
    return _close(act, match, MatchState.LAPSED, reason, "", cause=cause, alone=True)


def _insist_it_fits(match: Match, reason: CloseReason) -> None:
    decision = may_end_for(reason, is_promised=bool(match.commitments))
    if not decision:
        raise Invalid(fields={"reason": [decision.code]})


def _close(
    act: Act,
    match: Match,
    state: MatchState,
    reason: CloseReason,
    note: str,
    *,
    cause: EndCause | None = None,
    alone: bool = False,
) -> Match:
    give_back(act, match)
    match.close_reason, match.close_note, match.closed_at = reason, note.strip()[:2000], act.now
    move(act, match, state)
    why = cause.value if cause else ""
    note_step(act, match, state.value, note, alone=alone, reason=reason.value, cause=why)
    act.emit(MatchClosed(match_id=match.id, state=state.value, reason=reason.value, cause=why))
    return match
