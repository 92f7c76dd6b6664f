"""Verification along the root of trust: ask, decide, suspend."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exchange.accounts.events import (
    OrganisationVerified,
    VerificationLost,
    VerificationRefused,
    VerificationRequested,
)
from exchange.accounts.kinds import OrganisationKind, Verification
from exchange.accounts.models import Organisation, VerificationRequest
from exchange.accounts.organisation_service import seen_organisation
from exchange.accounts.people_service import me
from exchange.accounts.permissions import can_manage
from exchange.accounts.rules import evidence_decision, may_verify
from exchange.accounts.standing import code_is_verified_elsewhere
from exchange.accounts.verification_queries import case_of
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound

ASKABLE = (Verification.UNVERIFIED, Verification.REFUSED, Verification.SUSPENDED)


def ask_verification(act: Act, public_id: str, evidence: str) -> VerificationRequest:
    """Ask the station or centre to verify an organisation that the actor manages."""
    person = me(act)
    organisation = seen_organisation(act, public_id)
    if not can_manage(act.actor, organisation):
        raise Forbidden("only_managers")
    act.session.refresh(organisation, with_for_update=True)
    if organisation.verification not in ASKABLE:
        raise Conflict("verification_not_open")
    enough = evidence_decision(organisation.kind, organisation.credit_code, evidence)
    if not enough:
        raise Invalid(enough.code, fields={"evidence": [enough.code]})
    request = VerificationRequest(
        organisation_id=organisation.id,
        evidence=evidence.strip(),
        asked_by_id=person.id,
        asked_at=act.now,
    )
    organisation.verification = Verification.SUBMITTED
    act.session.add(request)
    act.session.flush()
    act.emit(VerificationRequested(organisation_id=organisation.id, request_id=request.id))
    return request


def decide_verification(act: Act, request_public_id: str, *, granted: bool, reason: str) -> None:
    """Verify an organisation or refuse to. A refusal needs a reason, which the asker reads.

    Raises NotFound where the actor may not know of the request, Forbidden for one's own, Conflict
    when it has been decided or when another organisation was verified with the same credit code.
    """
    person = me(act)
    request = decidable_request(act, request_public_id)
    if request.decided_at is not None:
        raise Conflict("already_decided")
    if not granted and not reason.strip():
        raise Invalid(fields={"reason": ["required"]})
    if granted:
        _require_own_code(act, request.organisation)
    request.decided_by_id, request.decided_at = person.id, act.now
    request.granted, request.reason = granted, reason.strip()
    organisation = request.organisation
    organisation.verification = Verification.VERIFIED if granted else Verification.REFUSED
    organisation.verified_at = act.now if granted else None
    try:
        act.session.flush()
    except IntegrityError as error:  # another was verified with this code at the same moment
        raise Conflict("credit_code_verified_elsewhere") from error
    event = OrganisationVerified if granted else VerificationRefused
    act.emit(event(organisation.id, request.id, person.id))


def _require_own_code(act: Act, organisation: Organisation) -> None:
    code = organisation.credit_code
    if code and code_is_verified_elsewhere(act, code, organisation.id):
        raise Conflict("credit_code_verified_elsewhere")


def decidable_request(act: Act, request_public_id: str) -> VerificationRequest:
    """The request, locked, for one who may decide it."""
    request = act.session.scalars(
        sa.select(VerificationRequest)
        .where(VerificationRequest.public_id == request_public_id)
        .with_for_update()
    ).first()
    if request is None:
        raise NotFound
    decision = may_verify(act.actor, case_of(act.session, request.organisation))
    if not decision:
        raise Forbidden(decision.code) if decision.code == "not_your_own" else NotFound
    return request


def suspend_organisation(act: Act, public_id: str, reason: str) -> Organisation:
    """Take an organisation's verification away, with a reason on record; for who could give it."""
    person = me(act)
    organisation = seen_organisation(act, public_id)
    decision = may_verify(act.actor, case_of(act.session, organisation))
    if not decision:
        raise Forbidden(decision.code)
    if organisation.kind is OrganisationKind.SOCIAL_WORK_STATION and not act.actor.supervises:
        raise Forbidden("only_centres_verify_stations")
    if not reason.strip():
        raise Invalid(fields={"reason": ["required"]})
    if organisation.verification is not Verification.VERIFIED:
        raise Conflict("verification_not_open")
    act.session.add(
        VerificationRequest(
            organisation_id=organisation.id,
            evidence="",
            asked_by_id=person.id,
            asked_at=act.now,
            decided_by_id=person.id,
            decided_at=act.now,
            granted=False,
            reason=reason.strip(),
        )
    )
    organisation.verification, organisation.verified_at = Verification.SUSPENDED, None
    act.emit(VerificationLost(organisation_id=organisation.id))
    return organisation
