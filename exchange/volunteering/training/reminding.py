"""What happens to trainings by the clock: who hears that one expires, and who moves up again."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden
from exchange.volunteering.kinds import ActivityState, ShiftState, SignupState
from exchange.volunteering.locking import lock_shift
from exchange.volunteering.models import Activity, Shift, Signup
from exchange.volunteering.signups.filling import fill_free_places
from exchange.volunteering.training.events import CompletionExpiresSoon
from exchange.volunteering.training.kinds import TrainingState
from exchange.volunteering.training.models import Completion, Training
from exchange.volunteering.training.rules import TOLD_BEFORE

BATCH = 200


def tell_of_expiry(act: Act, limit: int = BATCH) -> int:
    """Thirty days before a completion ends its volunteer hears it, once; returns how many.

    Not where a later one takes its place, or the training was withdrawn. Only the system does this.
    """
    _require_system(act)
    later = aliased(Completion)
    renewed = sa.exists().where(
        later.training_id == Completion.training_id,
        later.person_id == Completion.person_id,
        later.revoked_at.is_(None),
        sa.or_(later.expires_on.is_(None), later.expires_on > Completion.expires_on),
    )
    query = (
        sa.select(Completion)
        .join(Completion.training)
        .where(
            Completion.expires_on <= act.today + TOLD_BEFORE,
            Completion.expires_on >= act.today,
            Completion.revoked_at.is_(None),
            Completion.told_at.is_(None),
            Training.state == TrainingState.PUBLISHED,
            sa.not_(renewed),
        )
        .options(contains_eager(Completion.training))
        .order_by(Completion.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Completion)
    )
    found = list(act.session.scalars(query))
    for one in found:
        one.told_at = act.now
        owner = one.training.organisation_id
        act.emit(CompletionExpiresSoon(one.training_id, owner, one.person_id, one.id))
    act.session.flush()
    return len(found)


def shifts_to_fill(act: Act) -> list[int]:
    """Shifts ahead with free places for which somebody waits: they lacked something by then."""
    _require_system(act)
    waits = sa.exists().where(Signup.shift_id == Shift.id, Signup.state == SignupState.WAITING)
    query = (
        sa.select(Shift.id)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            Activity.state == ActivityState.PUBLISHED,
            Shift.state == ShiftState.OPEN,
            Shift.starts_at > act.now,
            Shift.taken < Shift.maximum,
            waits,
        )
    )
    return list(act.session.scalars(query.order_by(Shift.id)))


def fill_shift(act: Act, shift_id: int) -> int:
    """Let those move up who may by now; returns how many. Only the system does this."""
    _require_system(act)
    return len(fill_free_places(act, lock_shift(act, shift_id)))


def _require_system(act: Act) -> None:
    if not act.actor.is_system:
        raise Forbidden
