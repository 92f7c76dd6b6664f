"""Closing an account: asked for, taken back by signing in, carried out when its day has come."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.closing.erasing import end_everything, erase_person
from exchange.accounts.closing.events import (
    AccountClosed,
    ClosingAsked,
    ClosingStopped,
    ClosingTakenBack,
)
from exchange.accounts.closing.models import AccountClosing
from exchange.accounts.closing.obstacles import emptied_by, obstacles_of
from exchange.accounts.closing.rules import due_from
from exchange.accounts.kinds import MembershipState, OrganisationKind
from exchange.accounts.models import Membership, Organisation, Person
from exchange.accounts.people_service import me
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, same_name
from exchange.accounts.standing import revoke_all_tokens
from exchange.audit.data_keys import destroy_data_key
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound

LONGEST_REASON = 500


def ask_to_close(act: Act) -> AccountClosing:
    """The acting person's account closes in a week; every session and token ends now.

    The door has looked at the password. Raises Conflict "closing_duties_open" with ``count`` while
    somebody else must take something over first.
    """
    return _ask(act, me(act), "")


def ask_to_close_for(act: Act, address: Address, name: str, reason: str) -> AccountClosing:
    """The same for somebody who has asked a supervisor in writing; they are told.

    The supervisor knows address and name, and supervises the place where the person lives.
    Raises Forbidden, Invalid by field, or as ``ask_to_close`` does.
    """
    if not act.actor.supervises:
        raise Forbidden("only_supervisors")
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise Invalid(fields={"reason": ["required"]})
    person = find_person(act.session, act.house.secrets, address)
    if person is None or not same_name(person.name, name) or not _lives_here(act, person.id):
        raise Invalid("person_not_found")
    if person.id == act.actor.person_id:
        raise Invalid(fields={"address": ["closing_not_yourself"]})
    return _ask(act, person, reason.strip())


def take_back_closing(act: Act, person_id: int) -> bool:
    """The person has signed in: the account stays. Whether it was to be closed."""
    if closing_of(act.session, person_id) is None or _lock(act, person_id) is None:
        return False
    found = _locked(act, person_id)
    if found is None:
        return False
    act.session.delete(found)
    act.session.flush()
    act.emit(ClosingTakenBack(person_id))
    return True


def close_account(act: Act, person_id: int) -> bool:
    """Close an account whose day has come, in this one transaction; whether it was done.

    Where a duty has come up meanwhile the account stays, and the person is told. The data key goes
    last, so that nothing of this act can be read either.
    """
    person, found = _lock(act, person_id), _locked(act, person_id)
    if person is None or found is None or found.due_at > act.now:
        return False
    act.session.delete(found)
    act.session.flush()
    if obstacles_of(act.house, act.session, person_id):
        act.emit(ClosingStopped(person_id))
        return False
    emptied = emptied_by(act.session, person_id)
    end_everything(act, person, emptied)
    act.emit(AccountClosed(person_id, emptied))
    erase_person(act, person, emptied)
    destroy_data_key(act, person_id)
    return True


def due_closings(session: Session, now: datetime) -> list[int]:
    """Ids of the people whose day has come, by id."""
    query = sa.select(AccountClosing.person_id).where(AccountClosing.due_at <= now)
    return list(session.scalars(query.order_by(AccountClosing.person_id)))


def closing_of(session: Session, person_id: int) -> AccountClosing | None:
    """What waits for a person, if anything."""
    return session.get(AccountClosing, person_id)


def _ask(act: Act, person: Person, reason: str) -> AccountClosing:
    if _lock(act, person.id) is None:
        raise NotFound
    left = obstacles_of(act.house, act.session, person.id)
    if left:
        raise Conflict("closing_duties_open", count=len(left))
    assert act.actor.person_id is not None  # noqa: S101 - a person or a supervisor
    made = _locked(act, person.id) or AccountClosing(person_id=person.id)
    made.asked_by_id, made.asked_at, made.reason = act.actor.person_id, act.now, reason
    made.due_at = due_from(act.now)
    act.session.add(made)
    person.session_epoch += 1
    revoke_all_tokens(act, person.id)
    act.session.flush()
    act.emit(ClosingAsked(person.id, act.actor.person_id))
    return made


def _lock(act: Act, person_id: int) -> Person | None:
    """The person and then their organisations, in the order of ids: nobody leaves one meanwhile."""
    person = act.session.scalar(
        sa.select(Person)
        .where(Person.id == person_id, Person.closed_at.is_(None))
        .with_for_update(of=Person, key_share=True)
        .execution_options(populate_existing=True)
    )
    ids = sa.select(Membership.organisation_id).where(
        Membership.person_id == person_id, Membership.state == MembershipState.ACTIVE
    )
    lock = sa.select(Organisation.id).where(Organisation.id.in_(ids)).order_by(Organisation.id)
    act.session.execute(lock.with_for_update(of=Organisation, key_share=True)).all()
    return person


def _locked(act: Act, person_id: int) -> AccountClosing | None:
    return act.session.get(
        AccountClosing, person_id, with_for_update=True, populate_existing=True
    )


def _lives_here(act: Act, person_id: int) -> bool:
    codes = act.session.scalars(
        sa.select(Organisation.division_code)
        .join(Organisation.memberships)
        .where(
            Membership.person_id == person_id,
            Organisation.kind == OrganisationKind.INDIVIDUAL_VOLUNTEER,
        )
    )
    return any(act.actor.supervises_division(code) for code in codes.all())
