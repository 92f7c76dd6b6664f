"""Reading people, organisations and who serves a place. Other rooms use these."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from exchange.accounts.kinds import MembershipState, OrganisationKind
from exchange.accounts.models import (
    Assignment,
    Invitation,
    Membership,
    Organisation,
    Person,
    ServicePoint,
    ServicePointDivision,
)
from exchange.accounts.rules import Address, AddressKind, mask_email, mask_name, mask_phone
from exchange.accounts.sealing import address_hash, open_address
from exchange.kernel.actor import Role, ancestors
from exchange.kernel.secret_box import SecretBox


@dataclass(frozen=True)
class Contact:
    """How to reach a person, in the clear."""

    name: str
    phone: str | None
    email: str | None


def organisation_label(organisation: Organisation, locale: str) -> str:
    """The name for the public in the reader's language; a private person's name is masked."""
    if organisation.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER:
        return mask_name(organisation.name_zh)
    return full_label(organisation, locale)


def full_label(organisation: Organisation, locale: str) -> str:
    """The unmasked name in the reader's language, for those who may know it."""
    if locale.startswith("zh"):
        return organisation.name_zh
    return organisation.name_en or organisation.name_zh


def both_names(organisation: Organisation) -> dict[str, str]:
    """The unmasked names by language, as notices carry them."""
    return {"zh": organisation.name_zh, "en": organisation.name_en or organisation.name_zh}


def organisations_by_ids(session: Session, ids: Iterable[int]) -> dict[int, Organisation]:
    """The organisations by id, in one query; unknown ids are left out."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    found = session.scalars(sa.select(Organisation).where(Organisation.id.in_(wanted)))
    return {item.id: item for item in found}


def organisation_by_public_id(session: Session, public_id: str) -> Organisation | None:
    """The organisation behind an address of the site."""
    return session.scalars(
        sa.select(Organisation).where(Organisation.public_id == public_id)
    ).first()


def find_person(session: Session, secrets: SecretBox, address: Address) -> Person | None:
    """The person who has this phone or e-mail address, confirmed or not."""
    return find_person_by_hash(session, address.kind, address_hash(secrets, address))


def find_person_by_hash(session: Session, kind: AddressKind, hashed: str) -> Person | None:
    """Like ``find_person``, for those who keep only the keyed hash."""
    column = Person.phone_hash if kind is AddressKind.PHONE else Person.email_hash
    return session.scalars(
        sa.select(Person).where(column == hashed, Person.closed_at.is_(None))
    ).first()


def session_epoch_of(session: Session, person_id: int) -> int | None:
    """The epoch of a person's sessions; None when they may not sign in."""
    person = session.get(Person, person_id)
    return None if person is None or person.closed_at is not None else person.session_epoch


def contact_of(session: Session, secrets: SecretBox, person_id: int) -> Contact | None:
    """Name, phone and e-mail in the clear.

    Only for services that have just decided, and recorded, that the reveal is allowed.
    """
    person = session.get(Person, person_id)
    if person is None:
        return None
    return Contact(
        name=person.name,
        phone=open_address(secrets, person, AddressKind.PHONE),
        email=open_address(secrets, person, AddressKind.EMAIL),
    )


def masked_contact(secrets: SecretBox, person: Person) -> Contact:
    """The person's own view of their contact data: 138****1234."""
    phone = open_address(secrets, person, AddressKind.PHONE)
    email = open_address(secrets, person, AddressKind.EMAIL)
    return Contact(
        person.name, mask_phone(phone) if phone else None, mask_email(email) if email else None
    )


def brokers_serving(session: Session, division_code: str) -> tuple[int, ...]:
    """Ids of the people with a duty at an open service point that serves the division."""
    query = (
        sa.select(Assignment.person_id)
        .join(ServicePoint, ServicePoint.id == Assignment.service_point_id)
        .join(ServicePointDivision, ServicePointDivision.service_point_id == ServicePoint.id)
        .where(
            ServicePointDivision.prefix.in_(ancestors(division_code)),
            Assignment.ended_at.is_(None),
            ServicePoint.closed_at.is_(None),
        )
        .distinct()
        .order_by(Assignment.person_id)
    )
    return tuple(session.scalars(query))


def managers_of(session: Session, organisation_id: int) -> tuple[int, ...]:
    """Ids of the organisation's managers, the longest-serving first."""
    query = (
        sa.select(Membership.person_id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.state == MembershipState.ACTIVE,
            Membership.role == Role.MANAGER,
        )
        .order_by(Membership.id)
    )
    return tuple(session.scalars(query))


def is_member(session: Session, person_id: int, organisation_id: int) -> bool:
    """Whether the person belongs to the organisation now."""
    query = sa.select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.organisation_id == organisation_id,
        Membership.state == MembershipState.ACTIVE,
    )
    return session.execute(query.limit(1)).first() is not None


def speaker_of(session: Session, organisation_id: int, chosen_id: int | None) -> int | None:
    """The chosen person while they are a member, else the longest-serving manager, if any."""
    if chosen_id is not None and is_member(session, chosen_id, organisation_id):
        return chosen_id
    return next(iter(managers_of(session, organisation_id)), None)


def concerned(session: Session, organisation_id: int, author_id: int | None) -> set[int]:
    """Whom news of an organisation's listing reaches: managers, and the author while a member."""
    people = set(managers_of(session, organisation_id))
    if author_id is not None and is_member(session, author_id, organisation_id):
        people.add(author_id)
    return people


def members_of(session: Session, organisation_id: int) -> Sequence[Membership]:
    """Active memberships with their people, the oldest first."""
    query = (
        sa.select(Membership)
        .join(Membership.person)
        .options(contains_eager(Membership.person))
        .where(
            Membership.organisation_id == organisation_id,
            Membership.state == MembershipState.ACTIVE,
        )
        .order_by(Membership.id)
    )
    return session.scalars(query).all()


def invitations_from(session: Session, organisation_id: int) -> Sequence[Invitation]:
    """What an organisation's managers have sent and nobody has answered."""
    query = sa.select(Invitation).where(Invitation.organisation_id == organisation_id)
    return session.scalars(query.order_by(Invitation.id)).all()


def invitations_for(session: Session, person: Person) -> Sequence[Invitation]:
    """Open invitations to an address that the person has proven to hold."""
    hashes = proven_hashes(person)
    if not hashes:
        return ()
    query = (
        sa.select(Invitation)
        .join(Invitation.organisation)
        .options(contains_eager(Invitation.organisation))
        .where(Invitation.address_hash.in_(hashes))
        .order_by(Invitation.id)
    )
    return session.scalars(query).all()


def proven_hashes(person: Person) -> list[str]:
    """The lookup hashes of the addresses that count."""
    phone = [person.phone_hash] if person.phone_hash and person.phone_ok else []
    email = [person.email_hash] if person.email_hash and person.email_confirmed_at else []
    return phone + email


def invited_person(session: Session, invitation_id: int) -> int | None:
    """The id of the person who holds the invited address, if there is one yet."""
    invitation = session.get(Invitation, invitation_id)
    if invitation is None:
        return None
    hashed = invitation.address_hash
    people = session.scalars(
        sa.select(Person).where(sa.or_(Person.phone_hash == hashed, Person.email_hash == hashed))
    )
    return next((item.id for item in people if hashed in proven_hashes(item)), None)
