"""What coordinators do with an activity as a whole: begin, change, publish, cancel, end it."""

from datetime import timedelta

import sqlalchemy as sa

from exchange.accounts.kinds import OrganisationKind
from exchange.accounts.models import Organisation
from exchange.geography.queries import division
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.listings.rules import language_of
from exchange.listings.values import one_line
from exchange.volunteering.events import (
    ActivityCancelled,
    ActivityChanged,
    ActivityDiscarded,
    ActivityEnded,
    ActivityMade,
    ActivityPublished,
    ShiftCancelled,
)
from exchange.volunteering.gates import publishing_allowed
from exchange.volunteering.kinds import ActivityState, Circle, ShiftState
from exchange.volunteering.locking import lock_activity, lock_shifts
from exchange.volunteering.models import Activity, Shift, ShiftSeries, VolunteerRole
from exchange.volunteering.permissions import may_manage, may_run
from exchange.volunteering.queries import open_shifts_ahead
from exchange.volunteering.rules import LONGEST_NOTE, ages_allowed, may_publish
from exchange.volunteering.shifts.moving import announce_move
from exchange.volunteering.telling import place_for_people
from exchange.volunteering.values import (
    ActivityValues,
    Problems,
    problems_of,
    put_values,
    text_problem,
    values_of,
)

SENT_TWICE = timedelta(minutes=10)
BATCH = 100
GRACE = timedelta(hours=12)  # after the last shift, before an activity is over


def make_activity(act: Act, organisation_id: int, values: ActivityValues) -> Activity:
    """Begin a draft for an organisation. Sent twice within minutes it is made once.

    Raises Forbidden, or Invalid with the fields.
    """
    if not may_run(act.actor, organisation_id):
        raise Forbidden("activity_begun_by_managers")
    cleaned = _checked(act, values)
    owner = sa.select(Organisation.id).where(Organisation.id == organisation_id)
    act.session.execute(owner.with_for_update(key_share=True)).all()
    present = _made_just_now(act, organisation_id, cleaned)
    if present is not None:
        return present
    made = Activity(
        organisation_id=organisation_id,
        author_id=act.actor.person_id,
        title=cleaned.title,
        division_code=cleaned.division_code,
        created_at=act.now,
        updated_at=act.now,
    )
    put_values(made, cleaned)
    made.lang = language_of(f"{made.title} {made.text}")
    act.session.add(made)
    act.session.flush()
    act.emit(ActivityMade(made.id, made.organisation_id))
    return made


def change_activity(
    act: Act, activity: Activity, values: ActivityValues, version: int | None = None
) -> Activity:
    """Say something else of it. ``version`` is the one that was read.

    Where people are to meet elsewhere by now, those of the shifts ahead are told and asked as if
    the shifts had been moved. Raises NotFound, Forbidden, Invalid, or Conflict: changed meanwhile,
    cancelled, or people have signed up who would not see it any more.
    """
    found = managed(act, activity.id, version)
    if found.state is ActivityState.CANCELLED:
        raise Conflict("activity_state", state=found.state.value, wanted="changed")
    cleaned = _checked(act, values)
    narrows = found.circle is Circle.PUBLIC and cleaned.circle is Circle.MEMBERS
    if narrows and found.state is not ActivityState.DRAFT:
        raise Invalid(fields={"circle": ["activity_circle_fixed"]})
    ahead = _shifts_there(act, found, cleaned)
    places = {shift.id: place_for_people(shift) for shift in ahead}
    differs = put_values(found, cleaned)
    if found.state is ActivityState.PUBLISHED and found.with_children:
        _require_publishable(act, found, with_children=True)
    if differs:
        found.lang = language_of(f"{found.title} {found.text}")
        touch(act, found)
        act.emit(ActivityChanged(found.id, found.organisation_id))
    for shift in ahead:
        if place_for_people(shift) != places[shift.id]:
            announce_move(act, found, shift)
    return found


def publish_activity(act: Act, activity: Activity, version: int | None = None) -> Activity:
    """Put it before people. Raises NotFound, Forbidden, or Conflict with what is missing."""
    found = managed(act, activity.id, version)
    if found.state is ActivityState.PUBLISHED:
        return found
    _require_publishable(act, found, with_children=found.with_children)
    found.move_to(ActivityState.PUBLISHED, act.now)
    touch(act, found)
    act.emit(ActivityPublished(found.id, found.organisation_id))
    return found


def cancel_activity(act: Act, activity: Activity, reason: str) -> Activity:
    """Call it off, with all shifts that are still ahead; everybody is told at once.

    Raises NotFound, Forbidden, Invalid without a reason, or Conflict.
    """
    found = managed(act, activity.id)
    if found.state is ActivityState.CANCELLED:
        return found
    call_off(act, found, reason_of(reason))
    return found


def call_off(act: Act, found: Activity, kept: str) -> None:
    """Call off an activity that is locked; no reason where its organisation is no more."""
    found.move_to(ActivityState.CANCELLED, act.now)
    found.cancel_reason = kept
    touch(act, found)
    ahead = [shift.id for shift in open_shifts_ahead(act.session, found.id, act.now)]
    for shift in lock_shifts(act, ahead):
        shift.state, shift.cancel_reason = ShiftState.CANCELLED, kept
        shift.version += 1
        shift.updated_at = act.now
        act.session.flush()
        act.emit(ShiftCancelled(found.id, found.organisation_id, shift.id, with_activity=True))
    act.emit(ActivityCancelled(found.id, found.organisation_id))


def discard_activity(act: Act, activity: Activity) -> None:
    """Throw a draft away. Raises NotFound, Forbidden, or Conflict once it was published."""
    found = managed(act, activity.id)
    if found.state is not ActivityState.DRAFT or found.published_at is not None:
        raise Conflict("activity_state", state=found.state.value, wanted="discarded")
    act.emit(ActivityDiscarded(found.id, found.organisation_id))
    for table in (Shift, ShiftSeries, VolunteerRole):
        act.session.execute(sa.delete(table).where(table.activity_id == found.id))
    act.session.delete(found)
    act.session.flush()


def end_due(act: Act, limit: int = BATCH) -> int:
    """End activities whose last shift is long over; return how many. Only the system does this."""
    if not act.actor.is_system:
        raise Forbidden
    later = sa.exists().where(
        Shift.activity_id == Activity.id,
        Shift.state == ShiftState.OPEN,
        Shift.ends_at > act.now - GRACE,
    )
    query = (
        sa.select(Activity)
        .where(Activity.state == ActivityState.PUBLISHED, sa.not_(later))
        .order_by(Activity.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    due = act.session.scalars(query).all()
    for activity in due:
        activity.move_to(ActivityState.ENDED, act.now)
        touch(act, activity)
        act.emit(ActivityEnded(activity.id, activity.organisation_id))
    return len(due)


def managed(act: Act, activity_id: int, version: int | None = None) -> Activity:
    """The activity, locked, for those who look after it. Raises NotFound, Forbidden or Conflict."""
    found = lock_activity(act, activity_id, version)
    if not may_manage(act.actor, found):
        raise Forbidden("activity_not_yours")
    return found


def touch(act: Act, activity: Activity) -> None:
    """It is another version now."""
    activity.version += 1
    stamp(act, activity)


def stamp(act: Act, activity: Activity) -> None:
    """Something that can be found has changed: its shifts, not its words."""
    activity.updated_at = act.now
    act.session.flush()


def reason_of(reason: str) -> str:
    """Why something is called off, as it is kept and told. Raises Invalid."""
    kept = one_line(reason)
    if not 0 < len(kept) <= LONGEST_NOTE:
        raise Invalid(fields={"reason": ["cancel_reason_needed"]})
    problem = text_problem(kept)
    if problem:
        raise Invalid(fields={"reason": [problem]})
    return kept


def _shifts_there(act: Act, activity: Activity, values: ActivityValues) -> list[Shift]:
    """The shifts ahead, locked, where other words of the place may send people elsewhere."""
    same = (activity.place, activity.meeting_point) == (values.place, values.meeting_point)
    if same or activity.state is not ActivityState.PUBLISHED:
        return []
    ahead = open_shifts_ahead(act.session, activity.id, act.now)
    return lock_shifts(act, [shift.id for shift in ahead])


def _require_publishable(act: Act, activity: Activity, *, with_children: bool) -> None:
    owner = act.session.get_one(Organisation, activity.organisation_id)
    ahead = open_shifts_ahead(act.session, activity.id, act.now)
    decision = may_publish(
        verified=owner.is_verified,
        is_person=owner.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER,
        with_children=with_children,
        minimums=[shift.minimum for shift in ahead],
    )
    if decision:
        decision = publishing_allowed(act, activity)
    if not decision:
        raise Conflict(decision.code, **decision.params)


def _checked(act: Act, values: ActivityValues) -> ActivityValues:
    cleaned = values.cleaned()
    problems: Problems = problems_of(cleaned)
    code = cleaned.division_code
    if not code or division(act.session, code) is None:
        problems["division_code"] = ["unknown_place"]
    if problems:
        ages = ages_allowed(cleaned.min_age, cleaned.max_age)
        raise Invalid("activity_invalid", fields=problems, **ages.params)
    return cleaned


def _made_just_now(act: Act, organisation_id: int, values: ActivityValues) -> Activity | None:
    """The same draft of the same person, when the form was sent before."""
    query = sa.select(Activity).where(
        Activity.organisation_id == organisation_id,
        Activity.author_id == act.actor.person_id,
        Activity.title == values.title,
        Activity.created_at > act.now - SENT_TWICE,
        Activity.state.in_((ActivityState.DRAFT, ActivityState.PUBLISHED)),
    )
    found = act.session.scalars(query.order_by(Activity.id.desc()).limit(1)).first()
    return found if found is not None and values_of(found) == values else None
