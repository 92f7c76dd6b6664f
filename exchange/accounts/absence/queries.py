"""Who is away, and who stands in for whom."""

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.absence.models import Absence
from exchange.accounts.models import Assignment, Person, ServicePoint


def in_force() -> ColumnElement[bool]:
    """As a condition on Absence: the stand-in acts now."""
    return sa.and_(Absence.begun_at.is_not(None), Absence.ended_at.is_(None))


def stood_in_for(session: Session, person_id: int) -> frozenset[int]:
    """Ids of those for whom the person stands in now, in one query."""
    query = sa.select(Absence.person_id).where(Absence.stand_in_id == person_id, in_force())
    return frozenset(session.scalars(query))


def stand_ins_of(session: Session, person_ids: Iterable[int]) -> dict[int, int]:
    """Of these people those who are away now, and who stands in for each, in one query."""
    wanted = sorted(set(person_ids))
    if not wanted:
        return {}
    query = sa.select(Absence.person_id, Absence.stand_in_id).where(
        Absence.person_id.in_(wanted), in_force()
    )
    return {row.person_id: row.stand_in_id for row in session.execute(query)}


def with_stand_ins(session: Session, person_ids: Iterable[int]) -> set[int]:
    """The people, and in place of those who are away whoever stands in for them."""
    wanted = set(person_ids)
    away = stand_ins_of(session, wanted)
    return {away.get(one, one) for one in wanted}


def absences_of(session: Session, person_ids: Sequence[int], today: date) -> Sequence[Absence]:
    """What has not ended of these people's absences, by first day, with both people."""
    query = (
        sa.select(Absence)
        .options(joinedload(Absence.person), joinedload(Absence.stand_in))
        .where(
            Absence.person_id.in_(person_ids), Absence.ended_at.is_(None), Absence.to_on >= today
        )
        .order_by(Absence.from_on, Absence.id)
    )
    return session.scalars(query).all()


def colleagues_of(session: Session, person_id: int) -> Sequence[Person]:
    """Who else serves at the points where the person serves, or at what these hang under."""
    mine = (
        sa.select(ServicePoint.id, ServicePoint.parent_id)
        .join(Assignment, Assignment.service_point_id == ServicePoint.id)
        .where(
            Assignment.person_id == person_id,
            Assignment.ended_at.is_(None),
            ServicePoint.closed_at.is_(None),
        )
    )
    ids = {one for row in session.execute(mine) for one in row if one is not None}
    query = (
        sa.select(Person)
        .join(Assignment, Assignment.person_id == Person.id)
        .join(ServicePoint, ServicePoint.id == Assignment.service_point_id)
        .where(
            Assignment.service_point_id.in_(sorted(ids)),
            Assignment.ended_at.is_(None),
            ServicePoint.closed_at.is_(None),
            Person.closed_at.is_(None),
            Person.id != person_id,
        )
        .distinct()
        .order_by(Person.id)
    )
    return session.scalars(query).all()
