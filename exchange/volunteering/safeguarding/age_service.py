"""What volunteers say of their age, once: that they are adults, or when they were born.

Who has said that they are under 18 cannot take it back alone: those who keep the records of an
organisation have them asked again.
"""

from exchange.accounts.models import Organisation, Person
from exchange.kernel.act import Act
from exchange.kernel.database import new_public_id
from exchange.kernel.errors import Conflict, Forbidden, Invalid, SignInNeeded
from exchange.volunteering.locking import lock_people
from exchange.volunteering.safeguarding.events import AdultReached, AgeAskedAgain, AgeStated
from exchange.volunteering.safeguarding.models import AgeStatement, GuardianConsent
from exchange.volunteering.safeguarding.permissions import may_keep_checks
from exchange.volunteering.safeguarding.places_service import (
    give_back_outside_age,
    take_person_with_shifts,
)
from exchange.volunteering.safeguarding.queries import age_row
from exchange.volunteering.safeguarding.rules import Age, Birth, birth_allowed
from exchange.volunteering.safeguarding.sealing import age_of, seal_birth


def declare_adult(act: Act) -> None:
    """Say that one is 18 or older. Said again it stays; places that are for the young go back.

    Raises SignInNeeded, or Conflict "age_fixed" for who has said to be younger.
    """
    row = _own(act)
    if row.birth_sealed is not None:
        if age_of(act.house.secrets, row).is_minor(act.today):
            raise Conflict("age_fixed")
        row.birth_sealed = None
    elif row.adult_declared_on is not None:
        return
    _put(act, row, None)


def state_birth(act: Act, birth: Birth) -> Age:
    """Say in which month one was born; of adults only that they are is kept. Places for another
    age go back at once.

    Raises SignInNeeded, Invalid, Conflict "age_too_young", or "age_fixed" for another month than
    was said before.
    """
    decision = birth_allowed(birth, act.today)
    if decision.code == "birth_form":
        raise Invalid(fields={"birth_year": [decision.code]})
    if not decision:
        raise Conflict(decision.code, **decision.params)
    if Age(birth).is_adult(act.today):
        declare_adult(act)
        return Age(adult=True)
    row = _own(act)
    known = age_of(act.house.secrets, row) if row.birth_sealed is not None else Age()
    if known.birth == birth:
        return known
    if known.is_minor(act.today):
        raise Conflict("age_fixed")
    _put(act, row, birth)
    return Age(birth)


def ask_age_again(act: Act, organisation: Organisation, person: Person) -> None:
    """Forget what a volunteer said of their age, because it was wrong; they are asked again.

    For those who keep the organisation's checks, never for oneself. Raises Forbidden.
    """
    if not may_keep_checks(act.actor, organisation) or act.actor.person_id == person.id:
        raise Forbidden("safeguard_not_yours")
    lock_people(act, [person.id])
    row = age_row(act.session, person.id)
    if row is None:
        return
    act.session.delete(row)
    act.session.flush()
    act.emit(AgeAskedAgain(person.id))


def come_of_age(act: Act, after: int, limit: int) -> int:
    """Forget when those were born who are 18 by now, and end consents about them.

    Looks at ``limit`` rows after an id; returns the last one's id, 0 when there are no more.
    """
    rows = act.session.query(AgeStatement).filter(
        AgeStatement.id > after, AgeStatement.birth_sealed.is_not(None)
    )
    found = rows.order_by(AgeStatement.id).limit(limit).with_for_update().all()
    for row in found:
        if not age_of(act.house.secrets, row).is_adult(act.today):
            continue
        row.birth_sealed, row.adult_declared_on = None, act.today
        _end_consents(act, row.person_id)
        act.session.flush()
        act.emit(AdultReached(row.person_id))
    return found[-1].id if found else 0


def _end_consents(act: Act, person_id: int) -> None:
    live = act.session.query(GuardianConsent).filter(
        GuardianConsent.person_id == person_id, GuardianConsent.valid_until > act.today
    )
    for one in live.order_by(GuardianConsent.id).with_for_update():
        if one.consent_on is not None:
            one.valid_until = max(one.consent_on, act.today)


def _own(act: Act) -> AgeStatement:
    """The actor's own row, locked by their own; a new one where they have said nothing. Locked
    with the shifts that they are in: places may go back.
    """
    person_id = act.actor.person_id
    if person_id is None:
        raise SignInNeeded
    take_person_with_shifts(act, person_id)
    known = age_row(act.session, person_id)
    if known is not None:
        return known
    return AgeStatement(public_id=new_public_id(), person_id=person_id)


def _put(act: Act, row: AgeStatement, birth: Birth | None) -> None:
    row.birth_sealed = seal_birth(act.house.secrets, row, birth) if birth else None
    row.adult_declared_on = None if birth else act.today
    row.stated_at = act.now
    act.session.add(row)
    act.session.flush()
    act.emit(AgeStated(row.person_id))
    give_back_outside_age(act, row.person_id, take_person_with_shifts(act, row.person_id))
