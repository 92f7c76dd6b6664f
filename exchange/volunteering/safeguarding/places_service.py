"""Giving places back that no consent, or no check, covers any more, or that are for another age."""

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.volunteering.kinds import ShiftState, SignupState
from exchange.volunteering.locking import lock_people, lock_shifts
from exchange.volunteering.models import Shift, Signup
from exchange.volunteering.safeguarding.events import PlaceOutsideAge, PlacesWithoutConsent
from exchange.volunteering.safeguarding.gating import covered
from exchange.volunteering.safeguarding.queries import live_shift_ids, standing_of
from exchange.volunteering.safeguarding.rules import outside_age
from exchange.volunteering.signups.service import leave_shifts


def take_person_with_shifts(
    act: Act, person_id: int, organisation_id: int | None = None
) -> list[Shift]:
    """Lock the shifts ahead in which somebody is, of an organisation or of all, then the person:
    the order of everybody. One person in an act, therefore.
    """
    ids = live_shift_ids(act.session, person_id, organisation_id, act.now)
    shifts = lock_shifts(act, ids)
    waiting = sa.select(Signup.person_id).where(
        Signup.shift_id.in_(ids), Signup.state == SignupState.WAITING
    )
    lock_people(act, {person_id, *act.session.scalars(waiting)})
    return shifts


def give_back_uncovered(
    act: Act, person_id: int, organisation_id: int, shifts: list[Shift], *, minors: bool
) -> int:
    """Give back what somebody has in these shifts without being covered; returns how many.

    The caller has locked them, and has written down what has changed. ``minors``: only where they
    are under 18 on the day; otherwise only with children.
    """
    act.session.flush()
    zone = act.house.settings.time_zone
    standing = standing_of(act.session, act.house.secrets, person_id, act.today)
    wanted = "consent_" if minors else "check_"
    uncovered = [one.id for one in shifts if covered(standing, one, zone).code.startswith(wanted)]
    count = leave_shifts(act, person_id, uncovered) if uncovered else 0
    if count and minors:
        act.emit(PlacesWithoutConsent(person_id, organisation_id, count))
    return count


def give_back_outside_age(act: Act, person_id: int, shifts: list[Shift]) -> int:
    """Give back what somebody has in those of these shifts that are for another age.

    The caller has locked them; returns how many.
    """
    zone = act.house.settings.time_zone
    standing = standing_of(act.session, act.house.secrets, person_id, act.today)
    count = 0
    for one in shifts:
        if one.state is not ShiftState.OPEN or not outside_age(covered(standing, one, zone)):
            continue
        if leave_shifts(act, person_id, [one.id]):
            owner_id = one.activity.organisation_id
            act.emit(PlaceOutsideAge(one.activity_id, owner_id, one.id, person_id))
            count += 1
    return count
