"""What an activity asks for before somebody signs up, and the gate that asks it."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.decisions import Decision, allow, refuse
from exchange.kernel.errors import Invalid
from exchange.volunteering.kinds import Circle
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.service import managed, stamp
from exchange.volunteering.telling import when_words
from exchange.volunteering.training.completion_queries import held_by
from exchange.volunteering.training.events import TrainingsRequired
from exchange.volunteering.training.kinds import TrainingState
from exchange.volunteering.training.models import RequiredTraining, Training
from exchange.volunteering.training.queries import next_dates, required_by, required_ids
from exchange.volunteering.training.rules import MOST_REQUIRED, missing, requirable


def require_trainings(act: Act, activity: Activity, public_ids: Collection[str]) -> Activity:
    """Ask for exactly these trainings from now on; who has a place already keeps it.

    Raises NotFound, Forbidden, or Invalid beside ``trainings``.
    """
    found = managed(act, activity.id)
    wanted = list(dict.fromkeys(public_ids))
    if len(wanted) > MOST_REQUIRED:
        raise Invalid(fields={"trainings": ["training_required_many"]}, most=MOST_REQUIRED)
    known = _known(act, wanted)
    present = set(required_ids(act.session, found.id))
    for one in known:
        if one.id not in present or found.circle is Circle.PUBLIC:
            _require_requirable(found, one, is_present=one.id in present)
    chosen = {one.id for one in known}
    if chosen == present:
        return found
    gone = sa.delete(RequiredTraining).where(RequiredTraining.activity_id == found.id)
    act.session.execute(gone.where(RequiredTraining.training_id.not_in(sorted(chosen))))
    for training_id in sorted(chosen - present):
        row = RequiredTraining(activity_id=found.id, training_id=training_id, required_at=act.now)
        act.session.add(row)
    stamp(act, found)
    act.emit(TrainingsRequired(found.id, found.organisation_id))
    return found


def require_as(act: Act, activity: Activity, source: Activity) -> None:
    """Ask for what another activity of the same organisation asks for, as far as one still may."""
    asked = [
        one.public_id for one in required_by(act.session, source.id) if _may_require(activity, one)
    ]
    if asked:
        require_trainings(act, activity, asked)


def trainings_gate(act: Act, person_id: int, shift: Shift) -> Decision:
    """Before somebody gets a place: everything asked for is done, and holds on the shift's day."""
    asked = required_by(act.session, shift.activity_id)
    if not asked:
        return allow()
    lacking = lacking_trainings(act, asked, person_id, shift)
    if not lacking:
        return allow()
    first = lacking[0]
    params = {"training": first.title, "address": f"/trainings/{first.public_id}"}
    date = next_dates(act.session, [first.activity_id], act.now).get(first.activity_id or 0)
    if date is not None and date.free > 0:
        return refuse("training_needed_date", **params, when=when_words(act, date))
    return refuse("training_needed_home" if first.pass_mark else "training_needed", **params)


def lacking_trainings(
    act: Act, asked: Iterable[Training], person_id: int, shift: Shift
) -> list[Training]:
    """Which of these trainings the person has not done, or not so that it holds on that day."""
    known = {one.id: one for one in asked}
    day = civil_date(shift.starts_at, act.house.settings.time_zone)
    held = held_by(act.session, [person_id], known.keys())[person_id]
    return [known[one] for one in missing(known, held, day)]


def _known(act: Act, public_ids: Collection[str]) -> list[Training]:
    query = sa.select(Training).where(Training.public_id.in_(list(public_ids)))
    found = list(act.session.scalars(query.order_by(Training.id)))
    if len(found) != len(public_ids):
        raise Invalid(fields={"trainings": ["training_unknown"]})
    return found


def _require_requirable(activity: Activity, training: Training, *, is_present: bool) -> None:
    decision = _may_require(activity, training, is_present=is_present)
    if not decision:
        raise Invalid(fields={"trainings": [decision.code]}, **decision.params)


def _may_require(
    activity: Activity, training: Training, *, is_present: bool = False
) -> Decision:
    decision = requirable(
        published=is_present or training.state is TrainingState.PUBLISHED,
        is_public=training.is_public,
        is_own=training.organisation_id == activity.organisation_id,
        activity_is_public=activity.circle is Circle.PUBLIC,
    )
    if decision and training.activity_id == activity.id:
        decision = refuse("training_of_itself")
    return decision
