"""Moderation from values alone: what comes first, what is hidden by itself, who may do what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from exchange.kernel.actor import Actor
from exchange.kernel.decisions import Decision, allow, refuse
from exchange.moderation.kinds import CaseState, Reason, TargetKind, Verdict

URGENT, SOON, USUAL = 0, 1, 2
PRIORITIES = {
    Reason.CHILD: URGENT,
    Reason.PRIVATE: URGENT,
    Reason.FRAUD: SOON,
    Reason.OFFENSIVE: SOON,
    Reason.WRONG: USUAL,
    Reason.DUPLICATE: USUAL,
    Reason.OTHER: USUAL,
}
# So many different people who report one of these hide a listing until somebody has looked.
HOLD_REASONS = frozenset({Reason.CHILD, Reason.PRIVATE})
HOLD_AT = 3
DUE = {URGENT: timedelta(hours=24), SOON: timedelta(days=3), USUAL: timedelta(days=7)}
APPEAL_WITHIN = timedelta(days=30)
ANSWER_WITHIN = timedelta(days=7)  # for the owner, to put right what was asked
TEXTS_KEPT = timedelta(days=365)  # after a case was closed
APPEALABLE = frozenset({Verdict.HOLD, Verdict.TAKE_DOWN, Verdict.SUSPEND})
CLOSING = frozenset({Verdict.NO_ACTION, Verdict.TAKE_DOWN, Verdict.SUSPEND})
SAID_TO_OWNER = frozenset({Verdict.MEND, Verdict.HOLD, Verdict.TAKE_DOWN, Verdict.SUSPEND})
VERDICTS = {
    TargetKind.LISTING: tuple(Verdict),
    TargetKind.PROJECT: tuple(Verdict),
    TargetKind.ACTIVITY: tuple(Verdict),
    TargetKind.ORGANISATION: (Verdict.NO_ACTION, Verdict.MEND, Verdict.SUSPEND, Verdict.REFER),
    TargetKind.PERSON: (Verdict.NO_ACTION, Verdict.MEND, Verdict.SUSPEND, Verdict.REFER),
}


@dataclass(frozen=True)
class CaseFacts:
    """What matters of a case for who may do what."""

    kind: TargetKind
    state: CaseState
    division_code: str
    organisation_id: int | None
    about_person_id: int | None
    at_centre: bool
    unserved: bool
    is_held: bool = False
    is_suspended: bool = False


def priority_of(reasons: Iterable[Reason]) -> int:
    """The most pressing of several; 0 comes first."""
    return min((PRIORITIES[reason] for reason in reasons), default=USUAL)


def holds_by_itself(reports: Iterable[tuple[Reason, int | None]]) -> bool:
    """Whether so many different people have reported what must not stay.

    ``reports`` are pairs of a reason and a person's id. All who have no account count as one:
    nobody can tell them apart.
    """
    return len({person for reason, person in reports if reason in HOLD_REASONS}) >= HOLD_AT


def may_handle(actor: Actor, case: CaseFacts) -> bool:
    """Whether the actor looks after a case: the station of the place, or its centre.

    Nobody decides about their own organisation or about themself. What is about a social worker,
    or was passed on, is the centre's; a place that nobody serves is any centre's.
    """
    if actor.is_system:
        return True
    if case.organisation_id is not None and actor.belongs_to(case.organisation_id):
        return False
    if case.about_person_id is not None and case.about_person_id == actor.person_id:
        return False
    if actor.supervises_division(case.division_code) or (actor.supervises and case.unserved):
        return True
    return not case.at_centre and actor.serves_division(case.division_code)


def verdicts_for(actor: Actor, case: CaseFacts) -> tuple[Verdict, ...]:
    """What the actor may decide now, in the order in which it is shown."""
    if case.state is CaseState.CLOSED or not may_handle(actor, case):
        return ()
    return tuple(one for one in VERDICTS[case.kind] if _is_open_to(actor, case, one))


def _is_open_to(actor: Actor, case: CaseFacts, verdict: Verdict) -> bool:
    centre = actor.supervises_division(case.division_code)
    if verdict is Verdict.HOLD:
        return not case.is_held
    if verdict is Verdict.SUSPEND:
        return centre and case.organisation_id is not None and not case.is_suspended
    if verdict is Verdict.REFER:
        return not centre and not case.at_centre
    return True


def may_appeal(
    verdict: Verdict | None,
    decided_at: datetime | None,
    now: datetime,
    *,
    appealed: bool,
    in_force: bool,
) -> Decision:
    """Whether the owner may appeal: once for each decision in force, within 30 days."""
    if verdict not in APPEALABLE or decided_at is None or not in_force:
        return refuse("nothing_to_appeal")
    if appealed:
        return refuse("appealed_already")
    if now - decided_at > APPEAL_WITHIN:
        return refuse("appeal_too_late", days=APPEAL_WITHIN.days)
    return allow()


def may_decide_appeal(actor: Actor, case: CaseFacts, decided_by_id: int | None) -> Decision:
    """An appeal is decided by a supervisor of the place who has not decided before."""
    if not may_handle(actor, case) or not actor.supervises:
        return refuse("appeals_by_centre")
    if actor.person_id == decided_by_id:
        return refuse("appeal_by_another")
    return allow()
