"""What must be true of every shift and sign-up at every moment."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exchange.volunteering.indexing import INDEXED_STATES, TABLE
from exchange.volunteering.kinds import ShiftState, SignupState
from exchange.volunteering.models import Activity, Shift, Signup


def broken_shifts(session: Session) -> Iterator[str]:
    """What does not hold."""
    yield from _wrong_counts(session)
    yield from _double_numbers(session)
    yield from _clashes(session)


def indexed_activities(session: Session) -> set[str]:
    """The keys of the activities that belong in the index."""
    query = sa.select(Activity.public_id).where(Activity.state.in_(INDEXED_STATES))
    return {TABLE.key_of(public_id) for public_id in session.scalars(query)}


def _wrong_counts(session: Session) -> Iterator[str]:
    holds = sa.func.count(Signup.id).filter(Signup.state == SignupState.SIGNED_UP)
    query = (
        sa.select(Shift.id, Shift.taken, Shift.maximum, holds)
        .outerjoin(Signup, Signup.shift_id == Shift.id)
        .group_by(Shift.id)
    )
    for shift_id, taken, maximum, held in session.execute(query):
        if not taken == held <= maximum:
            yield f"shift {shift_id}: {taken} taken, {held} hold a place, {maximum} at most"


def _double_numbers(session: Session) -> Iterator[str]:
    query = (
        sa.select(Signup.shift_id, Signup.number)
        .where(Signup.state == SignupState.WAITING)
        .group_by(Signup.shift_id, Signup.number)
        .having(sa.func.count() > 1)
    )
    for shift_id, number in session.execute(query):
        yield f"shift {shift_id}: two wait with number {number}"


def _clashes(session: Session) -> Iterator[str]:
    """Whoever is still to say whether they come to a moved shift may have another one then."""
    one, other = aliased(Signup), aliased(Signup)
    first, second = aliased(Shift), aliased(Shift)
    query = (
        sa.select(one.person_id, first.id, second.id)
        .join(first, first.id == one.shift_id)
        .join(other, sa.and_(other.person_id == one.person_id, other.id > one.id))
        .join(second, second.id == other.shift_id)
        .where(
            one.state == SignupState.SIGNED_UP,
            other.state == SignupState.SIGNED_UP,
            first.state == ShiftState.OPEN,
            second.state == ShiftState.OPEN,
            sa.or_(first.moved_at.is_(None), one.asked_at.is_(None)),
            sa.or_(second.moved_at.is_(None), other.asked_at.is_(None)),
            first.starts_at < second.ends_at,
            second.starts_at < first.ends_at,
        )
    )
    for person_id, shift_id, other_id in session.execute(query):
        yield f"person {person_id} is to be in shifts {shift_id} and {other_id} at the same time"
