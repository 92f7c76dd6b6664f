"""Copying an activity: words, roles and shifts; never people, and a draft first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.decisions import Decision
from exchange.kernel.errors import Conflict, Invalid
from exchange.volunteering.copying.rules import (
    chosen_for_copy,
    day_allowed,
    moved,
    within_reach,
)
from exchange.volunteering.events import ActivityCopied, CoordinatorNamed
from exchange.volunteering.kinds import ActivityState, ShiftState
from exchange.volunteering.models import (
    Activity,
    ActivityCoordinator,
    Shift,
    ShiftSeries,
    VolunteerRole,
)
from exchange.volunteering.permissions import may_run
from exchange.volunteering.queries import roles_of, shifts_of
from exchange.volunteering.rules import times_allowed
from exchange.volunteering.service import SENT_TWICE, managed
from exchange.volunteering.training.requiring_service import require_as
from exchange.volunteering.values import put_values, values_of


@dataclass(frozen=True)
class Copied:
    """The draft, and how many shifts were left out because they would be more than a year ahead."""

    activity: Activity
    left_out: int


def shifts_to_copy(shifts: Sequence[Shift], now: datetime) -> list[Shift]:
    """Which of an activity's shifts, in the order of time, a copy has: those ahead, else those that
    were. Where all were called off, these are the pattern: it is made up for on another day.
    """
    found = [one for one in shifts if one.state is ShiftState.OPEN] or list(shifts)
    return [found[number] for number in chosen_for_copy([one.starts_at for one in found], now)]


def copy_activity(act: Act, activity: Activity, first_day: date) -> Copied:
    """Make a draft of the same words, roles and shifts, the first shift on another day.

    It asks for the same trainings, as far as one still may. Nobody's answer is copied. Whoever
    copies looks after the draft. Sent twice within minutes it is one. Raises NotFound, Forbidden,
    Invalid, or Conflict without any shift.
    """
    found = managed(act, activity.id)
    if found.held_at is not None:
        raise Conflict("activity_held")
    shifts = shifts_to_copy(shifts_of(act.session, [found.id])[found.id], act.now)
    if not shifts:
        raise Conflict("copy_no_shift")
    zone = act.house.settings.time_zone
    first = civil_date(shifts[0].starts_at, zone)
    _refuse(day_allowed(first_day, act.today))
    spans = [moved((one.starts_at, one.ends_at), first, first_day, zone) for one in shifts]
    _refuse(times_allowed(*spans[0], act.now))
    kept = [number for number, span in enumerate(spans) if within_reach(span[0], act.now)]
    left_out = len(spans) - len(kept)
    present = _copied_just_now(act, found, spans[0][0])
    if present is not None:
        return Copied(present, left_out)
    made = _draft(act, found)
    roles = _roles(act, found, made)
    series = _series(act, made, [shifts[number] for number in kept], first_day - first)
    for number in kept:
        one, (starts_at, ends_at) = shifts[number], spans[number]
        act.session.add(
            Shift(
                activity_id=made.id,
                role_id=roles.get(one.role_id) if one.role_id else None,
                series_id=series.get(one.series_id) if one.series_id else None,
                starts_at=starts_at,
                ends_at=ends_at,
                place=one.place,
                minimum=one.minimum,
                maximum=one.maximum,
                created_at=act.now,
                updated_at=act.now,
            )
        )
    act.session.flush()
    act.emit(ActivityCopied(made.id, made.organisation_id, found.id))
    _look_after(act, made)
    require_as(act, made, found)
    return Copied(made, left_out)


def _refuse(decision: Decision) -> None:
    if not decision:
        raise Invalid(fields={"first_day": [decision.code]}, **decision.params)


def _draft(act: Act, source: Activity) -> Activity:
    made = Activity(
        organisation_id=source.organisation_id,
        author_id=act.actor.person_id,
        copied_from_id=source.id,
        title=source.title,
        division_code=source.division_code,
        lang=source.lang,
        created_at=act.now,
        updated_at=act.now,
    )
    put_values(made, values_of(source))
    act.session.add(made)
    act.session.flush()
    return made


def _roles(act: Act, source: Activity, made: Activity) -> dict[int, int]:
    """The roles again; the id of each by that of the earlier one."""
    pairs = [
        (
            one.id,
            VolunteerRole(
                activity_id=made.id, name=one.name, note=one.note, skills=list(one.skills)
            ),
        )
        for one in roles_of(act.session, source.id)
    ]
    act.session.add_all(role for _, role in pairs)
    act.session.flush()
    return {earlier: role.id for earlier, role in pairs}


def _series(
    act: Act, made: Activity, shifts: Sequence[Shift], later: timedelta
) -> dict[int, int]:
    """The series of these shifts again, so many days later, by the id of the earlier one."""
    wanted = {one.series_id for one in shifts if one.series_id is not None}
    query = sa.select(ShiftSeries).where(ShiftSeries.id.in_(sorted(wanted)))
    pairs = [
        (
            one.id,
            ShiftSeries(
                activity_id=made.id,
                repeat=one.repeat,
                first_on=one.first_on + later,
                until_on=one.until_on + later,
                created_at=act.now,
            ),
        )
        for one in act.session.scalars(query.order_by(ShiftSeries.id))
    ]
    act.session.add_all(series for _, series in pairs)
    act.session.flush()
    return {earlier: series.id for earlier, series in pairs}


def _look_after(act: Act, made: Activity) -> None:
    """A coordinator who is no manager goes on looking after what they have copied."""
    person_id = act.actor.person_id
    if person_id is None or may_run(act.actor, made.organisation_id):
        return
    act.session.add(
        ActivityCoordinator(activity_id=made.id, person_id=person_id, named_at=act.now)
    )
    act.session.flush()
    act.session.expire(made, ["coordinators"])
    act.emit(CoordinatorNamed(made.id, made.organisation_id, person_id))


def _copied_just_now(act: Act, source: Activity, starts_at: datetime) -> Activity | None:
    """The same copy of the same person, when the form was sent before."""
    query = (
        sa.select(Activity)
        .join(Shift, Shift.activity_id == Activity.id)
        .where(
            Activity.copied_from_id == source.id,
            Activity.author_id == act.actor.person_id,
            Activity.state == ActivityState.DRAFT,
            Activity.created_at > act.now - SENT_TWICE,
            Shift.starts_at == starts_at,
        )
    )
    return act.session.scalars(query.order_by(Activity.id.desc()).limit(1)).first()
