"""What this room forgets of a person when their account is closed."""

from collections.abc import Collection

import sqlalchemy as sa

from exchange.accounts.absence.service import end_absences_of
from exchange.accounts.events import AssignmentEnded, EvidenceForgotten, MemberRemoved
from exchange.accounts.kinds import MembershipState, OrganisationKind
from exchange.accounts.links.models import SignedLink
from exchange.accounts.models import (
    Assignment,
    Invitation,
    Membership,
    OneTimeCode,
    Organisation,
    Person,
    VerificationRequest,
)
from exchange.accounts.standing import lose_verification
from exchange.accounts.tokens.models import ApiToken
from exchange.accounts.verification.evidence import forget_kept
from exchange.accounts.verification.models import VerificationFile
from exchange.kernel.act import Act

COUNTY = 6  # digits of a division code


def end_everything(act: Act, person: Person, emptied: Collection[int]) -> None:
    """End what the person does here: duties, memberships, every way in. Their name still stands.

    ``emptied`` are the organisations in which nobody else is.
    """
    end_absences_of(act, person.id)
    _end_duties(act, person)
    _forget_ways_in(act, person)
    for organisation_id in emptied:
        _close_down(act, act.session.get_one(Organisation, organisation_id))
    _end_memberships(act, person, emptied)
    _put_requests_down(act, person.id)
    person.closed_at = act.now
    act.session.flush()


def erase_person(act: Act, person: Person, emptied: Collection[int]) -> None:
    """Forget who the person is; their row stays, for the records that lead to it."""
    for organisation_id in emptied:
        organisation = act.session.get_one(Organisation, organisation_id)
        if organisation.kind is OrganisationKind.INDIVIDUAL_VOLUNTEER:
            _erase_own(act, organisation)
    person.name = ""
    person.phone_sealed = person.phone_hash = person.phone_confirmed_at = None
    person.phone_vouched_at = person.phone_vouched_by_id = None
    person.email_sealed = person.email_hash = person.email_confirmed_at = None
    person.password_hash = person.last_sign_in_at = person.acting_organisation_id = None
    person.is_operator = False
    person.session_epoch += 1
    act.session.flush()


def _end_duties(act: Act, person: Person) -> None:
    """Whatever is still in their hands stops this: somebody has to take it over first."""
    open_ones = sa.select(Assignment).where(
        Assignment.person_id == person.id, Assignment.ended_at.is_(None)
    )
    for duty in act.session.scalars(open_ones.order_by(Assignment.id)).all():
        duty.ended_at = act.now
        act.session.flush()
        act.emit(AssignmentEnded(duty.id, person.id, duty.service_point_id, act.actor.person_id))


def _forget_ways_in(act: Act, person: Person) -> None:
    hashes = [one for one in (person.phone_hash, person.email_hash) if one]
    for gone in (
        sa.delete(OneTimeCode).where(OneTimeCode.person_id == person.id),
        sa.delete(SignedLink).where(SignedLink.person_id == person.id),
        sa.delete(Invitation).where(Invitation.address_hash.in_(hashes)),
    ):
        act.session.execute(gone)
    tokens = sa.update(ApiToken).where(ApiToken.person_id == person.id)
    act.session.execute(
        tokens.values(name="", revoked_at=sa.func.coalesce(ApiToken.revoked_at, act.now))
    )


def _close_down(act: Act, organisation: Organisation) -> None:
    """Nobody speaks for it any more: what it was verified by goes."""
    lose_verification(act, organisation)
    requests = sa.select(VerificationRequest.id).where(
        VerificationRequest.organisation_id == organisation.id
    )
    for request_id in act.session.scalars(requests.order_by(VerificationRequest.id)).all():
        kept = sa.select(VerificationFile).where(VerificationFile.request_id == request_id)
        files = act.session.scalars(kept).all()
        if files:
            forget_kept(act, files)
            act.emit(EvidenceForgotten(organisation.id, request_id))


def _erase_own(act: Act, organisation: Organisation) -> None:
    """A private person's own organisation loses its name; of its place the county stays."""
    act.session.execute(
        sa.update(VerificationRequest)
        .where(VerificationRequest.organisation_id == organisation.id)
        .values(evidence="", licence_number="")
    )
    organisation.name_zh = organisation.name_en = organisation.profile = ""
    organisation.licence_number = ""
    organisation.external_id = organisation.credit_code = organisation.licence_until = None
    organisation.division_code = organisation.division_code[:COUNTY]
    organisation.updated_at = act.now


def _end_memberships(act: Act, person: Person, emptied: Collection[int]) -> None:
    query = sa.select(Membership).where(
        Membership.person_id == person.id, Membership.state == MembershipState.ACTIVE
    )
    for one in act.session.scalars(query.order_by(Membership.id)).all():
        one.state, one.ended_at = MembershipState.ENDED, act.now
        act.session.flush()
        if one.organisation_id not in emptied:
            act.emit(MemberRemoved(one.organisation_id, person.id, act.actor.person_id))


def _put_requests_down(act: Act, person_id: int) -> None:
    """What they had begun to look at is looked at by somebody else."""
    act.session.execute(
        sa.update(VerificationRequest)
        .where(
            VerificationRequest.claimed_by_id == person_id,
            VerificationRequest.decided_at.is_(None),
        )
        .values(claimed_by_id=None, claimed_at=None)
    )
