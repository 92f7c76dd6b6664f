"""The list of activities: what is open, where, when, with which skill, with free places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.actor import Actor
from exchange.volunteering.kinds import ActivityState, ShiftState, Skill, Work
from exchange.volunteering.models import Activity, Shift, VolunteerRole
from exchange.volunteering.permissions import manageable_by, visible_to
from exchange.volunteering.queries import loaded

PAGE = 20


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; empty values ask for everything."""

    division: str = ""
    day: date | None = None
    skill: Skill | None = None
    work: Work | None = None
    free: bool = False

    @property
    def filters(self) -> int:
        """How many filters narrow the list."""
        return sum(map(bool, (self.division, self.day, self.skill, self.work, self.free)))


def open_activities(
    session: Session, actor: Actor, wanted: Wanted, now: datetime, zone: str, page: int = 1
) -> tuple[list[Activity], bool]:
    """One page of activities with shifts ahead that the actor may see, the next one first; whether
    more follow.
    """
    first = _next_starts(wanted, now, zone)
    query = (
        sa.select(Activity)
        .join(first, first.c.activity_id == Activity.id)
        .where(
            Activity.state == ActivityState.PUBLISHED,
            Activity.held_at.is_(None),
            visible_to(actor),
            *_conditions(wanted),
        )
        .options(*loaded())
        .order_by(first.c.next_at, Activity.id)
    )
    start = max(page - 1, 0) * PAGE
    rows = list(session.scalars(query.offset(start).limit(PAGE + 1)))
    return rows[:PAGE], len(rows) > PAGE


def managed_activities(
    session: Session, actor: Actor, now: datetime, page: int = 1
) -> tuple[list[Activity], bool]:
    """One page of the activities that the actor looks after: those that run now, those with a next
    shift by its time, those without any shift yet; at the end what is over, the latest first.
    """
    open_shift = Shift.state == ShiftState.OPEN
    times = (
        sa.select(
            Shift.activity_id,
            sa.func.min(sa.case((sa.and_(open_shift, Shift.ends_at > now), Shift.starts_at))).label(
                "next_at"
            ),
            sa.func.max(Shift.ends_at).label("last_at"),
        )
        .group_by(Shift.activity_id)
        .subquery()
    )
    alive = Activity.state.in_((ActivityState.DRAFT, ActivityState.PUBLISHED))
    ahead = sa.and_(alive, times.c.next_at.is_not(None))
    rank = sa.case((ahead, 0), (sa.and_(alive, times.c.last_at.is_(None)), 1), else_=2)
    query = (
        sa.select(Activity)
        .outerjoin(times, times.c.activity_id == Activity.id)
        .where(manageable_by(actor))
        .options(*loaded())
        .order_by(
            rank,
            sa.case((ahead, times.c.next_at)),
            sa.func.coalesce(times.c.last_at, Activity.created_at).desc(),
            Activity.id.desc(),
        )
    )
    start = max(page - 1, 0) * PAGE
    rows = list(session.scalars(query.offset(start).limit(PAGE + 1)))
    return rows[:PAGE], len(rows) > PAGE


def looks_after_any(session: Session, actor: Actor) -> bool:
    """Whether there is any activity that the actor looks after."""
    if not actor.organisation_ids and not actor.is_system:
        return False
    query = sa.select(Activity.id).where(manageable_by(actor))
    return session.scalar(query.limit(1)) is not None


def seen_by_ids(session: Session, actor: Actor, public_ids: Sequence[str]) -> dict[str, Activity]:
    """Those of these activities that the actor may see and that are open, by public id."""
    query = sa.select(Activity).where(
        Activity.public_id.in_(public_ids),
        Activity.state == ActivityState.PUBLISHED,
        visible_to(actor),
    )
    return {row.public_id: row for row in session.scalars(query.options(*loaded()))}


def _next_starts(wanted: Wanted, now: datetime, zone: str) -> sa.Subquery:
    """By activity: the start of the next shift that fits."""
    query = sa.select(Shift.activity_id, sa.func.min(Shift.starts_at).label("next_at")).where(
        Shift.state == ShiftState.OPEN, Shift.starts_at > now
    )
    if wanted.free:
        query = query.where(Shift.taken < Shift.maximum)
    if wanted.day is not None:
        begins = datetime.combine(wanted.day, time(), ZoneInfo(zone))
        query = query.where(Shift.starts_at >= begins, Shift.starts_at < begins + timedelta(days=1))
    return query.group_by(Shift.activity_id).subquery()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.division:
        found.append(Activity.division_code.startswith(wanted.division, autoescape=True))
    if wanted.work is not None:
        found.append(Activity.work == wanted.work)
    if wanted.skill is not None:
        sign = f'"{wanted.skill.value}"'  # a list of codes stands in the column as JSON
        in_role = sa.exists().where(
            VolunteerRole.activity_id == Activity.id,
            sa.cast(VolunteerRole.skills, sa.Text).contains(sign),
        )
        own = sa.cast(Activity.skills, sa.Text).contains(sign)
        found.append(sa.or_(own, in_role))
    return found


def open_activities_of(
    session: Session, actor: Actor, organisation_id: int, now: datetime, limit: int = 6
) -> list[Activity]:
    """The open activities of an organisation that the actor may see, the next one first."""
    first = _next_starts(Wanted(), now, "UTC")
    query = (
        sa.select(Activity)
        .join(first, first.c.activity_id == Activity.id)
        .where(
            Activity.organisation_id == organisation_id,
            Activity.state == ActivityState.PUBLISHED,
            visible_to(actor),
        )
        .options(*loaded())
        .order_by(first.c.next_at, Activity.id)
        .limit(limit)
    )
    return list(session.scalars(query))
