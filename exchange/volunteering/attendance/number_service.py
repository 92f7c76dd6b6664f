"""A volunteer's number in the national system: given by them, sealed, taken away by them."""

from exchange.kernel.act import Act
from exchange.kernel.database import new_public_id
from exchange.kernel.errors import Forbidden, Invalid
from exchange.volunteering.attendance.certificate_queries import number_row, place_of
from exchange.volunteering.attendance.events import VolunteerNumberGiven, VolunteerNumberRemoved
from exchange.volunteering.attendance.locking import take_person
from exchange.volunteering.attendance.models import VolunteerNumber
from exchange.volunteering.attendance.number_rules import cleaned, number_allowed


def give_number(act: Act, number: str) -> None:
    """Write one's own number down, or another one. The same again changes nothing.

    Raises Invalid with the field: an identity card's number is refused.
    """
    person_id = _self(act)
    kept = cleaned(number[:100])
    decision = number_allowed(kept)
    if not decision:
        raise Invalid("invalid", fields={"number": [decision.code]}, **decision.params)
    take_person(act, person_id)
    row = number_row(act.session, person_id)
    box = act.house.secrets
    if row is not None and box.open(row.number_sealed, place_of(row)) == kept:
        return
    if row is None:
        row = VolunteerNumber(public_id=new_public_id(), person_id=person_id)
        act.session.add(row)
    row.number_sealed = box.seal(kept, place_of(row))
    row.given_at = act.now
    act.session.flush()
    act.emit(VolunteerNumberGiven(person_id))


def remove_number(act: Act) -> None:
    """Take one's own number away; nothing where there is none."""
    person_id = _self(act)
    take_person(act, person_id)
    row = number_row(act.session, person_id)
    if row is not None:
        act.session.delete(row)
        act.session.flush()
        act.emit(VolunteerNumberRemoved(person_id))


def _self(act: Act) -> int:
    if act.actor.person_id is None:
        raise Forbidden
    return act.actor.person_id
