"""Approved hours within what a reader looks after."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.models import Organisation
from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.volunteering.attendance.kinds import Step
from exchange.volunteering.attendance.models import HoursStep
from exchange.volunteering.attendance.queries import is_disputed
from exchange.volunteering.hours_report.rules import Entry
from exchange.volunteering.kinds import Work
from exchange.volunteering.models import Activity, Shift


@dataclass(frozen=True)
class Asked:
    """Of which days, whose, where, of which kind; empty values ask for everything."""

    first: date
    last: date
    organisation_id: int | None = None
    division: str = ""
    work: Work | None = None


def may_read_report(actor: Actor) -> bool:
    """Whether there is anything that the actor could read sums of."""
    return bool(actor.organisation_ids or actor.serves or actor.supervises)


def report_entries(session: Session, actor: Actor, asked: Asked, zone: str) -> list[Entry]:
    """What was approved last, by organisation, place, kind and person, in one query.

    Managers read their own organisation's and brokers what happened where they serve, by name;
    members read their organisation's without names. What its volunteer objects to is counted apart.
    """
    later, disputed = aliased(HoursStep), is_disputed()
    named = _named(actor)
    query = (
        sa.select(
            HoursStep.organisation_id, Activity.division_code, Activity.work, HoursStep.person_id,
            sa.func.sum(sa.case((disputed, 0), else_=1)),
            sa.func.sum(sa.case((disputed, 0), else_=HoursStep.minutes)),
            sa.func.sum(sa.case((disputed, 1), else_=0)), named.label("named"),
        )
        .join(Shift, Shift.id == HoursStep.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            HoursStep.step == Step.APPROVED,
            HoursStep.minutes > 0,
            ~sa.exists().where(
                later.shift_id == HoursStep.shift_id,
                later.person_id == HoursStep.person_id,
                later.step == Step.APPROVED,
                later.number > HoursStep.number,
            ),
            sa.or_(named, HoursStep.organisation_id.in_(sorted(actor.organisation_ids))),
            Shift.starts_at >= datetime.combine(asked.first, time(), ZoneInfo(zone)),
            Shift.starts_at
            < datetime.combine(asked.last + timedelta(days=1), time(), ZoneInfo(zone)),
            *_narrowed(asked),
        )
        .group_by(
            HoursStep.organisation_id, Activity.division_code, Activity.work, HoursStep.person_id
        )
    )  # fmt: skip
    rows = session.execute(query)
    return [
        Entry(owner, code, work.value, person, times, minutes, bool(may), left)
        for owner, code, work, person, times, minutes, left, may in rows
    ]


def organisations_in(session: Session, ids: set[int]) -> dict[int, Organisation]:
    """The organisations with these numbers."""
    query = sa.select(Organisation).where(Organisation.id.in_(sorted(ids)))
    return {one.id: one for one in session.scalars(query)}


def _narrowed(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.organisation_id is not None:
        found.append(HoursStep.organisation_id == asked.organisation_id)
    if asked.division:
        found.append(Activity.division_code.startswith(asked.division, autoescape=True))
    if asked.work is not None:
        found.append(Activity.work == asked.work)
    return found


def _named(actor: Actor) -> ColumnElement[bool]:
    """Whose names the actor may read: what they manage, and what lies where they serve."""
    ways: list[ColumnElement[bool]] = [HoursStep.organisation_id.in_(sorted(actor.manages))]
    for served in sorted({*actor.serves, *actor.supervises}):
        inside = sa.true() if served == WHOLE_COUNTRY else Activity.division_code.startswith(
            served, autoescape=True
        )
        ways.append(inside)
    return sa.or_(*ways)
