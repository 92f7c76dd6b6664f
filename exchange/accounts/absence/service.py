"""Setting an absence with a stand-in; beginning and ending it."""

from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.absence.events import AbsenceBegan, AbsenceEnded, AbsenceSet
from exchange.accounts.absence.models import Absence
from exchange.accounts.actor_queries import load_actor
from exchange.accounts.models import Person
from exchange.kernel.act import Act
from exchange.kernel.actor import Actor, covers
from exchange.kernel.errors import Conflict, Invalid, NotFound

LONGEST = timedelta(days=366)


def set_absence(
    act: Act, person_public_id: str, stand_in_public_id: str, from_on: date, to_on: date
) -> Absence:
    """Say that a worker is away, and who acts for them: the worker, or who supervises them.

    The stand-in serves every place that the worker serves, is there all the time, and the worker
    stands in for nobody meanwhile. It begins at once where the first day has come. Raises
    NotFound, or Invalid by field.
    """
    person, stand_in = _both(act, person_public_id, stand_in_public_id)
    worker = load_actor(act.session, person.id)
    if not may_set_absence(act.actor, worker):
        raise NotFound
    _insist_on_days(act, from_on, to_on)
    if stand_in is None or not _can_stand_in(load_actor(act.session, stand_in.id), worker):
        raise Invalid(fields={"stand_in": ["stand_in_not_ready"]})
    _insist_on_room(act, person.id, stand_in.id, from_on, to_on)
    assert act.actor.person_id is not None  # noqa: S101 - a worker or a supervisor
    made = Absence(
        person_id=person.id, stand_in_id=stand_in.id, from_on=from_on, to_on=to_on,
        set_by_id=act.actor.person_id, created_at=act.now,
    )  # fmt: skip
    act.session.add(made)
    act.session.flush()
    act.emit(AbsenceSet(made.id, person.id, stand_in.id))
    if from_on <= act.today:
        begin_absence(act, made.id)
    return made


def may_set_absence(actor: Actor, worker: Actor) -> bool:
    """The worker themself, or who supervises every place that they serve."""
    if not worker.serves:
        return False
    if actor.person_id == worker.person_id:
        return True
    return all(actor.supervises_division(prefix) for prefix in worker.serves)


def begin_absence(act: Act, absence_id: int) -> bool:
    """From now on the stand-in acts; whether that was still to be done."""
    found = _locked(act, absence_id)
    if found is None or found.begun_at or found.ended_at or found.from_on > act.today:
        return False
    found.begun_at = act.now
    act.session.flush()
    act.emit(AbsenceBegan(found.id, found.person_id, found.stand_in_id))
    return True


def end_absence(act: Act, absence_id: int) -> bool:
    """Whoever was away is back, because the last day is over; whether that was still to be done."""
    found = _locked(act, absence_id)
    if found is None or found.ended_at or found.to_on >= act.today:
        return False
    _end(act, found)
    return True


def come_back(act: Act, public_id: str) -> Absence:
    """End an absence before its last day, or take one back that has not begun."""
    absence_id = act.session.scalar(sa.select(Absence.id).where(Absence.public_id == public_id))
    found = _locked(act, absence_id) if absence_id is not None else None
    if found is None or not may_set_absence(act.actor, load_actor(act.session, found.person_id)):
        raise NotFound
    if found.ended_at:
        raise Conflict("already_decided")
    _end(act, found)
    return found


def end_absences_of(act: Act, person_id: int) -> None:
    """Whoever leaves for good is not away any more."""
    open_ones = sa.select(Absence.id).where(
        Absence.person_id == person_id, Absence.ended_at.is_(None)
    )
    for absence_id in act.session.scalars(open_ones.order_by(Absence.id)).all():
        found = _locked(act, absence_id)
        if found is not None and found.ended_at is None:
            _end(act, found)


def keep_stood_in_for(act: Act, person_id: int) -> None:
    """This person's duty has ended or has other places: nobody who is away, this person or whom
    they stand in for, is left to somebody who cannot act.

    Raises Conflict "duty_stands_in" with the ``name`` of whoever is, or will be, away.
    """
    act.session.flush()
    person = sa.select(Person.id).where(Person.id == person_id)
    act.session.execute(person.with_for_update(of=Person, key_share=True)).all()
    query = sa.select(Absence.person_id, Absence.stand_in_id).where(
        sa.or_(Absence.stand_in_id == person_id, Absence.person_id == person_id),
        Absence.ended_at.is_(None),
        Absence.to_on >= act.today,
    )
    for away, stand_in in act.session.execute(query.order_by(Absence.id)).all():
        if not _can_stand_in(load_actor(act.session, stand_in), load_actor(act.session, away)):
            name = act.session.get_one(Person, away).name
            raise Conflict("duty_stands_in", name=name)


def due_absences(session: Session, today: date) -> list[int]:
    """Ids of the absences that begin or end by this day and have not yet, by id."""
    query = sa.select(Absence.id).where(
        Absence.ended_at.is_(None),
        sa.or_(
            sa.and_(Absence.begun_at.is_(None), Absence.from_on <= today), Absence.to_on < today
        ),
    )
    return list(session.scalars(query.order_by(Absence.id)))


def _end(act: Act, found: Absence) -> None:
    found.ended_at, found.ended_by_id = act.now, act.actor.person_id
    act.session.flush()
    act.emit(AbsenceEnded(found.id, found.person_id, found.stand_in_id))


def _both(act: Act, person: str, stand_in: str) -> tuple[Person, Person | None]:
    """Both people, locked in the order of their ids: nobody becomes away and a stand-in at once."""
    found = act.session.scalars(
        sa.select(Person)
        .where(Person.public_id.in_((person, stand_in)), Person.closed_at.is_(None))
        .order_by(Person.id)
        .with_for_update(of=Person)
    ).all()
    by_id = {one.public_id: one for one in found}
    if person not in by_id:
        raise NotFound
    return by_id[person], by_id.get(stand_in) if stand_in != person else None


def _can_stand_in(stand_in: Actor, worker: Actor) -> bool:
    return all(any(covers(own, one) for own in stand_in.serves) for one in worker.serves)


def _insist_on_days(act: Act, from_on: date, to_on: date) -> None:
    if to_on < from_on or to_on < act.today:
        raise Invalid(fields={"to_on": ["absence_days"]})
    if to_on - from_on > LONGEST or from_on - act.today > LONGEST:
        raise Invalid(fields={"to_on": ["absence_too_long"]})


def _insist_on_room(act: Act, person_id: int, stand_in_id: int, first: date, last: date) -> None:
    then = sa.select(Absence.id).where(
        Absence.ended_at.is_(None), Absence.from_on <= last, Absence.to_on >= first
    )

    def any_of(condition: sa.ColumnElement[bool]) -> bool:
        return act.session.execute(then.where(condition).limit(1)).first() is not None

    if any_of(Absence.person_id == person_id):
        raise Invalid(fields={"from_on": ["absence_overlaps"]})
    if any_of(Absence.stand_in_id == person_id):
        raise Invalid(fields={"from_on": ["stands_in_already"]})
    if any_of(Absence.person_id == stand_in_id):
        raise Invalid(fields={"stand_in": ["stand_in_away"]})


def _locked(act: Act, absence_id: int) -> Absence | None:
    return act.session.scalar(
        sa.select(Absence)
        .where(Absence.id == absence_id)
        .with_for_update(of=Absence)
        .execution_options(populate_existing=True)
    )
