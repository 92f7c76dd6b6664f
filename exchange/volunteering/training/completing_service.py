"""Completing a training: confirmed at a date, or by the questions; and revoking what was wrong."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from exchange.accounts.queries import managers_of
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from exchange.listings.values import one_line
from exchange.volunteering.attendance.number_rules import text_has_identity_number
from exchange.volunteering.kinds import ShiftState, SignupState
from exchange.volunteering.locking import lock_people, lock_shift
from exchange.volunteering.models import Shift, Signup
from exchange.volunteering.queries import signups_by_shift
from exchange.volunteering.training.completion_queries import tries_of
from exchange.volunteering.training.events import (
    CompletionRevoked,
    TrainingCompleted,
    TrainingQuestionsAnswered,
)
from exchange.volunteering.training.kinds import CompletionWay, TrainingState
from exchange.volunteering.training.models import Completion, Training, TrainingTry
from exchange.volunteering.training.permissions import may_confirm_at, may_do, may_look_after
from exchange.volunteering.training.rules import (
    LONGEST_REASON,
    expiry_of,
    may_confirm,
    right_answers,
    try_allowed,
)


@dataclass(frozen=True)
class Confirmed:
    """How many were written down anew, and whether one's own name was left to somebody else."""

    count: int
    own_left: bool = False


@dataclass(frozen=True)
class Answered:
    """How a try of the questions went; ``completion`` when it was enough."""

    right: int
    asked: int
    needed: int
    completion: Completion | None

    @property
    def passed(self) -> bool:
        """Whether it was enough."""
        return self.completion is not None


def confirm_at_date(
    act: Act, training: Training, shift: Shift, signups: Collection[str]
) -> Confirmed:
    """Write down that these people, who had a place at a date, completed the training there.

    Sent twice each is there once. One's own is left out where another manager could confirm it.
    Raises NotFound, Forbidden, or Conflict: too early, called off, or somebody without a place.
    """
    locked = lock_shift(act, shift.id)
    found = act.session.get_one(Training, training.id, populate_existing=True)
    if locked.activity_id != found.activity_id:
        raise NotFound
    if not may_confirm_at(act.actor, found):
        raise Forbidden("training_not_yours")
    decision = may_confirm(
        has_begun=locked.starts_at <= act.now, cancelled=locked.state is ShiftState.CANCELLED
    )
    if not decision:
        raise Conflict(decision.code, **decision.params)
    chosen, own_left = _chosen(act, found, locked, signups)
    lock_people(act, [one.person_id for one in chosen])
    day = civil_date(locked.starts_at, act.house.settings.time_zone)
    count = 0
    for one in chosen:
        if _standing(act, found.id, one.person_id, day) is None:
            _complete(act, found, one.person_id, CompletionWay.ATTENDED, day, locked)
            count += 1
    if own_left and not chosen:
        raise Conflict("training_own")
    return Confirmed(count, own_left)


def answer_questions(
    act: Act, training: Training, chosen: Sequence[int | None], version: int | None = None
) -> Answered:
    """Try the questions; enough right answers complete the training today. Three tries a day.

    ``chosen``: by question the position of the answer, from 0; ``version`` of the training that was
    read. Raises SignInNeeded, Forbidden, Invalid without an answer to each, or Conflict.
    """
    person_id = act.actor.person_id
    if person_id is None:
        raise SignInNeeded
    found = act.session.get_one(Training, training.id, populate_existing=True)
    _require_answerable(act, found, version)
    lock_people(act, [person_id])
    asked = len(found.questions)
    standing = _standing(act, found.id, person_id, act.today)
    if standing is not None:
        return Answered(asked, asked, found.pass_mark, standing)
    if len(chosen) != asked or any(one is None for one in chosen):
        raise Invalid("training_answer_all", fields={"answers": ["training_answer_all"]})
    decision = try_allowed(tries_of(act.session, person_id, found.id), act.now)
    if not decision:
        raise Conflict(decision.code, **decision.params)
    right = right_answers(found.questions, chosen)
    passed = right >= found.pass_mark
    act.session.add(
        TrainingTry(
            training_id=found.id, person_id=person_id, right=right, asked=asked, passed=passed,
            tried_at=act.now,
        )
    )  # fmt: skip
    act.session.flush()
    act.emit(TrainingQuestionsAnswered(found.id, found.organisation_id, person_id, passed))
    made = None
    if passed:
        made = _complete(act, found, person_id, CompletionWay.PASSED, act.today, None)
    return Answered(right, asked, found.pass_mark, made)


def _require_answerable(act: Act, training: Training, version: int | None) -> None:
    if not may_do(act.actor, training):
        raise Forbidden("training_members_only")
    if training.state is not TrainingState.PUBLISHED or not training.questions:
        raise Conflict("training_no_questions")
    if version is not None and version != training.version:
        raise Conflict("training_questions_changed")


def revoke_completion(act: Act, completion: Completion, reason: str) -> Completion:
    """Say that a completion does not count, and why; the volunteer reads it. It stays to be seen.

    Raises NotFound, Forbidden, or Invalid without a reason.
    """
    query = sa.select(Completion).where(Completion.id == completion.id)
    found = act.session.scalars(
        query.with_for_update().execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    training = act.session.get_one(Training, found.training_id)
    if not may_look_after(act.actor, training):
        raise Forbidden("training_not_yours")
    kept = one_line(reason)
    if not 0 < len(kept) <= LONGEST_REASON:
        raise Invalid(fields={"reason": ["training_reason_needed"]})
    if text_has_identity_number(kept):
        raise Invalid(fields={"reason": ["text_has_identity"]})
    if found.revoked_at is None:
        found.revoked_at, found.revoked_by_id = act.now, act.actor.person_id
        found.revoke_reason = kept
        act.session.flush()
        act.emit(
            CompletionRevoked(training.id, training.organisation_id, found.person_id, found.id)
        )
    return found


def _chosen(
    act: Act, training: Training, shift: Shift, signups: Collection[str]
) -> tuple[list[Signup], bool]:
    """The chosen sign-ups, and whether one's own was left out. Raises Conflict."""
    present = signups_by_shift(act.session, [shift.id], (SignupState.SIGNED_UP,))[shift.id]
    known = {one.public_id: one for one in present}
    if set(signups) - set(known):
        raise Conflict("attend_no_place")
    chosen = [known[key] for key in dict.fromkeys(signups)]
    others = set(managers_of(act.session, training.organisation_id)) - {act.actor.person_id}
    if not others:
        return chosen, False
    left = [one for one in chosen if one.person_id != act.actor.person_id]
    return left, len(left) < len(chosen)


def _standing(act: Act, training_id: int, person_id: int, day: date) -> Completion | None:
    query = sa.select(Completion).where(
        Completion.training_id == training_id,
        Completion.person_id == person_id,
        Completion.completed_on == day,
        Completion.revoked_at.is_(None),
    )
    return act.session.scalars(query).first()


def _complete(
    act: Act,
    training: Training,
    person_id: int,
    way: CompletionWay,
    day: date,
    shift: Shift | None,
) -> Completion:
    made = Completion(
        training_id=training.id,
        person_id=person_id,
        way=way,
        shift_id=shift.id if shift else None,
        completed_on=day,
        expires_on=expiry_of(day, training.valid_months),
        recorded_by_id=act.actor.person_id if way is CompletionWay.ATTENDED else None,
        recorded_at=act.now,
    )
    act.session.add(made)
    act.session.flush()
    act.emit(TrainingCompleted(training.id, training.organisation_id, person_id, made.id))
    return made
