"""Adding, changing and calling off shifts. Whoever has a place is told, and asked anew when needed.

The lock of the activity is taken before those of its shifts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Conflict, Invalid
from exchange.listings.values import one_line
from exchange.volunteering.events import (
    ActivityPublished,
    ShiftAdded,
    ShiftCancelled,
    ShiftChanged,
    ShiftDiscarded,
)
from exchange.volunteering.gates import lowering_allowed
from exchange.volunteering.kinds import ActivityState, Repeat, ShiftState
from exchange.volunteering.locking import lock_shifts
from exchange.volunteering.models import Activity, Shift, ShiftSeries, Signup
from exchange.volunteering.queries import open_shifts_ahead, roles_of
from exchange.volunteering.rules import (
    LONGEST_PLACE,
    MOST_SHIFTS,
    SHIFT_FIELDS,
    begin_allowed,
    maximum_allowed,
    numbers_allowed,
    span_allowed,
)
from exchange.volunteering.service import managed, reason_of, stamp
from exchange.volunteering.shifts.moving import announce_move, count_change
from exchange.volunteering.shifts.recurrence_rules import days_of, series_allowed
from exchange.volunteering.signups.filling import fill_free_places, lock_waiting
from exchange.volunteering.values import Problems, ShiftValues, text_problem


def add_shifts(
    act: Act,
    activity: Activity,
    values: ShiftValues,
    repeat: Repeat | None = None,
    until: date | None = None,
) -> list[Shift]:
    """Another time to come; with ``repeat`` also all later ones of a series until a last day.

    The same shift is there once. An activity that was over is open again. Raises NotFound,
    Forbidden, Invalid with the fields, or Conflict.
    """
    found = managed(act, activity.id)
    if found.state is ActivityState.CANCELLED:
        raise Conflict("activity_state", state=found.state.value, wanted="changed")
    checked, role_id = _checked(act, found, values)
    days = _days(act, checked, repeat, until)
    spans = [_on_day(act, checked, day) for day in days]
    present = open_shifts_ahead(act.session, found.id, act.now)
    same = {(one.starts_at, one.ends_at, one.role_id): one for one in present}
    fresh = [span for span in spans if (*span, role_id) not in same]
    if len(present) + len(fresh) > MOST_SHIFTS:
        raise Conflict("too_many_shifts", most=MOST_SHIFTS)
    series = _series(act, found, repeat, days) if repeat and fresh else None
    made = [_shift(act, found, checked, span, role_id, series) for span in fresh]
    act.session.add_all(made)
    if made:
        stamp(act, found)
    for shift in made:
        act.emit(ShiftAdded(found.id, found.organisation_id, shift.id))
    if made and found.state is ActivityState.ENDED:
        found.move_to(ActivityState.PUBLISHED, act.now)
        stamp(act, found)
        act.emit(ActivityPublished(found.id, found.organisation_id))
    known = [same[key] for span in spans if (key := (*span, role_id)) in same]
    return [*known, *made]


def change_shift(
    act: Act,
    shift: Shift,
    values: ShiftValues,
    version: int | None = None,
    *,
    following: bool = False,
) -> Shift:
    """Say something else of a shift; with ``following`` of all later ones of its series, too.

    Each keeps its day then, and takes hours, numbers and words. At another time or place, whoever
    has a place is asked whether they still come. Raises NotFound, Forbidden, Invalid with the
    fields, or Conflict.
    """
    found = managed(act, shift.activity_id)
    chosen = [shift, *(_later_ones(act, shift) if following else ())]
    locked = {one.id: one for one in lock_shifts(act, [one.id for one in chosen])}
    first = locked[shift.id]
    if version is not None and version != first.version:
        raise Conflict("changed_meanwhile", version=first.version)
    _require_ahead(act, locked.values())
    checked, role_id = _checked(act, found, values)
    _require_room(act, locked.values(), checked.maximum)
    for one in locked.values():
        span = (checked.starts_at, checked.ends_at)
        if one.id != first.id:
            span = _on_day(act, checked, _day_of(act, one.starts_at))
        _write(act, found, one, checked, span, role_id)
    lock_waiting(act, locked.values())
    for one in locked.values():
        fill_free_places(act, one)
    stamp(act, found)
    return first


def cancel_shift(act: Act, shift: Shift, reason: str, *, following: bool = False) -> list[Shift]:
    """Call a shift off, or it and all later ones of its series; everybody is told at once.

    Raises NotFound, Forbidden, Invalid without a reason, or Conflict when it has begun.
    """
    found = managed(act, shift.activity_id)
    kept = reason_of(reason)
    chosen = [shift, *(_later_ones(act, shift) if following else ())]
    called_off = []
    for one in lock_shifts(act, [item.id for item in chosen]):
        if one.state is ShiftState.CANCELLED:
            continue
        _require_ahead(act, [one])
        one.state, one.cancel_reason = ShiftState.CANCELLED, kept
        count_change(act, one)
        act.emit(ShiftCancelled(found.id, found.organisation_id, one.id))
        called_off.append(one)
    if called_off:
        stamp(act, found)
    return called_off


def discard_shift(act: Act, shift: Shift) -> None:
    """Take away a shift that nobody has answered to. Raises NotFound, Forbidden or Conflict."""
    found = managed(act, shift.activity_id)
    locked = lock_shifts(act, [shift.id])
    if not locked:
        return
    answered = sa.select(Signup.id).where(Signup.shift_id == shift.id).limit(1)
    if act.session.scalar(answered) is not None:
        raise Conflict("shift_has_answers")
    ahead = open_shifts_ahead(act.session, found.id, act.now)
    if found.state is ActivityState.PUBLISHED and [one.id for one in ahead] == [shift.id]:
        raise Conflict("shift_is_the_last")
    act.emit(ShiftDiscarded(found.id, found.organisation_id, shift.id))
    act.session.delete(locked[0])
    stamp(act, found)


def _later_ones(act: Act, shift: Shift) -> Sequence[Shift]:
    if shift.series_id is None:
        return ()
    query = sa.select(Shift).where(
        Shift.series_id == shift.series_id,
        Shift.starts_at > shift.starts_at,
        Shift.state == ShiftState.OPEN,
    )
    return act.session.scalars(query.order_by(Shift.id)).all()


def _require_ahead(act: Act, shifts: Iterable[Shift]) -> None:
    for one in shifts:
        if one.state is ShiftState.CANCELLED:
            raise Conflict("shift_cancelled")
        if one.starts_at <= act.now:
            raise Conflict("shift_has_begun")


def _require_room(act: Act, shifts: Iterable[Shift], maximum: int) -> None:
    for one in shifts:
        decision = maximum_allowed(maximum, one.taken)
        if decision:
            decision = lowering_allowed(act, one, maximum)
        if not decision:
            raise Invalid(fields={"maximum": [decision.code]}, **decision.params)


def _write(
    act: Act,
    activity: Activity,
    shift: Shift,
    values: ShiftValues,
    span: tuple[datetime, datetime],
    role_id: int | None,
) -> None:
    moved = (shift.starts_at, shift.ends_at, shift.place) != (*span, values.place)
    numbers = (shift.minimum, shift.maximum, shift.role_id)
    if not moved and numbers == (values.minimum, values.maximum, role_id):
        return
    shift.starts_at, shift.ends_at = span
    shift.place, shift.role_id = values.place, role_id
    shift.minimum, shift.maximum = values.minimum, values.maximum
    shift.short_told_at = None
    if moved:
        announce_move(act, activity, shift)
        return
    count_change(act, shift)
    act.emit(ShiftChanged(activity.id, activity.organisation_id, shift.id))


def _checked(act: Act, activity: Activity, values: ShiftValues) -> tuple[ShiftValues, int | None]:
    """The values cleaned, and the id of their role. Raises Invalid with the fields."""
    cleaned = replace(values, place=one_line(values.place))
    problems: Problems = {}
    params: dict[str, object] = {}
    for decision in (
        span_allowed(cleaned.starts_at, cleaned.ends_at),
        begin_allowed(cleaned.starts_at, act.now),
        numbers_allowed(cleaned.minimum, cleaned.maximum, with_children=activity.with_children),
    ):
        if not decision:
            problems[SHIFT_FIELDS[decision.code]] = [decision.code]
            params |= decision.params
    if len(cleaned.place) > LONGEST_PLACE:
        problems["place"] = ["too_long"]
    elif problem := text_problem(cleaned.place):
        problems["place"] = [problem]
    roles = {one.public_id: one.id for one in roles_of(act.session, activity.id)}
    if cleaned.role and cleaned.role not in roles:
        problems["role"] = ["unknown_role"]
    if problems:
        raise Invalid("activity_invalid", fields=problems, **params)
    return cleaned, roles.get(cleaned.role)


def _days(act: Act, values: ShiftValues, repeat: Repeat | None, until: date | None) -> list[date]:
    first = _day_of(act, values.starts_at)
    if repeat is None:
        return [first]
    if until is None:
        raise Invalid(fields={"until": ["series_needs_until"]})
    decision = series_allowed(repeat, first, until)
    if not decision:
        raise Invalid(fields={"until": [decision.code]}, **decision.params)
    return days_of(repeat, first, until)


def _day_of(act: Act, moment: datetime) -> date:
    return civil_date(moment, act.house.settings.time_zone)


def _on_day(act: Act, values: ShiftValues, day: date) -> tuple[datetime, datetime]:
    """The hours of these values on another civil day."""
    zone = ZoneInfo(act.house.settings.time_zone)
    begins: time = values.starts_at.astimezone(zone).time()
    span: timedelta = values.ends_at - values.starts_at
    start = datetime.combine(day, begins, zone)
    return start, start + span


def _series(act: Act, activity: Activity, repeat: Repeat, days: Sequence[date]) -> ShiftSeries:
    made = ShiftSeries(
        activity_id=activity.id,
        repeat=repeat,
        first_on=days[0],
        until_on=days[-1],
        created_at=act.now,
    )
    act.session.add(made)
    act.session.flush()
    return made


def _shift(
    act: Act,
    activity: Activity,
    values: ShiftValues,
    span: tuple[datetime, datetime],
    role_id: int | None,
    series: ShiftSeries | None,
) -> Shift:
    return Shift(
        activity_id=activity.id,
        role_id=role_id,
        series_id=series.id if series else None,
        starts_at=span[0],
        ends_at=span[1],
        place=values.place,
        minimum=values.minimum,
        maximum=values.maximum,
        created_at=act.now,
        updated_at=act.now,
    )
