"""Checks of who works with children: put on record, objected to, taken away."""

from datetime import date

from exchange.accounts.models import Organisation, Person
from exchange.kernel.act import Act
from exchange.kernel.database import new_public_id
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.volunteering.locking import lock_people
from exchange.volunteering.safeguarding.events import CheckObjected, CheckRecorded, CheckRemoved
from exchange.volunteering.safeguarding.kinds import AskKind
from exchange.volunteering.safeguarding.models import ChildrenCheck
from exchange.volunteering.safeguarding.permissions import may_keep_checks
from exchange.volunteering.safeguarding.places_service import (
    give_back_uncovered,
    take_person_with_shifts,
)
from exchange.volunteering.safeguarding.queries import age_row, ask_of, seen_check
from exchange.volunteering.safeguarding.rules import check_day_allowed, may_record, year_later
from exchange.volunteering.safeguarding.sealing import age_of


def record_check(
    act: Act, organisation: Organisation, person: Person, on: date | None, checked_by_id: int
) -> ChildrenCheck:
    """Put on record that somebody was checked for work with children, when and by whom.

    It is good for a year. An earlier one of the same organisation ends. ``checked_by_id`` is the
    organisation itself, or the one for which the actor acts. Raises Forbidden, Conflict for a
    volunteer under 18, or Invalid by field.
    """
    _require_may(act, organisation, person)
    day = check_day_allowed(on, act.today)
    if not day or on is None:
        raise Invalid(fields={"checked_on": [day.code]})
    if checked_by_id not in checkers(act, organisation):
        raise Invalid(fields={"checked_by": ["field_choice"]})
    lock_people(act, [person.id])
    if age_of(act.house.secrets, age_row(act.session, person.id)).is_minor(act.today):
        raise Conflict("check_for_minor")
    standing = _standing(act, person.id, organisation.id)
    if standing is not None:
        if (standing.checked_on, standing.checked_by_id, standing.objected_at) == (
            on, checked_by_id, None,
        ):  # fmt: skip
            return standing
        standing.ended_at, standing.ended_by_id = act.now, act.actor.person_id
        act.session.flush()
    made = ChildrenCheck(
        public_id=new_public_id(),
        person_id=person.id,
        organisation_id=organisation.id,
        checked_by_id=checked_by_id,
        checked_on=on,
        expires_on=year_later(on),
        recorded_by_id=act.actor.person_id,
        recorded_at=act.now,
    )
    act.session.add(made)
    ask = ask_of(act.session, person.id, organisation.id, AskKind.CHECK)
    if ask is not None:
        act.session.delete(ask)
    act.session.flush()
    act.emit(CheckRecorded(person.id, organisation.id, made.id))
    return made


def _require_may(act: Act, organisation: Organisation, person: Person) -> None:
    if not may_keep_checks(act.actor, organisation):
        raise Forbidden("safeguard_not_yours")
    decision = may_record(act.actor.person_id, person.id, recorder_is_minor=False)
    if not decision:
        raise Forbidden(decision.code)


def checkers(act: Act, organisation: Organisation) -> set[int]:
    """Which organisations may have made the look-up: itself, or the station's own."""
    own = act.actor.organisation_id
    is_station = own is not None and act.actor.serves_division(organisation.division_code)
    return {organisation.id, own} if is_station and own else {organisation.id}


def object_to_check(act: Act, public_id: str) -> ChildrenCheck:
    """Say that what is on record about oneself is wrong: it does not count until it is put right.

    Places stay; the organisation is told. Raises NotFound or Conflict.
    """
    found = _locked(act, public_id)
    if found.person_id != act.actor.person_id:
        raise NotFound
    if found.objected_at is None:
        found.objected_at = act.now
        act.session.flush()
        act.emit(CheckObjected(found.person_id, found.organisation_id, found.id))
    return found


def remove_check(act: Act, public_id: str) -> ChildrenCheck:
    """It counts no more, because it is wrong or its person does not want it kept.

    Places ahead with children go back. Raises NotFound or Conflict.
    """
    found = seen_check(act.session, act.actor, public_id)
    shifts = take_person_with_shifts(act, found.person_id, found.organisation_id)
    act.session.refresh(found)
    if found.ended_at is not None:
        raise Conflict("check_over")
    found.ended_at, found.ended_by_id = act.now, act.actor.person_id
    act.session.flush()
    act.emit(CheckRemoved(found.person_id, found.organisation_id, found.id))
    give_back_uncovered(act, found.person_id, found.organisation_id, shifts, minors=False)
    return found


def _locked(act: Act, public_id: str) -> ChildrenCheck:
    found = seen_check(act.session, act.actor, public_id)
    lock_people(act, [found.person_id])
    act.session.refresh(found)
    if found.ended_at is not None:
        raise Conflict("check_over")
    return found


def _standing(act: Act, person_id: int, organisation_id: int) -> ChildrenCheck | None:
    rows = act.session.query(ChildrenCheck).filter(
        ChildrenCheck.person_id == person_id,
        ChildrenCheck.organisation_id == organisation_id,
        ChildrenCheck.ended_at.is_(None),
    )
    return rows.populate_existing().first()
