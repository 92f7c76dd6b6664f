"""Who belongs to an organisation: invite, join, change roles, leave."""

import sqlalchemy as sa

from exchange.accounts.events import MemberInvited, MemberJoined, MemberRemoved, RoleChanged
from exchange.accounts.kinds import MembershipState
from exchange.accounts.models import Invitation, Membership, Organisation, Person
from exchange.accounts.organisations.service import managed_organisation, seen_organisation
from exchange.accounts.people_service import me
from exchange.accounts.queries import managers_of, proven_hashes
from exchange.accounts.rules import Address
from exchange.accounts.sealing import address_hash
from exchange.kernel.act import Act
from exchange.kernel.actor import Role
from exchange.kernel.errors import Conflict, NotFound


def invite_member(act: Act, public_id: str, address: Address, role: Role) -> Invitation:
    """Invite whoever holds an address, now or later. It says nothing about who has an account."""
    organisation, person = managed_organisation(act, public_id), me(act)
    _one_after_another(act, organisation)
    hashed = address_hash(act.house.secrets, address)
    invitation = act.session.scalars(
        sa.select(Invitation).where(
            Invitation.organisation_id == organisation.id, Invitation.address_hash == hashed
        )
    ).first()
    if invitation is None:
        invitation = Invitation(
            organisation_id=organisation.id, address_hash=hashed, masked=address.masked
        )
    invitation.role = role
    invitation.invited_by_id = person.id
    invitation.created_at = act.now
    act.session.add(invitation)
    act.session.flush()
    act.emit(MemberInvited(organisation_id=organisation.id, invitation_id=invitation.id))
    return invitation


def withdraw_invitation(act: Act, public_id: str, invitation_public_id: str) -> None:
    """Take an invitation back."""
    organisation = managed_organisation(act, public_id)
    invitation = _invitation(act, invitation_public_id)
    if invitation.organisation_id != organisation.id:
        raise NotFound
    act.session.delete(invitation)


def answer_invitation(act: Act, invitation_public_id: str, *, accept: bool) -> None:
    """Join the organisation that invites, or not. Only who has proven to hold the address can."""
    person = me(act)
    invitation = _invitation(act, invitation_public_id)
    if invitation.address_hash not in proven_hashes(person):
        raise NotFound
    if accept:
        join(act, person, invitation.organisation, invitation.role)
    act.session.delete(invitation)


def join(act: Act, person: Person, organisation: Organisation, role: Role) -> Membership:
    """Make a person an active member; one who is already keeps the higher role."""
    membership = act.session.scalars(
        sa.select(Membership).where(
            Membership.person_id == person.id, Membership.organisation_id == organisation.id
        )
    ).first()
    if membership is None:
        membership = Membership(person_id=person.id, organisation_id=organisation.id)
        act.session.add(membership)
    elif membership.state is MembershipState.ACTIVE:
        if role is Role.MANAGER:
            membership.role = role
        return membership
    membership.role = role
    membership.state = MembershipState.ACTIVE
    membership.created_at, membership.ended_at = act.now, None
    act.session.flush()
    act.emit(MemberJoined(organisation.id, person.id, act.actor.person_id))
    return membership


def change_role(act: Act, public_id: str, person_public_id: str, role: Role) -> None:
    """Make a member a manager or the other way round; one manager always remains."""
    organisation = managed_organisation(act, public_id)
    membership = _membership(act, organisation, person_public_id)
    if membership.role is role:
        return
    if role is not Role.MANAGER:
        _keep_a_manager(act, membership)
    membership.role = role
    act.emit(RoleChanged(organisation.id, membership.person_id, act.actor.person_id))


def remove_member(act: Act, public_id: str, person_public_id: str) -> None:
    """End somebody's membership; for managers. One manager always remains."""
    organisation = managed_organisation(act, public_id)
    _end(act, _membership(act, organisation, person_public_id))


def leave(act: Act, public_id: str) -> None:
    """End the actor's own membership. The last manager stays."""
    organisation = seen_organisation(act, public_id)
    _end(act, _membership(act, organisation, me(act).public_id))


def end_membership(act: Act, person: Person, organisation: Organisation, role: Role) -> None:
    """End a membership when the duty that brought it in this role ends.

    Who has a higher role by another way stays, and so does the last manager.
    """
    for membership in person.memberships:
        here = membership.organisation_id == organisation.id
        if not here or membership.state is not MembershipState.ACTIVE:
            continue
        higher = membership.role is Role.MANAGER and role is Role.MEMBER
        if not higher and managers_of(act.session, organisation.id) != (person.id,):
            _end(act, membership)


def _end(act: Act, membership: Membership) -> None:
    _keep_a_manager(act, membership)
    membership.state, membership.ended_at = MembershipState.ENDED, act.now
    person = act.session.get_one(Person, membership.person_id)
    if person.acting_organisation_id == membership.organisation_id:
        person.acting_organisation_id = None
    act.emit(MemberRemoved(membership.organisation_id, person.id, act.actor.person_id))


def _keep_a_manager(act: Act, membership: Membership) -> None:
    act.session.get_one(Organisation, membership.organisation_id, with_for_update=True)
    if managers_of(act.session, membership.organisation_id) == (membership.person_id,):
        raise Conflict("last_manager")


def _membership(act: Act, organisation: Organisation, person_public_id: str) -> Membership:
    found = act.session.scalars(
        sa.select(Membership)
        .join(Membership.person)
        .where(
            Person.public_id == person_public_id,
            Membership.organisation_id == organisation.id,
            Membership.state == MembershipState.ACTIVE,
        )
    ).first()
    if found is None:
        raise NotFound
    return found


def _one_after_another(act: Act, organisation: Organisation) -> None:
    """Two managers who invite one address at once invite it once. Rows may refer to the
    organisation meanwhile.
    """
    query = sa.select(Organisation.id).where(Organisation.id == organisation.id)
    act.session.execute(query.with_for_update(key_share=True))


def _invitation(act: Act, public_id: str) -> Invitation:
    """Locked: it is answered once. Raises NotFound, also when somebody just has."""
    found = act.session.scalars(
        sa.select(Invitation)
        .where(Invitation.public_id == public_id)
        .with_for_update(of=Invitation)
    ).first()
    if found is None:
        raise NotFound
    return found
