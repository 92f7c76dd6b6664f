"""Giving places back that no consent, or no check, covers any more."""

from exchange.kernel.act import Act
from exchange.volunteering.locking import lock_people, lock_shifts
from exchange.volunteering.models import Shift
from exchange.volunteering.safeguarding.events import PlacesWithoutConsent
from exchange.volunteering.safeguarding.gating import covered
from exchange.volunteering.safeguarding.queries import live_shift_ids, standing_of
from exchange.volunteering.signups.filling import lock_waiting
from exchange.volunteering.signups.service import leave_shifts


def take_person_with_shifts(act: Act, person_id: int, organisation_id: int) -> list[Shift]:
    """Lock the shifts ahead in which somebody is, then the person: the order of everybody."""
    ids = live_shift_ids(act.session, person_id, organisation_id, act.now)
    shifts = lock_shifts(act, ids)
    if shifts:
        lock_waiting(act, shifts)
    lock_people(act, [person_id])
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
    uncovered = [
        one.id for one in shifts if covered(standing, one, zone).code.startswith(wanted)
    ]
    count = leave_shifts(act, person_id, uncovered) if uncovered else 0
    if count and minors:
        act.emit(PlacesWithoutConsent(person_id, organisation_id, count))
    return count
