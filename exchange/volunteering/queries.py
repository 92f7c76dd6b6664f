"""Reading activities, shifts and who comes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from exchange.accounts.kinds import MembershipState
from exchange.accounts.models import Membership
from exchange.accounts.queries import managers_of
from exchange.kernel.actor import Actor
from exchange.kernel.errors import NotFound
from exchange.volunteering.kinds import LIVE_STATES, ShiftState, SignupState
from exchange.volunteering.models import (
    Activity,
    ActivityCoordinator,
    Shift,
    Signup,
    VolunteerRole,
)
from exchange.volunteering.permissions import can_see


def loaded() -> tuple[sa.orm.interfaces.ORMOption, ...]:
    """What a list of activities needs beside their rows, in a fixed number of queries."""
    return (
        joinedload(Activity.organisation, innerjoin=True),
        selectinload(Activity.coordinators),
    )


def seen_activity(session: Session, actor: Actor, public_id: str) -> Activity:
    """The activity with this public id. Raises NotFound when the actor may not know of it.

    Whoever has answered to one of its shifts goes on seeing it.
    """
    if not public_id.isalnum():
        raise NotFound
    query = sa.select(Activity).where(Activity.public_id == public_id).options(*loaded())
    activity = session.scalars(query).first()
    if activity is None:
        raise NotFound
    if not can_see(actor, activity) and not has_answered(session, actor, activity.id):
        raise NotFound
    return activity


def has_answered(session: Session, actor: Actor, activity_id: int) -> bool:
    """Whether the actor has ever answered to a shift of the activity."""
    if actor.person_id is None:
        return False
    query = (
        sa.select(Signup.id)
        .join(Shift, Shift.id == Signup.shift_id)
        .where(Shift.activity_id == activity_id, Signup.person_id == actor.person_id)
    )
    return session.scalar(query.limit(1)) is not None


def seen_shift(session: Session, actor: Actor, public_id: str) -> Shift:
    """The shift with this public id, with its activity. Raises NotFound as its activity does."""
    if not public_id.isalnum():
        raise NotFound
    query = (
        sa.select(Shift)
        .where(Shift.public_id == public_id)
        .options(joinedload(Shift.activity).selectinload(Activity.coordinators))
    )
    shift = session.scalars(query).unique().first()
    if shift is None:
        raise NotFound
    if not can_see(actor, shift.activity) and not has_answered(session, actor, shift.activity_id):
        raise NotFound
    return shift


def shifts_of(
    session: Session, activity_ids: Iterable[int], after: datetime | None = None
) -> dict[int, list[Shift]]:
    """Shifts by activity in the order of time; with ``after`` those that end later than that."""
    query = sa.select(Shift).where(Shift.activity_id.in_(sorted(set(activity_ids))))
    if after is not None:
        query = query.where(Shift.ends_at > after)
    ordered = query.options(joinedload(Shift.role)).order_by(Shift.starts_at, Shift.id)
    found: dict[int, list[Shift]] = defaultdict(list)
    for shift in session.scalars(ordered):
        found[shift.activity_id].append(shift)
    return found


def last_ends(session: Session, activity_ids: Iterable[int]) -> dict[int, datetime]:
    """When the last shift of each of these activities ends, or ended."""
    query = (
        sa.select(Shift.activity_id, sa.func.max(Shift.ends_at))
        .where(Shift.activity_id.in_(sorted(set(activity_ids))))
        .group_by(Shift.activity_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def open_shifts_ahead(session: Session, activity_id: int, now: datetime) -> list[Shift]:
    """The shifts of an activity that still take place and have not begun."""
    query = sa.select(Shift).where(
        Shift.activity_id == activity_id, Shift.state == ShiftState.OPEN, Shift.starts_at > now
    )
    return list(session.scalars(query.order_by(Shift.starts_at, Shift.id)))


def roles_of(session: Session, activity_id: int) -> list[VolunteerRole]:
    """The roles of an activity, as they were added."""
    query = sa.select(VolunteerRole).where(VolunteerRole.activity_id == activity_id)
    return list(session.scalars(query.order_by(VolunteerRole.id)))


def signups_by_shift(
    session: Session, shift_ids: Iterable[int], states: Sequence[SignupState] = LIVE_STATES
) -> dict[int, list[Signup]]:
    """Answers by shift with their people: those with a place first, then the waiting list."""
    query = (
        sa.select(Signup)
        .where(Signup.shift_id.in_(sorted(set(shift_ids))), Signup.state.in_(states))
        .options(joinedload(Signup.person, innerjoin=True))
        .order_by(Signup.number, Signup.id)
    )
    found: dict[int, list[Signup]] = defaultdict(list)
    for signup in session.scalars(query):
        found[signup.shift_id].append(signup)
    for signups in found.values():
        signups.sort(key=lambda one: one.state is not SignupState.SIGNED_UP)
    return found


def answered_ids(session: Session, shift_ids: Iterable[int]) -> set[int]:
    """The shifts to which anybody has answered in any way; these are called off, not removed."""
    query = sa.select(Signup.shift_id).where(Signup.shift_id.in_(sorted(set(shift_ids))))
    return set(session.scalars(query.distinct()))


def waiting_counts(session: Session, shift_ids: Iterable[int]) -> dict[int, int]:
    """How many wait for a place, by shift."""
    query = (
        sa.select(Signup.shift_id, sa.func.count())
        .where(Signup.shift_id.in_(sorted(set(shift_ids))), Signup.state == SignupState.WAITING)
        .group_by(Signup.shift_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def own_answers(
    session: Session, person_id: int | None, shift_ids: Iterable[int]
) -> dict[int, Signup]:
    """What a person has answered to these shifts, by shift."""
    if person_id is None:
        return {}
    query = sa.select(Signup).where(
        Signup.person_id == person_id, Signup.shift_id.in_(sorted(set(shift_ids)))
    )
    return {one.shift_id: one for one in session.scalars(query)}


def own_signups(
    session: Session, person_id: int, after: datetime, states: Sequence[SignupState] = LIVE_STATES
) -> list[Signup]:
    """A person's answers to shifts that end later, the next first, with shift and activity."""
    query = (
        sa.select(Signup)
        .join(Shift, Shift.id == Signup.shift_id)
        .where(Signup.person_id == person_id, Signup.state.in_(states), Shift.ends_at > after)
        .options(
            joinedload(Signup.shift, innerjoin=True).options(
                joinedload(Shift.activity, innerjoin=True).joinedload(Activity.organisation),
                joinedload(Shift.role),
            )
        )
        .order_by(Shift.starts_at, Shift.id)
    )
    return list(session.scalars(query))


def places_in_line(session: Session, signups: Iterable[Signup]) -> dict[int, int]:
    """The position on the waiting list by sign-up, from 1; one query for all."""
    waiting = [one for one in signups if one.state is SignupState.WAITING]
    if not waiting:
        return {}
    ahead = sa.orm.aliased(Signup)
    query = (
        sa.select(Signup.id, sa.func.count(ahead.id))
        .join(
            ahead,
            sa.and_(
                ahead.shift_id == Signup.shift_id,
                ahead.state == SignupState.WAITING,
                sa.or_(
                    ahead.number < Signup.number,
                    sa.and_(ahead.number == Signup.number, ahead.id <= Signup.id),
                ),
            ),
        )
        .where(Signup.id.in_([one.id for one in waiting]))
        .group_by(Signup.id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def clashing_shifts(session: Session, person_ids: Iterable[int], shift: Shift) -> dict[int, Shift]:
    """By person: another shift in which they have a place at the time of this one."""
    query = (
        sa.select(Signup.person_id, Shift)
        .join(Shift, Shift.id == Signup.shift_id)
        .where(
            Signup.person_id.in_(sorted(set(person_ids))),
            Signup.state == SignupState.SIGNED_UP,
            Shift.id != shift.id,
            Shift.state == ShiftState.OPEN,
            Shift.starts_at < shift.ends_at,
            Shift.ends_at > shift.starts_at,
        )
        .options(joinedload(Shift.activity, innerjoin=True))
        .order_by(Shift.starts_at.desc(), Shift.id.desc())
    )
    return {row[0]: row[1] for row in session.execute(query)}


def waited_for_then(session: Session, person_id: int, shift: Shift) -> list[int]:
    """The other shifts at the time of this one that have places for which the person waits."""
    query = (
        sa.select(Shift.id)
        .join(Signup, Signup.shift_id == Shift.id)
        .where(
            Signup.person_id == person_id,
            Signup.state == SignupState.WAITING,
            Shift.id != shift.id,
            Shift.state == ShiftState.OPEN,
            Shift.taken < Shift.maximum,
            Shift.starts_at < shift.ends_at,
            Shift.ends_at > shift.starts_at,
        )
    )
    return list(session.scalars(query))


def coordinators_of(session: Session, activity: Activity) -> set[int]:
    """Whom news for coordinators reaches: those named while they are members, else the managers."""
    query = (
        sa.select(ActivityCoordinator.person_id)
        .join(
            Membership,
            sa.and_(
                Membership.person_id == ActivityCoordinator.person_id,
                Membership.organisation_id == activity.organisation_id,
                Membership.state == MembershipState.ACTIVE,
            ),
        )
        .where(ActivityCoordinator.activity_id == activity.id)
    )
    named = set(session.scalars(query))
    return named or set(managers_of(session, activity.organisation_id))
