"""What a person does with their account: sign up, confirm, sign in, change, vouch."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exchange.accounts.codes.service import CONFIRMS, issue_code, try_code
from exchange.accounts.events import (
    EmailConfirmed,
    OrganisationCreated,
    PasswordChanged,
    PersonSignedUp,
    PhoneConfirmed,
    PhoneVouched,
    ProfileChanged,
    SessionsEnded,
    SignedIn,
    SignUpRepeated,
)
from exchange.accounts.kinds import CodePurpose, MembershipState, OrganisationKind
from exchange.accounts.models import Membership, Organisation, Person
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address, AddressKind, same_name
from exchange.accounts.sealing import address_hash, set_address
from exchange.accounts.standing import (
    lock_organisation,
    lose_verification,
    revoke_all_tokens,
)
from exchange.accounts.wording import require_public_words
from exchange.geography.queries import division
from exchange.kernel.act import Act
from exchange.kernel.actor import Role
from exchange.kernel.database import new_public_id
from exchange.kernel.decisions import Decision, allow, refuse
from exchange.kernel.errors import Forbidden, Invalid, NotFound, SignInNeeded


@dataclass(frozen=True)
class NewPerson:
    """What a person tells about themself at the start."""

    address: Address
    name: str
    password_hash: str
    division_code: str
    locale: str = "zh"


def sign_up(act: Act, new: NewPerson) -> Person | None:
    """Make a person with an organisation of their own, and send a code to the address.

    None when the address is taken: its owner is told, and the caller must answer as if not.
    """
    require_division(act, new.division_code)
    owner = find_person(act.session, act.house.secrets, new.address)
    if owner is not None:
        act.emit(SignUpRepeated(person_id=owner.id))
        return None
    try:
        with act.session.begin_nested():
            person = create_person(act, new)
    except IntegrityError:
        return None
    issue_code(act, person, new.address, CONFIRMS[new.address.kind])
    return person


def create_person(act: Act, new: NewPerson) -> Person:
    """Make a person and their own organisation; nothing is confirmed. Raises Invalid."""
    require_public_words(name=new.name)
    person = Person(
        public_id=new_public_id(),
        name=new.name.strip(),
        password_hash=new.password_hash,
        locale=new.locale,
        created_at=act.now,
        session_epoch=0,
    )
    set_address(act.house.secrets, person, new.address, None)
    own = Organisation(
        kind=OrganisationKind.INDIVIDUAL_VOLUNTEER,
        name_zh=person.name,
        division_code=new.division_code,
        created_at=act.now,
        updated_at=act.now,
    )
    act.session.add_all([person, own])
    act.session.flush()
    person.acting_organisation_id = own.id
    act.session.add(
        Membership(
            person_id=person.id,
            organisation_id=own.id,
            role=Role.MANAGER,
            state=MembershipState.ACTIVE,
            created_at=act.now,
        )
    )
    act.emit(PersonSignedUp(person_id=person.id))
    act.emit(OrganisationCreated(organisation_id=own.id, by_person_id=person.id))
    return person


def require_division(act: Act, code: str) -> None:
    """Raise Invalid unless the place exists."""
    if not code or division(act.session, code) is None:
        raise Invalid(fields={"division": ["division_unknown" if code else "required"]})


def me(act: Act) -> Person:
    """The acting person's row. Raises SignInNeeded."""
    person = act.session.get(Person, act.actor.person_id) if act.actor.person_id else None
    if person is None:
        raise SignInNeeded
    return person


def ask_for_code(act: Act, address: Address | None = None) -> None:
    """Send the acting person a code that confirms their phone, or an address they want to have.

    When the address is another person's, that person is told and no code goes out; the caller
    must answer as if it had.
    """
    person = me(act)
    if address is None:
        raise Invalid(fields={"address": ["required"]})
    owner = find_person(act.session, act.house.secrets, address)
    if owner is not None and owner.id != person.id:
        act.emit(SignUpRepeated(person_id=owner.id))
        return
    issue_code(act, person, address, CONFIRMS[address.kind])


def confirm_address(act: Act, person: Person, kind: AddressKind, code: str) -> Decision:
    """Check a code; a right one makes the address that it was sent to the person's own."""
    decision = try_code(act, person, CONFIRMS[kind], code)
    if not decision:
        return decision
    address: Address = decision.params["address"]
    owner = find_person(act.session, act.house.secrets, address)
    if owner is not None and owner.id != person.id:
        return refuse("code_over")
    _take_as_confirmed(act, person, address)
    return allow()


def _take_as_confirmed(act: Act, person: Person, address: Address) -> None:
    hashed = address_hash(act.house.secrets, address)
    if address.kind is AddressKind.PHONE:
        if person.phone_hash == hashed:
            person.phone_confirmed_at = act.now
        else:
            set_address(act.house.secrets, person, address, act.now)
        act.emit(PhoneConfirmed(person_id=person.id))
        return
    set_address(act.house.secrets, person, address, act.now)
    act.emit(EmailConfirmed(person_id=person.id))


def record_sign_in(act: Act, person_id: int, fresher_hash: str | None = None) -> int:
    """Note that a person has proven who they are; the epoch for their session.

    An account that was to be closed stays. Raises SignInNeeded for one that has just been closed.
    """
    lock = sa.select(Person).where(Person.id == person_id).with_for_update(key_share=True)
    person = act.session.scalars(lock.execution_options(populate_existing=True)).one()
    if person.closed_at is not None:
        raise SignInNeeded
    person.last_sign_in_at = act.now
    if fresher_hash is not None:
        person.password_hash = fresher_hash
    act.emit(SignedIn(person_id=person_id))
    return person.session_epoch


def ask_for_reset(act: Act, address: Address) -> None:
    """Send a code that sets a new password, if somebody has this address. Says nothing else."""
    person = find_person(act.session, act.house.secrets, address)
    if person is not None:
        issue_code(act, person, address, CodePurpose.RESET_PASSWORD)


def reset_password(act: Act, person: Person, code: str, password_hash: str) -> Decision:
    """Set a new password with a code. It also proves the address that the code went to.

    Every token is taken back with the sessions. Was that address never proven before, whatever
    else the account held may be somebody else's: the other address goes.
    """
    decision = try_code(act, person, CodePurpose.RESET_PASSWORD, code)
    if not decision:
        return decision
    address: Address = decision.params["address"]
    if find_person(act.session, act.house.secrets, address) is not person:
        return refuse("code_over")
    give_to_holder(act, person, address, password_hash)
    return allow()


def give_to_holder(act: Act, person: Person, address: Address, password_hash: str) -> None:
    """The account is theirs who have proven to hold one of its addresses: with a new password, no
    other session or token, and without the other address where this one was not proven before.
    """
    if not is_proven(person, address.kind):
        if address.kind is AddressKind.PHONE:
            person.email_sealed = person.email_hash = person.email_confirmed_at = None
        else:
            person.phone_sealed = person.phone_hash = None
            person.phone_confirmed_at = person.phone_vouched_at = person.phone_vouched_by_id = None
    _take_as_confirmed(act, person, address)
    _set_password(act, person, password_hash)
    revoke_all_tokens(act, person.id)


def is_proven(person: Person, kind: AddressKind) -> bool:
    """Whether a person's phone or e-mail address counts: a code came back, or a station vouched."""
    if kind is AddressKind.PHONE:
        return person.phone_ok
    return person.email_confirmed_at is not None


def change_password(act: Act, password_hash: str) -> int:
    """Set the acting person's password; the new epoch, with which only this session goes on.

    Every token is taken back: who has learnt the old password may have made one.
    """
    person = me(act)
    _set_password(act, person, password_hash)
    revoke_all_tokens(act, person.id)
    return person.session_epoch


def _set_password(act: Act, person: Person, password_hash: str) -> None:
    person.password_hash = password_hash
    person.session_epoch += 1
    act.emit(PasswordChanged(person_id=person.id))


def end_other_sessions(act: Act) -> int:
    """End every session of the acting person; the new epoch for the one that goes on."""
    person = me(act)
    person.session_epoch += 1
    act.emit(SessionsEnded(person_id=person.id))
    return person.session_epoch


def act_for(act: Act, organisation_public_id: str) -> None:
    """Choose the organisation on whose behalf the person acts from now on."""
    person = me(act)
    for membership in person.memberships:
        chosen = membership.organisation
        if chosen.public_id == organisation_public_id and act.actor.belongs_to(chosen.id):
            person.acting_organisation_id = chosen.id
            return
    raise NotFound


def change_profile(act: Act, name: str, locale: str) -> None:
    """Change the acting person's name and language; their own organisation carries the name.

    Under another name it must be verified anew.
    """
    person = me(act)
    if not name.strip():
        raise Invalid(fields={"name": ["required"]})
    require_public_words(name=name)
    person.name, person.locale = name.strip(), locale
    for membership in person.memberships:
        if membership.organisation.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER:
            lock_organisation(act, membership.organisation)
            if membership.organisation.name_zh != person.name:
                lose_verification(act, membership.organisation)
            membership.organisation.name_zh = person.name
            membership.organisation.updated_at = act.now
    act.emit(ProfileChanged(person_id=person.id))


def vouch_for_phone(act: Act, phone: str, name: str) -> None:
    """A station's worker vouches that a number belongs to a person they know.

    They must know number and name; a wrong pair, and somebody from elsewhere, are not found.
    Raises Forbidden for those who serve nowhere, and Invalid.
    """
    if not act.actor.is_broker or act.actor.person_id is None:
        raise Forbidden("only_stations_vouch")
    person = find_person(act.session, act.house.secrets, Address(AddressKind.PHONE, phone))
    if person is None or not same_name(person.name, name) or not _lives_in_reach(act, person):
        raise Invalid("person_not_found")
    if person.id == act.actor.person_id:
        raise Invalid("not_yourself", fields={"phone": ["not_yourself"]})
    if person.phone_ok:
        raise Invalid("phone_counts_already", fields={"phone": ["phone_counts_already"]})
    person.phone_vouched_at, person.phone_vouched_by_id = act.now, act.actor.person_id
    act.emit(PhoneVouched(person_id=person.id, by_person_id=act.actor.person_id))


def _lives_in_reach(act: Act, person: Person) -> bool:
    own = (
        item.organisation.division_code
        for item in person.memberships
        if item.organisation.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER
    )
    return any(act.actor.serves_division(code) for code in own)
