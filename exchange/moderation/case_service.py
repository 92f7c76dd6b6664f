"""Looking after a case: take it, put it down, decide."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from exchange.accounts.kinds import Verification
from exchange.accounts.verification.rules import claim_counts
from exchange.accounts.verification.suspension_service import suspend_organisation
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.moderation.events import CaseClaimed, CaseDecided
from exchange.moderation.holding import hold_for, note_step, release_for
from exchange.moderation.kinds import CaseState, StepKind, Verdict
from exchange.moderation.locking import known_case, lock_case
from exchange.moderation.models import ModerationCase
from exchange.moderation.permissions import facts_of
from exchange.moderation.queries import is_holding, pending_appeal
from exchange.moderation.rules import CLOSING, SAID_TO_OWNER, verdicts_for
from exchange.moderation.things import (
    Refs,
    Thing,
    held_for,
    key_of,
    lock_things,
    refs_of,
    shown_things,
)

LONGEST = 500


@dataclass(frozen=True)
class Ruling:
    """What was decided. ``reason`` stays inside; ``said`` is the sentence that the owner reads.

    ``version`` is that of the case as it was read.
    """

    verdict: Verdict
    reason: str
    said: str = ""
    version: int | None = None


def claim_case(act: Act, public_id: str, *, over: bool = False) -> ModerationCase:
    """Say that one looks at it; ``over`` takes it over from a colleague. Raises Conflict."""
    case = known_case(act, public_id)
    lock_case(act, case)
    _require_open(case)
    if not over and _is_anothers(act, case):
        raise Conflict("claimed_by_other")
    case.claimed_by_id, case.claimed_at = act.actor.person_id, act.now
    note_step(act, case, StepKind.CLAIMED)
    act.emit(CaseClaimed(case.id, act.actor.person_id))
    return case


def release_case(act: Act, public_id: str) -> ModerationCase:
    """Put down what one has taken. Raises Conflict where somebody else has it."""
    case = known_case(act, public_id)
    lock_case(act, case)
    _require_open(case)
    if case.claimed_by_id != act.actor.person_id:
        raise Conflict("claimed_by_other")
    case.claimed_by_id = case.claimed_at = None
    note_step(act, case, StepKind.PUT_DOWN)
    act.emit(CaseClaimed(case.id, None))
    return case


def decide_case(act: Act, public_id: str, ruling: Ruling) -> ModerationCase:
    """Decide what is done about what was reported, with a reason.

    Whatever the owner feels needs a sentence to them. Raises NotFound for who does not look after
    it, Forbidden for what is not theirs to decide, Invalid, or Conflict when somebody else was
    faster, looks at it, or an appeal waits.
    """
    case = known_case(act, public_id)
    things = lock_things(act, _concerned(act, case, ruling.verdict))
    lock_case(act, case, ruling.version)
    _require_open(case)
    if _is_anothers(act, case):
        raise Conflict("claimed_by_other")
    if pending_appeal(act.session, case.id) is not None:
        raise Conflict("appeal_waits")
    _require_allowed(act, case, ruling)
    was_held = is_holding(act.session, case.id)
    case.verdict, case.decided_by_id, case.decided_at = ruling.verdict, act.actor.person_id, act.now
    case.reason = ruling.reason.strip()
    case.said = ruling.said.strip()
    WAYS[ruling.verdict](act, case, things)
    if ruling.verdict in CLOSING:
        case.state, case.closed_at = CaseState.CLOSED, act.now
    case.version += 1
    note_step(act, case, StepKind(ruling.verdict.value), case.reason, case.said)
    act.session.flush()
    act.emit(CaseDecided(case.id, ruling.verdict.value, act.actor.person_id, was_held))
    return case


def _concerned(act: Act, case: ModerationCase, verdict: Verdict) -> Refs:
    """What the verdict may touch."""
    found = held_for(act, [case.id])
    more = [refs_of(case)]
    if verdict is Verdict.SUSPEND and case.organisation_id is not None:
        more.append(shown_things(act, case.organisation_id))
    for one in more:
        found.listings |= one.listings
        found.projects |= one.projects
        found.activities |= one.activities
    return found


def _require_allowed(act: Act, case: ModerationCase, ruling: Ruling) -> None:
    owner = case.organisation
    facts = facts_of(
        case,
        is_held=is_holding(act.session, case.id),
        is_suspended=owner is not None and owner.verification is Verification.SUSPENDED,
    )
    if ruling.verdict not in verdicts_for(act.actor, facts):
        raise Forbidden("verdict_not_yours")
    problems = {}
    if not 0 < len(ruling.reason.strip()) <= LONGEST:
        problems["reason"] = ["required" if not ruling.reason.strip() else "report_too_long"]
    said = ruling.said.strip()
    if (ruling.verdict in SAID_TO_OWNER and not said) or len(said) > LONGEST:
        problems["said"] = ["said_needed" if not said else "report_too_long"]
    if problems:
        raise Invalid(fields=problems)


def _no_action(act: Act, case: ModerationCase, things: Sequence[Thing]) -> None:
    release_for(act, case, things)


def _mend(_act: Act, case: ModerationCase, _things: Sequence[Thing]) -> None:
    case.state = CaseState.WAITING


def _hold(act: Act, case: ModerationCase, things: Sequence[Thing]) -> None:
    hold_for(act, case, [one for one in things if key_of(one) == case.target_key])
    case.state = CaseState.OPEN


def _suspend(act: Act, case: ModerationCase, things: Sequence[Thing]) -> None:
    if case.organisation is None:
        raise NotFound
    suspend_organisation(act, case.organisation.public_id, case.said)  # first: matches end of it
    hold_for(act, case, things)


def _refer(_act: Act, case: ModerationCase, _things: Sequence[Thing]) -> None:
    case.at_centre = True
    case.claimed_by_id = case.claimed_at = None
    case.state = CaseState.OPEN


WAYS: dict[Verdict, Callable[[Act, ModerationCase, Sequence[Thing]], None]] = {
    Verdict.NO_ACTION: _no_action,
    Verdict.MEND: _mend,
    Verdict.HOLD: _hold,
    Verdict.TAKE_DOWN: _hold,
    Verdict.SUSPEND: _suspend,
    Verdict.REFER: _refer,
}


def _require_open(case: ModerationCase) -> None:
    if case.state is CaseState.CLOSED:
        raise Conflict("already_decided")


def _is_anothers(act: Act, case: ModerationCase) -> bool:
    return claim_counts(case.claimed_by_id, case.claimed_at, act.actor.person_id, act.now)
