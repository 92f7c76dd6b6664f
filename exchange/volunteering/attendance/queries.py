"""Reading marks and hours."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.volunteering.attendance.kinds import Step
from exchange.volunteering.attendance.models import AttendanceMark, HoursStep
from exchange.volunteering.attendance.permissions import may_mark
from exchange.volunteering.attendance.rules import MarkFact, Presence, presence_of
from exchange.volunteering.kinds import ActivityState, ShiftState, SignupState
from exchange.volunteering.models import Activity, Shift, Signup
from exchange.volunteering.permissions import manageable_by, sees_people
from exchange.volunteering.queries import seen_shift

Key = tuple[int, int]  # shift id, person id
PAGE = 20
BEHIND, AHEAD = timedelta(days=60), timedelta(days=2)


def shift_by_public_id(session: Session, public_id: str) -> Shift | None:
    """A shift with its activity, without asking who looks."""
    if not public_id.isalnum() or len(public_id) > 20:
        return None
    query = sa.select(Shift).where(Shift.public_id == public_id)
    return session.scalars(query.options(joinedload(Shift.activity))).first()


def shift_for_list(session: Session, actor: Actor, public_id: str) -> Shift:
    """A shift whose people the actor may read. Raises NotFound for anybody else."""
    shift = seen_shift(session, actor, public_id)
    if not sees_people(actor, shift.activity):
        raise NotFound
    return shift


def shift_to_mark(session: Session, actor: Actor, public_id: str) -> Shift:
    """A shift that the actor looks after. Raises NotFound for anybody else."""
    shift = seen_shift(session, actor, public_id)
    if not may_mark(actor, shift.activity):
        raise NotFound
    return shift


def shifts_to_look_after(
    session: Session, actor: Actor, now: datetime, before: int | None = None
) -> Sequence[Shift]:
    """The shifts of the actor's activities about now, the latest first; one more than a page.

    ``before`` is the id of a shift: only those that come after it in this order.
    """
    query = (
        sa.select(Shift)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            manageable_by(actor),
            Activity.state.in_((ActivityState.PUBLISHED, ActivityState.ENDED)),
            Shift.state == ShiftState.OPEN,
            Shift.starts_at > now - BEHIND,
            Shift.starts_at < now + AHEAD,
        )
        .options(
            contains_eager(Shift.activity).joinedload(Activity.organisation),
            joinedload(Shift.role),
        )
        .order_by(Shift.starts_at.desc(), Shift.id.desc())
        .limit(PAGE + 1)
    )
    edge = session.get(Shift, before) if before else None
    if edge is not None:
        query = query.where(
            sa.tuple_(Shift.starts_at, Shift.id) < sa.tuple_(edge.starts_at, edge.id)
        )
    return session.scalars(query).unique().all()


def people_of(session: Session, shift_ids: Iterable[int]) -> dict[int, list[Signup]]:
    """Who has a place, by shift, by name."""
    query = (
        sa.select(Signup)
        .where(Signup.shift_id.in_(sorted(set(shift_ids))), Signup.state == SignupState.SIGNED_UP)
        .options(joinedload(Signup.person, innerjoin=True))
    )
    found: dict[int, list[Signup]] = defaultdict(list)
    for signup in session.scalars(query):
        found[signup.shift_id].append(signup)
    for people in found.values():
        people.sort(key=lambda one: (one.person.name, one.id))
    return found


def own_signup(session: Session, shift_id: int, person_id: int | None) -> Signup | None:
    """What a person has answered to a shift."""
    if person_id is None:
        return None
    query = sa.select(Signup).where(Signup.shift_id == shift_id, Signup.person_id == person_id)
    return session.scalars(query).first()


def marks_of(
    session: Session, shift_ids: Iterable[int], person_id: int | None = None
) -> dict[Key, list[AttendanceMark]]:
    """All marks by shift and person, as they came in."""
    query = sa.select(AttendanceMark).where(AttendanceMark.shift_id.in_(sorted(set(shift_ids))))
    if person_id is not None:
        query = query.where(AttendanceMark.person_id == person_id)
    found: dict[Key, list[AttendanceMark]] = defaultdict(list)
    for mark in session.scalars(query.order_by(AttendanceMark.id)):
        found[mark.shift_id, mark.person_id].append(mark)
    return found


def presence_from(marks: Iterable[AttendanceMark], shift: Shift) -> Presence:
    """What these marks say together."""
    facts = [MarkFact(one.kind, one.way, one.at, one.id) for one in marks]
    return presence_of(facts, shift.starts_at, shift.ends_at)


def latest_steps(
    session: Session, shift_ids: Iterable[int], person_id: int | None = None
) -> dict[Key, HoursStep]:
    """The last step about hours by shift and person."""
    later = aliased(HoursStep)
    query = sa.select(HoursStep).where(
        HoursStep.shift_id.in_(sorted(set(shift_ids))),
        ~sa.exists().where(
            later.shift_id == HoursStep.shift_id,
            later.person_id == HoursStep.person_id,
            later.number > HoursStep.number,
        ),
    )
    if person_id is not None:
        query = query.where(HoursStep.person_id == person_id)
    return {(one.shift_id, one.person_id): one for one in session.scalars(query)}


def steps_of(session: Session, shift_id: int, person_id: int) -> Sequence[HoursStep]:
    """All steps of somebody's hours in a shift, the first first."""
    query = (
        sa.select(HoursStep)
        .where(HoursStep.shift_id == shift_id, HoursStep.person_id == person_id)
        .options(joinedload(HoursStep.made_by))
        .order_by(HoursStep.number)
    )
    return session.scalars(query).all()


def history_of(
    session: Session, shift_ids: Iterable[int], person_id: int | None = None
) -> dict[Key, list[HoursStep]]:
    """All steps by shift and person."""
    query = (
        sa.select(HoursStep)
        .where(HoursStep.shift_id.in_(sorted(set(shift_ids))))
        .options(joinedload(HoursStep.made_by))
        .order_by(HoursStep.number)
    )
    if person_id is not None:
        query = query.where(HoursStep.person_id == person_id)
    found: dict[Key, list[HoursStep]] = defaultdict(list)
    for step in session.scalars(query):
        found[step.shift_id, step.person_id].append(step)
    return found


def waiting_for_manager(session: Session, organisation_id: int) -> Sequence[HoursStep]:
    """Hours that a manager has to decide on, objections first, then the oldest."""
    later = aliased(HoursStep)
    query = (
        sa.select(HoursStep)
        .join(HoursStep.shift)
        .where(
            HoursStep.organisation_id == organisation_id,
            HoursStep.step.in_((Step.PROPOSED, Step.OBJECTED)),
            ~sa.exists().where(
                later.shift_id == HoursStep.shift_id,
                later.person_id == HoursStep.person_id,
                later.number > HoursStep.number,
            ),
        )
        .options(
            contains_eager(HoursStep.shift).joinedload(Shift.activity),
            joinedload(HoursStep.person),
        )
        .order_by((HoursStep.step != Step.OBJECTED), Shift.starts_at, HoursStep.id)
        .limit(500)
    )
    return session.scalars(query).unique().all()


def is_disputed() -> sa.ColumnElement[bool]:
    """Whether the volunteer has objected since these hours were approved; a later approval settles
    it.
    """
    objection = aliased(HoursStep)
    return sa.exists().where(
        objection.shift_id == HoursStep.shift_id,
        objection.person_id == HoursStep.person_id,
        objection.step == Step.OBJECTED,
        objection.number > HoursStep.number,
    )


def approved_hours(
    session: Session,
    zone: str,
    *,
    organisation_id: int | None = None,
    person_id: int | None = None,
    activity_id: int | None = None,
    first: date | None = None,
    last: date | None = None,
    disputed: bool | None = None,
) -> Sequence[HoursStep]:
    """What has been approved last, of shifts that began on these civil days; nothing of nought.

    ``disputed``: only what its volunteer has objected to since, or only what nobody objects to.
    Ordered by person, then by time.
    """
    later = aliased(HoursStep)
    query = (
        sa.select(HoursStep)
        .join(HoursStep.shift)
        .where(
            HoursStep.step == Step.APPROVED,
            HoursStep.minutes > 0,
            ~sa.exists().where(
                later.shift_id == HoursStep.shift_id,
                later.person_id == HoursStep.person_id,
                later.step == Step.APPROVED,
                later.number > HoursStep.number,
            ),
        )
        .options(
            contains_eager(HoursStep.shift).joinedload(Shift.activity),
            joinedload(HoursStep.person),
        )
        .order_by(HoursStep.person_id, Shift.starts_at, HoursStep.id)
    )
    if organisation_id is not None:
        query = query.where(HoursStep.organisation_id == organisation_id)
    if person_id is not None:
        query = query.where(HoursStep.person_id == person_id)
    if activity_id is not None:
        query = query.where(Shift.activity_id == activity_id)
    if disputed is not None:
        query = query.where(is_disputed() if disputed else ~is_disputed())
    if first is not None:
        query = query.where(Shift.starts_at >= _midnight(first, zone))
    if last is not None:
        query = query.where(Shift.starts_at < _midnight(last + timedelta(days=1), zone))
    return session.scalars(query).unique().all()


def own_record(
    session: Session, person_id: int, now: datetime, limit: int = 100
) -> Sequence[Signup]:
    """The shifts that a person had a place in and that have begun, the latest first."""
    query = (
        sa.select(Signup)
        .join(Signup.shift)
        .where(
            Signup.person_id == person_id,
            Signup.state == SignupState.SIGNED_UP,
            Shift.state == ShiftState.OPEN,
            Shift.starts_at <= now,
        )
        .options(
            contains_eager(Signup.shift)
            .joinedload(Shift.activity)
            .joinedload(Activity.organisation)
        )
        .order_by(Shift.starts_at.desc(), Signup.id.desc())
        .limit(limit)
    )
    return session.scalars(query).unique().all()


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
