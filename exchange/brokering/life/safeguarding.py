"""Before people come to people who need protection: a verified giver, and a check of who comes."""

from datetime import date

from exchange.accounts.kinds import Verification
from exchange.brokering.events import MatchChecked
from exchange.brokering.kinds import CheckKind, Step
from exchange.brokering.matches import match_for_step, note_step
from exchange.brokering.models import Match, MatchCheck
from exchange.brokering.rules import CHECKED_WITHIN, is_safe
from exchange.brokering.words import refuse_payments
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Invalid
from exchange.taxonomy.safeguards import needs_check


def is_needed(match: Match) -> bool:
    """Whether this pair asks for it."""
    need, offer = match.need, match.offer
    return needs_check(need.category_code, need.beneficiaries, offer.category_code)


def is_verified(match: Match) -> bool:
    """Whether the giver is."""
    return match.offer.organisation.verification is Verification.VERIFIED


def insist_safe(act: Act, match: Match) -> None:
    """Raises Conflict where the two may not be introduced yet, with what is missing."""
    decision = is_safe(
        is_needed=is_needed(match),
        is_verified=is_verified(match),
        checked_on=match.check.seen_on if match.check else None,
        today=act.today,
    )
    if not decision:
        raise Conflict(decision.code, **decision.params)


def record_check(act: Act, public_id: str, kind: CheckKind, seen_on: date, note: str = "") -> Match:
    """Put a check on record; one more takes the place of the former, which stays on the timeline.

    Raises Invalid for a day to come or of more than a year ago, Conflict where none is needed.
    """
    match, _ = match_for_step(act, public_id, Step.CHECK)
    if not is_needed(match):
        raise Conflict("safeguard_not_needed")
    if seen_on > act.today:
        raise Invalid(fields={"seen_on": ["not_in_future"]})
    if act.today - seen_on > CHECKED_WITHIN:
        raise Invalid(fields={"seen_on": ["safeguard_too_old"]})
    refuse_payments(note=note)
    assert act.actor.person_id is not None  # noqa: S101 - the step is a broker's
    found = match.check or MatchCheck(match=match)
    found.kind, found.seen_on, found.note = kind, seen_on, note.strip()[:500]
    found.recorded_by_id, found.recorded_at = act.actor.person_id, act.now
    act.session.add(found)
    note_step(act, match, "checked", note, internal=True, kind=kind.value)
    act.emit(MatchChecked(match_id=match.id, kind=kind.value))
    return match
