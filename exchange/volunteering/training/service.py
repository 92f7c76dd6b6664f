"""What managers do with a training as a whole: begin, change, publish, withdraw it, add dates."""

from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from exchange.accounts.models import Organisation
from exchange.geography.queries import division
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.rules import language_of
from exchange.volunteering.kinds import ActivityState, Circle, Work
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.permissions import may_run
from exchange.volunteering.queries import open_shifts_ahead
from exchange.volunteering.service import change_activity, make_activity, publish_activity
from exchange.volunteering.service import discard_activity as discard_dates
from exchange.volunteering.shifts.service import add_shifts
from exchange.volunteering.training.events import (
    TrainingChanged,
    TrainingDated,
    TrainingDiscarded,
    TrainingMade,
    TrainingPublished,
    TrainingWithdrawn,
)
from exchange.volunteering.training.kinds import TrainingState
from exchange.volunteering.training.models import Training
from exchange.volunteering.training.permissions import may_look_after
from exchange.volunteering.training.rules import may_publish
from exchange.volunteering.training.values import (
    TrainingValues,
    problems_of,
    put_values,
    values_of,
)
from exchange.volunteering.values import ActivityValues, ShiftValues
from exchange.volunteering.values import values_of as activity_values_of

SENT_TWICE = timedelta(minutes=10)


def make_training(act: Act, organisation_id: int, values: TrainingValues) -> Training:
    """Begin a draft for an organisation. Sent twice within minutes it is made once.

    Raises Forbidden, or Invalid with the fields.
    """
    if not may_run(act.actor, organisation_id):
        raise Forbidden("training_not_yours")
    cleaned = _checked(act, values)
    owner = sa.select(Organisation.id).where(Organisation.id == organisation_id)
    act.session.execute(owner.with_for_update(key_share=True)).all()
    present = _made_just_now(act, organisation_id, cleaned)
    if present is not None:
        return present
    made = Training(
        organisation_id=organisation_id,
        author_id=act.actor.person_id,
        title=cleaned.title,
        questions=[],
        created_at=act.now,
        updated_at=act.now,
    )
    put_values(made, cleaned)
    made.lang = language_of(f"{made.title} {made.learns}")
    act.session.add(made)
    act.session.flush()
    act.emit(TrainingMade(made.id, made.organisation_id))
    return made


def change_training(
    act: Act, training: Training, values: TrainingValues, version: int | None = None
) -> Training:
    """Say something else of it; its dates say the same. What was completed keeps its expiry.

    Raises NotFound, Forbidden, Invalid, or Conflict when it changed meanwhile.
    """
    found = looked_after(act, training.id, version)
    cleaned = _checked(act, values)
    narrows = found.circle is Circle.PUBLIC and cleaned.circle is Circle.MEMBERS
    if narrows and found.state is not TrainingState.DRAFT:
        raise Invalid(fields={"circle": ["training_circle_fixed"]})
    dates = _dates(act, found)
    if dates is not None and cleaned.division_code is None:
        raise Invalid(fields={"division_code": ["training_needs_place"]})
    if put_values(found, cleaned):
        found.lang = language_of(f"{found.title} {found.learns}")
        touch(act, found)
        if dates is not None:
            change_activity(act, dates, _said_of_dates(found, activity_values_of(dates)))
        act.emit(TrainingChanged(found.id, found.organisation_id))
    return found


def publish_training(act: Act, training: Training, version: int | None = None) -> Training:
    """Put it before people, with its dates. Raises NotFound, Forbidden, or Conflict with what is
    missing.
    """
    found = looked_after(act, training.id, version)
    if found.state is TrainingState.PUBLISHED:
        return found
    owner = act.session.get_one(Organisation, found.organisation_id)
    dates = _dates(act, found)
    ahead = open_shifts_ahead(act.session, dates.id, act.now) if dates is not None else []
    decision = may_publish(
        verified=owner.is_verified,
        materials=len(found.materials),
        questions=len(found.questions or ()),
        dates=len(ahead),
    )
    if not decision:
        raise Conflict(decision.code, **decision.params)
    found.move_to(TrainingState.PUBLISHED, act.now)
    touch(act, found)
    act.emit(TrainingPublished(found.id, found.organisation_id))
    if dates is not None and ahead and dates.state is ActivityState.DRAFT:
        publish_activity(act, dates)
    return found


def withdraw_training(act: Act, training: Training) -> Training:
    """Nobody can do it any more, and no activity asks for it; what was completed stays.

    Raises NotFound, Forbidden, or Conflict while a date is ahead.
    """
    found = looked_after(act, training.id)
    if found.state is TrainingState.WITHDRAWN:
        return found
    dates = _dates(act, found)
    if dates is not None and open_shifts_ahead(act.session, dates.id, act.now):
        raise Conflict("training_has_dates")
    found.move_to(TrainingState.WITHDRAWN, act.now)
    touch(act, found)
    act.emit(TrainingWithdrawn(found.id, found.organisation_id))
    return found


def discard_training(act: Act, training: Training) -> None:
    """Throw a draft away, with its dates. Raises NotFound, Forbidden, or Conflict once out."""
    found = looked_after(act, training.id)
    if found.state is not TrainingState.DRAFT or found.published_at is not None:
        raise Conflict("training_state", state=found.state.value, wanted="discarded")
    dates = _dates(act, found)
    act.emit(TrainingDiscarded(found.id, found.organisation_id))
    act.session.delete(found)
    act.session.flush()
    if dates is not None and dates.state is ActivityState.DRAFT and not dates.published_at:
        discard_dates(act, dates)


def add_date(act: Act, training: Training, values: ShiftValues) -> Shift:
    """Another date to come to: a shift of the activity that holds the dates, made when first asked.

    The same date is there once. Raises NotFound, Forbidden, Invalid with the fields, or Conflict.
    """
    found = looked_after(act, training.id)
    if found.state is TrainingState.WITHDRAWN:
        raise Conflict("training_state", state=found.state.value, wanted="dated")
    if found.division_code is None:
        raise Conflict("training_needs_place")
    dates = _dates(act, found)
    if dates is None:
        dates = make_activity(
            act, found.organisation_id, _said_of_dates(found, ActivityValues(work=Work.TRAINING))
        )
        found.activity_id = dates.id
        act.session.flush()
    (shift,) = add_shifts(act, dates, values)
    stamp(act, found)
    if found.state is TrainingState.PUBLISHED and dates.state is ActivityState.DRAFT:
        publish_activity(act, dates)
    act.emit(TrainingDated(found.id, found.organisation_id, shift.id))
    return shift


def looked_after(act: Act, training_id: int, version: int | None = None) -> Training:
    """The training, locked and read afresh, for its managers. Raises NotFound, Forbidden, Conflict.

    A training is locked before an activity.
    """
    act.session.flush()
    query = sa.select(Training).where(Training.id == training_id)
    found = act.session.scalars(
        query.with_for_update().execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    if not may_look_after(act.actor, found):
        raise Forbidden("training_not_yours")
    if version is not None and version != found.version:
        raise Conflict("changed_meanwhile", version=found.version)
    return found


def touch(act: Act, training: Training) -> None:
    """It is another version now."""
    training.version += 1
    stamp(act, training)


def stamp(act: Act, training: Training) -> None:
    """Something that can be found has changed."""
    training.updated_at = act.now
    act.session.flush()


def _dates(act: Act, training: Training) -> Activity | None:
    """The activity that holds the dates; none where it was called off: a new one is made then."""
    if training.activity_id is None:
        return None
    found = act.session.get(Activity, training.activity_id)
    return None if found is None or found.state is ActivityState.CANCELLED else found


def _said_of_dates(training: Training, present: ActivityValues) -> ActivityValues:
    """What the activity of the dates says, after the training."""
    text = "\n".join(part for part in (training.learns, training.for_whom) if part)
    return replace(
        present,
        title=training.title,
        text=text,
        division_code=training.division_code or "",
        place=training.place,
        circle=training.circle,
    )


def _checked(act: Act, values: TrainingValues) -> TrainingValues:
    cleaned = values.cleaned()
    problems = problems_of(cleaned)
    code = cleaned.division_code
    if code and division(act.session, code) is None:
        problems["division_code"] = ["unknown_place"]
    elif code and len(code) < 6:
        problems["division_code"] = ["place_too_wide"]
    if problems:
        raise Invalid("training_invalid", fields=problems)
    return cleaned


def _made_just_now(act: Act, organisation_id: int, values: TrainingValues) -> Training | None:
    """The same training of the same person, when the form was sent before."""
    since: datetime = act.now - SENT_TWICE
    query = sa.select(Training).where(
        Training.organisation_id == organisation_id,
        Training.author_id == act.actor.person_id,
        Training.title == values.title,
        Training.created_at > since,
        Training.state != TrainingState.WITHDRAWN,
    )
    found = act.session.scalars(query.order_by(Training.id.desc()).limit(1)).first()
    return found if found is not None and values_of(found) == values else None
