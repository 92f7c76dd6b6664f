"""The gates: nobody under 18 without consent, nobody unchecked with children, and places for two
adults with them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from exchange.kernel.act import Act, House
from exchange.kernel.clock import civil_date
from exchange.kernel.decisions import Decision, allow
from exchange.volunteering.gates import (
    add_joining_gate,
    add_keeping_gate,
    add_lowering_gate,
    add_mend,
    add_place_check,
    add_publishing_gate,
)
from exchange.volunteering.locking import lock_shifts
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.queries import open_shifts_ahead
from exchange.volunteering.safeguarding.kinds import Need
from exchange.volunteering.safeguarding.queries import (
    Standing,
    expiries_of,
    standing_of,
    standings,
    with_places,
)
from exchange.volunteering.safeguarding.rules import (
    adults_fit,
    age_fits,
    check_allows,
    consent_allows,
    may_publish_with_children,
    minors_fit,
)

NEEDS = {
    "age_needed": Need.AGE,
    "consent_missing": Need.CONSENT,
    "consent_ends_before": Need.CONSENT,
    "check_missing": Need.CHECK,
    "check_ends_before": Need.CHECK,
}

LACKS = {Need.CONSENT: "place_lacks_consent", Need.CHECK: "place_lacks_check"}


def install(house: House) -> None:
    """Have the gates asked, and say where each no can be mended."""
    add_joining_gate(house, joining_gate)
    add_joining_gate(house, adults_gate)
    add_keeping_gate(house, joining_gate)
    add_lowering_gate(house, room_gate)
    add_publishing_gate(house, publishing_gate)
    add_place_check(house, place_check)
    for code in (*NEEDS, *LACKS.values()):
        add_mend(house, code, "/shifts/{shift}/before")


def joining_gate(act: Act, person_id: int, shift: Shift) -> Decision:
    """Age, consent and check, as they are on the day of the shift."""
    standing = standing_of(act.session, act.house.secrets, person_id, act.today)
    return covered(standing, shift, act.house.settings.time_zone)


def adults_gate(act: Act, person_id: int, shift: Shift) -> Decision:
    """Nobody under 18 takes a place with children that two adults need. The shift is locked."""
    if not shift.activity.with_children:
        return allow()
    known = standings(act.session, act.house.secrets, [person_id], act.today)
    if not _no_adults(act, shift, known, [person_id]):
        return allow()
    others = no_adults_in(act, [shift])[shift.id] | {person_id}
    return adults_fit(len(others), shift.maximum)


def room_gate(act: Act, shift: Shift, maximum: int) -> Decision:
    """With children a shift does not become so small that two adults find no places."""
    if not shift.activity.with_children:
        return allow()
    return minors_fit(len(no_adults_in(act, [shift])[shift.id]), maximum)


def no_adults_in(act: Act, shifts: Collection[Shift]) -> dict[int, set[int]]:
    """Who has a place and is not known to be an adult on the day, by shift."""
    act.session.flush()
    inside = with_places(act.session, [one.id for one in shifts])
    people = {person_id for some in inside.values() for person_id in some}
    known = standings(act.session, act.house.secrets, people, act.today)
    return {one.id: _no_adults(act, one, known, inside.get(one.id, ())) for one in shifts}


def place_check(
    house: House, session: Session, person_id: int, shifts: Sequence[Shift]
) -> dict[int, str]:
    """The places that no consent, or no check, covers: their person reads what their coordinator
    reads.
    """
    zone = house.settings.time_zone
    today = civil_date(house.clock.now(), zone)
    standing = standing_of(session, house.secrets, person_id, today)
    found = {one.id: NEEDS.get(covered(standing, one, zone).code) for one in shifts}
    return {key: LACKS[need] for key, need in found.items() if need in LACKS}


def _no_adults(
    act: Act, shift: Shift, known: Mapping[int, Standing], people: Iterable[int]
) -> set[int]:
    day = civil_date(shift.starts_at, act.house.settings.time_zone)
    return {person_id for person_id in people if not known[person_id].age.is_adult(day)}


def covered(standing: Standing, shift: Shift, time_zone: str) -> Decision:
    """Whether what is on record about somebody lets them come to a shift."""
    activity, day = shift.activity, civil_date(shift.starts_at, time_zone)
    fits = age_fits(standing.age, day, activity.min_age, activity.max_age)
    if not fits:
        return fits
    if standing.age.is_minor(day):
        return consent_allows(standing.consents, activity.organisation_id, activity.id, day)
    if activity.with_children:
        return check_allows(standing.checks, activity.organisation_id, day)
    return allow()


def publishing_gate(act: Act, activity: Activity) -> Decision:
    """With children only where two adults of the organisation are checked by its next shift, and
    those under 18 who have places already leave two for adults.
    """
    if not activity.with_children:
        return allow()
    zone = act.house.settings.time_zone
    ahead = open_shifts_ahead(act.session, activity.id, act.now)
    first = min((civil_date(one.starts_at, zone) for one in ahead), default=act.today)
    expiries = expiries_of(act.session, activity.organisation_id)
    decision = may_publish_with_children(expiries, first)
    if not decision:
        return decision
    locked = lock_shifts(act, [one.id for one in ahead])
    others = no_adults_in(act, locked)
    answers = (minors_fit(len(others[one.id]), one.maximum) for one in locked)
    return next((one for one in answers if not one), allow())
