"""The owner's appeal, and the second look of another person."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exchange.accounts.kinds import Verification
from exchange.accounts.verification.suspension_service import lift_after_appeal
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.moderation.events import AppealDecided, AppealMade, HoldsReleased
from exchange.moderation.holding import note_step, release_for
from exchange.moderation.kinds import CaseState, StepKind, Verdict
from exchange.moderation.locking import insist_version, lock_case, take_case
from exchange.moderation.models import Appeal, ModerationCase
from exchange.moderation.permissions import can_appeal, is_owner
from exchange.moderation.queries import appeals_of, case_with_id, is_holding, pending_appeal
from exchange.moderation.rules import may_appeal
from exchange.moderation.second_look import insist_reads, may_look_again
from exchange.moderation.things import held_for, lock_things

LONGEST_APPEAL = 2000
LONGEST_ANSWER = 500


def appeal(act: Act, case_public_id: str, text: str) -> Appeal:
    """Ask another person to look again; for the owner, once for each decision, within 30 days.

    Raises NotFound, Invalid, or Conflict.
    """
    case = act.session.scalars(
        sa.select(ModerationCase).where(ModerationCase.public_id == case_public_id)
    ).first()
    if case is None or not act.actor.is_signed_in or not is_owner(act.actor, case):
        raise NotFound
    if not can_appeal(act.actor, case):
        raise Forbidden("only_managers")
    take_case(act, case)
    words = text.strip()
    if not 0 < len(words) <= LONGEST_APPEAL:
        raise Invalid(fields={"text": ["required" if not words else "report_too_long"]})
    allowed = may_appeal(
        case.verdict, case.decided_at, act.now, appealed=_was_appealed(act, case),
        in_force=in_force(act, case),
    )  # fmt: skip
    if not allowed or case.verdict is None:
        raise Conflict(allowed.code, **allowed.params)
    made = Appeal(
        case_id=case.id, verdict=case.verdict, asked_by_id=act.actor.person_id, text=words,
        created_at=act.now,
    )  # fmt: skip
    act.session.add(made)
    case.version += 1
    note_step(act, case, StepKind.APPEALED)
    try:
        act.session.flush()
    except IntegrityError as error:  # somebody of the same owner at the same moment
        raise Conflict("appealed_already") from error
    act.emit(AppealMade(case.id, made.id))
    return made


def decide_appeal(
    act: Act, case_public_id: str, *, upheld: bool, answer: str, version: int | None = None
) -> Appeal:
    """Say whether the owner is right, with a sentence that they read; upheld restores.

    For the nearest who has not decided before: a supervisor of the place, of another centre, or
    who runs the site. Raises NotFound, Forbidden, Invalid, or Conflict.
    """
    case = insist_reads(act, case_with_id(act.session, case_public_id))
    things = lock_things(act, held_for(act, [case.id]))
    take_case(act, case)
    insist_reads(act, case)
    insist_version(case, version)
    found = pending_appeal(act.session, case.id)
    if found is None:
        raise Conflict("already_decided")
    decision = may_look_again(act.session, act.actor, case)
    if not decision:
        raise Forbidden(decision.code)
    words = answer.strip()
    if not 0 < len(words) <= LONGEST_ANSWER:
        raise Invalid(fields={"answer": ["required" if not words else "report_too_long"]})
    found.decided_by_id, found.decided_at = act.actor.person_id, act.now
    found.upheld, found.answer = upheld, words
    case.version += 1
    note_step(act, case, StepKind.UPHELD if upheld else StepKind.DISMISSED, said=words)
    act.session.flush()
    if upheld:
        release_for(act, case, things)
        _give_standing_back(act, case, words)
        if case.state is not CaseState.CLOSED:
            case.state, case.closed_at = CaseState.CLOSED, act.now
    act.session.flush()
    act.emit(AppealDecided(case.id, found.id, upheld, act.actor.person_id))
    return found


def _give_standing_back(act: Act, case: ModerationCase, words: str) -> None:
    owner = case.organisation
    if case.verdict is not Verdict.SUSPEND or owner is None:
        return
    act.session.refresh(owner)
    if owner.verification is Verification.SUSPENDED:
        lift_after_appeal(act, owner.public_id, words)


def in_force(act: Act, case: ModerationCase) -> bool:
    """Whether what was decided still holds: something is hidden, or the owner is suspended."""
    if case.verdict is Verdict.SUSPEND:
        owner = case.organisation
        return owner is not None and owner.verification is Verification.SUSPENDED
    return is_holding(act.session, case.id)


def _was_appealed(act: Act, case: ModerationCase) -> bool:
    return any(one.verdict is case.verdict for one in appeals_of(act.session, case.id))


def release_after_lifting(act: Act, organisation_id: int) -> int:
    """Show again what was hidden with a suspension that somebody has lifted; return how many cases.

    An appeal that waits is settled by it. Only the system does this.
    """
    if not act.actor.is_system:
        raise Forbidden
    query = sa.select(ModerationCase.id).where(
        ModerationCase.organisation_id == organisation_id,
        ModerationCase.verdict == Verdict.SUSPEND,
    )
    case_ids = act.session.scalars(query.order_by(ModerationCase.id)).all()
    things = lock_things(act, held_for(act, case_ids))
    released = 0
    for case_id in case_ids:
        case = act.session.get_one(ModerationCase, case_id)
        lock_case(act, case)
        owner = case.organisation
        if owner is None or owner.verification is Verification.SUSPENDED:
            continue
        settled = _settle(act, case)
        if release_for(act, case, things) or settled:
            released += 1
            case.version += 1
            note_step(act, case, StepKind.LIFTED, alone=True)
            act.emit(HoldsReleased(case.id))
    act.session.flush()
    return released


def _settle(act: Act, case: ModerationCase) -> bool:
    found = pending_appeal(act.session, case.id)
    if found is None:
        return False
    found.decided_at, found.upheld = act.now, True
    return True
