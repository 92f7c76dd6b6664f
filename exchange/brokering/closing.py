"""How a match ends without an outcome: withdrawn, failed or lapsed. What it held is given back."""

from datetime import timedelta

import sqlalchemy as sa

from exchange.brokering.events import MatchClosed
from exchange.brokering.kinds import CloseReason, MatchState, Step
from exchange.brokering.matches import locked_pair, match_for_step, move, note_step
from exchange.brokering.models import Match
from exchange.kernel.act import Act
from exchange.kernel.errors import Invalid
from exchange.listings.commitments import release_quantity

LAPSE_AFTER = timedelta(days=14)


def withdraw(act: Act, public_id: str, reason: CloseReason, note: str = "") -> Match:
    """The social worker takes the proposal back."""
    match, _ = match_for_step(act, public_id, Step.WITHDRAW)
    return _close(act, match, MatchState.WITHDRAWN, reason, note)


def fail(act: Act, public_id: str, reason: CloseReason, note: str) -> Match:
    """Somebody says that nothing came of it; what was held and not delivered is free again."""
    match, _ = match_for_step(act, public_id, Step.FAIL)
    if not note.strip():
        raise Invalid(fields={"note": ["required"]})
    return _close(act, match, MatchState.FAILED, reason, note)


def lapse_due(act: Act) -> int:
    """Let proposals lapse that nobody has answered in time; return how many."""
    due = act.session.scalars(
        sa.select(Match.public_id).where(
            Match.state == MatchState.PROPOSED, Match.proposed_at < act.now - LAPSE_AFTER
        )
    ).all()
    for public_id in due:
        match, _ = match_for_step(act, public_id, Step.LAPSE)
        _close(act, match, MatchState.LAPSED, CloseReason.NO_ANSWER, "")
    return len(due)


def _close(act: Act, match: Match, state: MatchState, reason: CloseReason, note: str) -> Match:
    _give_back(act, match)
    match.close_reason, match.close_note, match.closed_at = reason, note.strip()[:2000], act.now
    move(act, match, state)
    note_step(act, match, state.value, note, reason=reason.value)
    act.emit(MatchClosed(match_id=match.id, state=state.value, reason=reason.value))
    return match


def _give_back(act: Act, match: Match) -> None:
    """Free the undelivered part of every commitment, in proportion on the need's side."""
    held = [item for item in match.commitments if item.released_at is None]
    if not held:
        return
    need, offer = locked_pair(act, match.need_id, match.offer_id)
    taken = sum(item.taken_milli - item.delivered_milli for item in held)
    covered = sum(
        item.covers_milli - item.covers_milli * item.delivered_milli // item.taken_milli
        for item in held
    )
    for listing, milli in sorted(((need, covered), (offer, taken)), key=lambda pair: pair[0].id):
        if milli:
            release_quantity(act, listing, milli)
    for item in held:
        item.released_at = act.now
