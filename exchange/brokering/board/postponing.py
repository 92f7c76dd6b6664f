"""Setting a match aside until a day, and taking it up again before.

It leaves its worker's lists until then. Its rest goes on counting: supervisors are told as of any
other match, and whatever a side does brings it back at once.
"""

from datetime import date
from typing import Any

from exchange.brokering.board.postponing_events import MatchPostponed, MatchResumed
from exchange.brokering.board.postponing_queries import lapse_day, next_due
from exchange.brokering.board.postponing_rules import may_postpone
from exchange.brokering.deeds.kinds import Deed
from exchange.brokering.deeds.rules import may_do
from exchange.brokering.kinds import PostponeReason
from exchange.brokering.matches import insist, locked_match, note_step
from exchange.brokering.models import Match
from exchange.brokering.permissions import parties_of
from exchange.brokering.words import refuse_payments
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Invalid

LONGEST_NOTE = 500


def postpone(
    act: Act,
    public_id: str,
    day: date,
    reason: PostponeReason,
    note: str = "",
    *,
    version: int | None = None,
) -> bool:
    """Look at a match again on a later day; whether that is new.

    ``version`` is the one that was seen. Raises NotFound for strangers, Forbidden for who does not
    broker it, Conflict when it has moved on or may not rest so long, Invalid for the note.
    """
    match = _match_for(act, public_id, Deed.POSTPONE, version)
    words = note.strip()
    if len(words) > LONGEST_NOTE:
        raise Invalid(fields={"note": ["postpone_note_long"]})
    refuse_payments(note=words)
    zone = act.house.settings.time_zone
    due_on = next_due(act.session, (match.id,)).get(match.id)
    decision = may_postpone(
        day, act.today, lapses_on=lapse_day(match, zone), due_on=due_on
    )
    if not decision:
        raise Conflict(decision.code, **decision.params)
    wanted = day, reason, words or None
    if (match.postponed_until, match.postpone_reason, match.postpone_note) == wanted:
        return False
    match.postponed_until, match.postpone_reason, match.postpone_note = wanted
    _note_aside(act, match, "postponed", words, until=day.isoformat(), reason=reason.value)
    act.emit(MatchPostponed(match.id))
    return True


def resume(act: Act, public_id: str, *, version: int | None = None) -> bool:
    """Take a match up again before its day; whether it rested. Raises as ``postpone`` does."""
    match = _match_for(act, public_id, Deed.RESUME, version)
    rested = match.postponed_until is not None and match.postponed_until > act.today
    if not rested:
        return False
    wake(match)
    _note_aside(act, match, "resumed", "")
    act.emit(MatchResumed(match.id))
    return True


def wake(match: Match) -> None:
    """It does not rest any more. The caller holds its lock and says why on the timeline."""
    match.postponed_until = match.postpone_reason = match.postpone_note = None


def insist_seen(match: Match, version: int | None) -> None:
    """Raises Conflict when the match has moved on since its version was read."""
    if version is not None and match.version != version:
        raise Conflict("match_changed")


def _match_for(act: Act, public_id: str, deed: Deed, version: int | None) -> Match:
    match = locked_match(act, public_id)
    insist(may_do(deed, match.state, parties_of(act.actor, match)))
    insist_seen(match, version)
    return match


def _note_aside(act: Act, match: Match, code: str, note: str, **params: Any) -> None:
    """A line that only who brokers reads, and that does not count as work on the match."""
    touched = match.updated_at
    note_step(act, match, code, note, internal=True, **params)
    match.updated_at = touched
