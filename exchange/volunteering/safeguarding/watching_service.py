"""What happens by the clock: coordinators are told what shifts with children lack, places without
consent, or for another age, go back, people are reminded of what ends. Only the system does this.
"""

from collections import defaultdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Forbidden
from exchange.volunteering.kinds import ActivityState, ShiftState
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.rules import ADULTS_WITH_CHILDREN
from exchange.volunteering.safeguarding.events import (
    AdultsLacking,
    CheckEnding,
    ChecksLacking,
    ConsentEnding,
)
from exchange.volunteering.safeguarding.gating import covered
from exchange.volunteering.safeguarding.models import (
    ChildrenCheck,
    ChildrenWatch,
    GuardianConsent,
)
from exchange.volunteering.safeguarding.places_service import (
    give_back_outside_age,
    give_back_uncovered,
    take_person_with_shifts,
)
from exchange.volunteering.safeguarding.queries import (
    Standing,
    standings,
    with_places,
    young_ahead,
)
from exchange.volunteering.safeguarding.rules import (
    LOOKED_AHEAD,
    REMINDED,
    check_allows,
    outside_age,
)
from exchange.volunteering.signups.reminder_rules import reminded_until


def watch_shifts(act: Act, after: int, limit: int) -> int:
    """Tell coordinators of shifts with children that lack adults, the evening before, or checks, a
    week before. Looks at ``limit`` shifts after an id; returns the last one's id, 0 at the end.
    """
    _require_system(act)
    query = (
        sa.select(Shift)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(
            Shift.id > after,
            Shift.state == ShiftState.OPEN,
            Shift.starts_at > act.now,
            Shift.starts_at <= act.now + LOOKED_AHEAD,
            Activity.state == ActivityState.PUBLISHED,
            Activity.with_children.is_(True),
        )
        .options(joinedload(Shift.activity))
        .order_by(Shift.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Shift)
    )
    shifts = act.session.scalars(query).all()
    places = with_places(act.session, [one.id for one in shifts])
    people = {person for some in places.values() for person in some}
    known = standings(act.session, act.house.secrets, people, act.today)
    tomorrow = reminded_until(act.now, act.house.settings.time_zone)
    for shift in shifts:
        mine = [known[person] for person in places.get(shift.id, ())]
        _tell(act, shift, mine, tomorrow)
    act.session.flush()
    return shifts[-1].id if shifts else 0


def adults_among(act_zone: str, shift: Shift, people: list[Standing]) -> int:
    """How many of these are known to be adults on the day of the shift."""
    day = civil_date(shift.starts_at, act_zone)
    return sum(1 for one in people if one.age.is_adult(day))


def unchecked_among(act_zone: str, shift: Shift, people: list[Standing]) -> int:
    """How many of these are no minors and have no check that is good on that day."""
    day, owner = civil_date(shift.starts_at, act_zone), shift.activity.organisation_id
    return sum(
        1
        for one in people
        if not one.age.is_minor(day) and not check_allows(one.checks, owner, day)
    )


def return_places(act: Act, after: int, limit: int) -> int:
    """Give back what somebody under 18 holds without a consent that covers it, and what is not for
    somebody's age: a shift was moved, or they said their age late. Looks at so many people after an
    id, and puts the first right whom it finds; returns as ``watch_shifts``.
    """
    _require_system(act)
    people = young_ahead(act.session, after, act.now, limit)
    known = standings(act.session, act.house.secrets, people, act.today)
    zone = act.house.settings.time_zone
    for person_id, shifts in people.items():
        answers = [covered(known[person_id], one, zone) for one in shifts]
        if any(one.code.startswith("consent_") or outside_age(one) for one in answers):
            _put_right(act, person_id)
            return person_id
    return max(people, default=0)


def _put_right(act: Act, person_id: int) -> None:
    by_owner: dict[int, list[Shift]] = defaultdict(list)
    taken = take_person_with_shifts(act, person_id)
    give_back_outside_age(act, person_id, taken)
    for shift in taken:
        by_owner[shift.activity.organisation_id].append(shift)
    for owner_id, shifts in sorted(by_owner.items()):
        give_back_uncovered(act, person_id, owner_id, shifts, minors=True)


def remind_of_ends(act: Act, limit: int) -> int:
    """Once, thirty days before a consent or a check ends; returns how many were told of."""
    _require_system(act)
    last = act.today + REMINDED
    consents = (
        sa.select(GuardianConsent)
        .where(
            GuardianConsent.withdrawn_at.is_(None),
            GuardianConsent.reminded_at.is_(None),
            GuardianConsent.valid_until.between(act.today, last),
        )
        .order_by(GuardianConsent.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=GuardianConsent)
    )
    told = 0
    for one in act.session.scalars(consents).all():
        one.reminded_at = act.now
        act.emit(ConsentEnding(one.person_id, one.organisation_id, one.id))
        told += 1
    checks = (
        sa.select(ChildrenCheck)
        .where(
            ChildrenCheck.ended_at.is_(None),
            ChildrenCheck.reminded_at.is_(None),
            ChildrenCheck.expires_on.between(act.today, last),
        )
        .order_by(ChildrenCheck.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=ChildrenCheck)
    )
    for check in act.session.scalars(checks).all():
        check.reminded_at = act.now
        act.emit(CheckEnding(check.person_id, check.organisation_id, check.id))
        told += 1
    act.session.flush()
    return told


def _tell(act: Act, shift: Shift, people: list[Standing], tomorrow: datetime) -> None:
    zone, activity = act.house.settings.time_zone, shift.activity
    watch = act.session.get(ChildrenWatch, shift.id)
    if watch is None:
        watch = ChildrenWatch(shift_id=shift.id, unchecked_told=0)
    adults, unchecked = adults_among(zone, shift, people), unchecked_among(zone, shift, people)
    if shift.starts_at < tomorrow and adults < ADULTS_WITH_CHILDREN and not watch.adults_told_at:
        watch.adults_told_at = act.now
        act.session.add(watch)
        act.emit(AdultsLacking(activity.id, activity.organisation_id, shift.id, adults))
    if unchecked > watch.unchecked_told:
        watch.unchecked_told = unchecked
        act.session.add(watch)
        act.emit(ChecksLacking(activity.id, activity.organisation_id, shift.id, unchecked))


def _require_system(act: Act) -> None:
    if not act.actor.is_system:
        raise Forbidden
