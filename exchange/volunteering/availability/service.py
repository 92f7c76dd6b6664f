"""Saying what one can do and when, pausing it, and taking it away.

Each is one act under the lock of the person. The offer that is made of it is written in the same
act, so that nobody is matched by what they no longer say.
"""

from datetime import date

from exchange.accounts.models import Person
from exchange.geography.queries import division
from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden, Invalid, SignInNeeded
from exchange.listings.kept import OVER, is_over, park_kept, withdraw_kept, write_kept
from exchange.listings.kinds import OPEN_STATES, Form, State
from exchange.listings.rules import may_submit
from exchange.volunteering.availability.composing import listing_values
from exchange.volunteering.availability.events import (
    AvailabilityChanged,
    AvailabilityEnded,
    AvailabilityPaused,
    AvailabilityResumed,
    AvailabilitySaid,
)
from exchange.volunteering.availability.locking import take_availability, take_present
from exchange.volunteering.availability.models import Availability
from exchange.volunteering.availability.queries import own_organisation, prefixes_within
from exchange.volunteering.availability.rules import is_paused, pause_allowed
from exchange.volunteering.availability.values import (
    AvailabilityValues,
    problems_of,
    put_values,
    values_of,
)

Problems = dict[str, list[str]]


def save_availability(
    act: Act, values: AvailabilityValues, version: int | None = None, *, again: bool = False
) -> Availability:
    """Write down what one can do and when; the same again changes nothing.

    ``version`` is the one that was read, 0 where there was none yet. ``again`` offers one's time
    once more while a match holds it. Raises SignInNeeded, Forbidden, Invalid with the fields, or
    Conflict "changed_meanwhile".
    """
    person_id = _person(act)
    _require_reachable(act, person_id)
    clean = values.cleaned()
    problems = _problems(act, clean)
    if problems:
        raise Invalid("availability_invalid", fields=problems)
    row = take_availability(act, person_id)
    if row is None:
        return _first(act, person_id, clean)
    if values_of(row) != clean:
        if version is not None:
            row = take_present(act, person_id, version)
        _note_consent(act, row, clean)
        put_values(row, clean)
        _touch(act, row)
        act.emit(AvailabilityChanged(person_id))
    elif not again and not _is_behind(act, row):
        return row
    keep_in_step(act, row, again=again)
    return row


def pause_availability(
    act: Act, from_date: date, until: date | None, version: int | None = None
) -> Availability:
    """Have no time from a day on, until a day or until further notice. Raises as saving does."""
    decision = pause_allowed(from_date, until, act.today)
    if not decision:
        raise Invalid("availability_invalid", fields={"until": [decision.code]})
    row = take_present(act, _person(act), version)
    if (row.pause_from, row.pause_until) != (from_date, until):
        row.pause_from, row.pause_until = from_date, until
        _touch(act, row)
        act.emit(AvailabilityPaused(row.person_id))
        keep_in_step(act, row)
    return row


def resume_availability(act: Act, version: int | None = None) -> Availability:
    """Have time again; nothing where there is no pause. Raises as saving does."""
    row = take_present(act, _person(act), version)
    if row.pause_from is not None:
        row.pause_from = row.pause_until = None
        _touch(act, row)
        act.emit(AvailabilityResumed(row.person_id))
        keep_in_step(act, row)
    return row


def end_availability(act: Act) -> None:
    """Take all of it away: the offer is withdrawn, what was said is deleted; nothing twice."""
    forget_availability(act, _person(act))


def forget_availability(act: Act, person_id: int) -> None:
    """The same for anybody, for subscribers."""
    row = take_availability(act, person_id)
    if row is None:
        return
    if row.listing is not None:
        withdraw_kept(act, row.listing)
    act.session.delete(row)
    act.session.flush()
    act.emit(AvailabilityEnded(person_id))


def keep_in_step(act: Act, row: Availability, *, again: bool = False) -> None:
    """Make the offer say what the person says: open while they have time, aside in a pause.

    What a match holds, or has used up, is left alone; with ``again`` another offer takes its place.
    The caller holds the person's lock.
    """
    listing = row.listing
    if listing is not None:
        act.session.refresh(listing)
    if is_over(listing) and listing is not None and listing.state is State.FULFILLED and not again:
        return
    paused = is_paused(row.pause_from, row.pause_until, act.today)
    past = row.to_date is not None and row.to_date < act.today
    if paused or past:
        if listing is not None and not is_over(listing):
            park_kept(act, listing)
        if past or listing is not None:
            return
    prefixes = prefixes_within(act.session, row.division_code, row.reach)
    present = None if is_over(listing) else listing
    values = listing_values(row, prefixes)
    row.listing = write_kept(act, row.organisation_id, Form.AVAILABILITY, values, present)
    row.listed_version = row.version
    act.session.flush()
    if paused:
        park_kept(act, row.listing)


def keep_person_in_step(act: Act, person_id: int) -> None:
    """Bring a person's offer in step again, and end a pause that is over. Only the system does."""
    if not act.actor.is_system:
        raise Forbidden
    row = take_availability(act, person_id)
    if row is None:
        return
    if not is_paused(row.pause_from, row.pause_until, act.today) and row.pause_from:
        row.pause_from = row.pause_until = None
        _touch(act, row)
        act.emit(AvailabilityResumed(person_id))
    keep_in_step(act, row)


def _first(act: Act, person_id: int, values: AvailabilityValues) -> Availability:
    owner_id = own_organisation(act.session, person_id)
    if owner_id is None:
        raise Forbidden("availability_no_person")
    row = Availability(
        person_id=person_id,
        organisation_id=owner_id,
        version=1,
        created_at=act.now,
        updated_at=act.now,
    )
    _note_consent(act, row, values)
    put_values(row, values)
    act.session.add(row)
    act.session.flush()
    act.emit(AvailabilitySaid(person_id))
    keep_in_step(act, row)
    return row


def _problems(act: Act, values: AvailabilityValues) -> Problems:
    found = problems_of(values, act.today)
    if not values.division_code or division(act.session, values.division_code) is None:
        found["division_code"] = ["unknown_place"]
    elif len(values.division_code) < 6:
        found["division_code"] = ["availability_place_wide"]
    return found


def _note_consent(act: Act, row: Availability, values: AvailabilityValues) -> None:
    """Since when they may be asked; taken back it is forgotten."""
    if values.may_be_asked and not row.may_be_asked:
        row.consented_at = act.now
    elif not values.may_be_asked:
        row.consented_at = None


def _is_behind(act: Act, row: Availability) -> bool:
    """Whether the offer is not open though its person has time, such as after its last day."""
    listing = row.listing
    if listing is None or listing.state in OVER:
        return listing is None or listing.state is not State.FULFILLED
    return listing.state not in OPEN_STATES and row.is_on(act.today)


def _touch(act: Act, row: Availability) -> None:
    row.version += 1
    row.updated_at = act.now
    act.session.flush()


def _person(act: Act) -> int:
    if act.actor.person_id is None:
        raise SignInNeeded
    return act.actor.person_id


def _require_reachable(act: Act, person_id: int) -> None:
    """Whom a station introduces can be called."""
    person = act.session.get_one(Person, person_id)
    reachable = act.actor.phone_ok or person.phone_ok or person.email_confirmed_at is not None
    decision = may_submit(contact_confirmed=reachable, is_system=act.actor.is_system)
    if not decision:
        raise Forbidden(decision.code)
