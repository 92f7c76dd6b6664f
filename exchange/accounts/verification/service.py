"""Verification along the root of trust: ask, claim, decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exchange.accounts.events import (
    OrganisationChanged,
    OrganisationVerified,
    VerificationAnswered,
    VerificationClaimed,
    VerificationMoreWanted,
    VerificationRefused,
    VerificationRequested,
)
from exchange.accounts.kinds import Verification
from exchange.accounts.models import Organisation, VerificationRequest
from exchange.accounts.organisations.service import seen_organisation
from exchange.accounts.people_service import me
from exchange.accounts.permissions import can_manage
from exchange.accounts.rules import evidence_decision, may_verify, read_credit_code
from exchange.accounts.standing import (
    code_is_verified_elsewhere,
    count_as_verified,
    lock_organisation,
    note_decision,
)
from exchange.accounts.verification.evidence import attach_evidence
from exchange.accounts.verification.kinds import Check, DecisionKind, Ruling
from exchange.accounts.verification.queries import (
    case_of,
    latest_suspension,
    open_request_of,
    standing_of,
)
from exchange.accounts.verification.rules import (
    checklist_of,
    claim_counts,
    licence_decision,
    may_ask,
    may_lift,
    needs_code,
)
from exchange.files.documents import Document
from exchange.files.pictures import Picture
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound


@dataclass(frozen=True)
class Evidence:
    """What an organisation shows: words, files, and a licence where it lends or insures.

    ``dropped`` are public ids of files sent before that are to go.
    """

    words: str = ""
    files: Sequence[Picture | Document] = ()
    dropped: frozenset[str] = frozenset()
    licence_number: str = ""
    licence_until: date | None = None


@dataclass(frozen=True)
class Answer:
    """What the station or centre answers. ``version`` is that of the request as it was read."""

    ruling: Ruling
    reason: str = ""
    checked: frozenset[Check] = frozenset()
    credit_code: str = ""
    version: int | None = None


def ask_verification(act: Act, public_id: str, evidence: Evidence) -> VerificationRequest:
    """Ask to be verified, answer what was asked for, or renew; for the organisation's managers.

    Who is verified stays so while a renewal waits; who is suspended stays suspended. Raises
    Forbidden, Conflict when it is not the time, or Invalid with the fields.
    """
    person = me(act)
    organisation = seen_organisation(act, public_id)
    if not can_manage(act.actor, organisation):
        raise Forbidden("only_managers")
    lock_organisation(act, organisation)
    allowed = may_ask(standing_of(act.session, organisation), act.today)
    if not allowed:
        raise Conflict(allowed.code, **allowed.params)
    request = open_request_of(act.session, organisation.id)
    if request is None:
        request = VerificationRequest(
            organisation_id=organisation.id, evidence="", asked_by_id=person.id, asked_at=act.now,
            renewal=allowed.code == "renew",
        )  # fmt: skip
        act.session.add(request)
    _take_evidence(act, organisation, request, evidence)
    if organisation.verification in (Verification.UNVERIFIED, Verification.REFUSED):
        organisation.verification = Verification.SUBMITTED
    act.session.flush()
    asked = VerificationAnswered if allowed.code == "answer" else VerificationRequested
    act.emit(asked(organisation_id=organisation.id, request_id=request.id))
    return request


def _take_evidence(
    act: Act, organisation: Organisation, request: VerificationRequest, evidence: Evidence
) -> None:
    licence = licence_decision(evidence.licence_number, evidence.licence_until, act.today)
    if not licence:
        name = "licence_until" if licence.code != "licence_number_needed" else "licence_number"
        raise Invalid(licence.code, fields={name: [licence.code]})
    request.evidence = evidence.words.strip()
    request.licence_number = evidence.licence_number.strip()
    request.licence_until = evidence.licence_until
    request.more_asked_at = None
    request.version = (request.version or 0) + 1
    act.session.flush()
    files = attach_evidence(act, request, evidence.files, evidence.dropped)
    enough = evidence_decision(organisation.kind, organisation.credit_code, evidence.words)
    if not enough and not files:
        raise Invalid(enough.code, fields={"evidence": [enough.code]})


def claim_request(act: Act, request_public_id: str, *, over: bool = False) -> VerificationRequest:
    """Say that one looks at it; ``over`` takes it over from a colleague. Raises Conflict."""
    person = me(act)
    request = decidable_request(act, request_public_id)
    _require_open(request)
    if not over and _is_anothers(act, request):
        raise Conflict("claimed_by_other")
    request.claimed_by_id, request.claimed_at = person.id, act.now
    act.emit(VerificationClaimed(request.organisation_id, request.id, person.id))
    return request


def release_request(act: Act, request_public_id: str) -> None:
    """Put down what one has claimed. Raises Conflict where somebody else has."""
    request = decidable_request(act, request_public_id)
    _require_open(request)
    if request.claimed_by_id != act.actor.person_id:
        raise Conflict("claimed_by_other")
    request.claimed_by_id = request.claimed_at = None
    act.emit(VerificationClaimed(request.organisation_id, request.id, None))


def decide_request(act: Act, request_public_id: str, answer: Answer) -> VerificationRequest:
    """Verify an organisation, refuse to, or ask it for more. All but a yes need a reason.

    A yes needs every point of the checklist of its kind, and the credit code where it has one.
    Raises NotFound where the actor may not know of the request, Forbidden for one's own and for
    what only a centre lifts, Conflict when somebody else has decided, looks at it, or was verified
    with this credit code.
    """
    me(act)
    request = decidable_request(act, request_public_id)
    _require_open(request)
    if answer.version is not None and answer.version != request.version:
        raise Conflict("conflict")
    if _is_anothers(act, request):
        raise Conflict("claimed_by_other")
    if answer.ruling is not Ruling.GRANT and not answer.reason.strip():
        raise Invalid(fields={"reason": ["required"]})
    RULINGS[answer.ruling](act, request, answer)
    return request


def _grant(act: Act, request: VerificationRequest, answer: Answer) -> None:
    organisation = request.organisation
    _require_lift(act, organisation)
    _take_code(act, organisation, answer.credit_code)
    wanted = checklist_of(organisation.kind, has_licence=bool(request.licence_number))
    if not answer.checked.issuperset(wanted):
        raise Invalid(fields={"checked": ["checklist_open"]})
    if not licence_decision(request.licence_number, request.licence_until, act.today):
        raise Conflict("licence_over")
    before = organisation.verification
    organisation.licence_number = request.licence_number
    organisation.licence_until = request.licence_until
    count_as_verified(act, organisation)
    _close(act, request, answer, granted=True)
    try:
        act.session.flush()
    except IntegrityError as error:  # another was verified with this code at the same moment
        raise Conflict("credit_code_verified_elsewhere") from error
    note_decision(
        act, organisation, DecisionKind.GRANTED, before, request.reason, request_id=request.id,
        checked=answer.checked.intersection(wanted), until=organisation.verified_until,
    )  # fmt: skip
    act.emit(OrganisationVerified(organisation.id, request.id, act.actor.person_id))


def _refuse(act: Act, request: VerificationRequest, answer: Answer) -> None:
    organisation = request.organisation
    before = organisation.verification
    if before is not Verification.SUSPENDED:
        organisation.verification = Verification.REFUSED
        organisation.verified_at = organisation.verified_until = None
    _close(act, request, answer, granted=False)
    note_decision(
        act, organisation, DecisionKind.REFUSED, before, request.reason, request_id=request.id
    )
    act.emit(VerificationRefused(organisation.id, request.id, act.actor.person_id))


def _ask_for_more(act: Act, request: VerificationRequest, answer: Answer) -> None:
    organisation = request.organisation
    request.more_asked_at, request.reason = act.now, answer.reason.strip()
    request.version += 1
    note_decision(
        act, organisation, DecisionKind.MORE_WANTED, organisation.verification, request.reason,
        request_id=request.id,
    )  # fmt: skip
    act.emit(VerificationMoreWanted(organisation.id, request.id, act.actor.person_id))


RULINGS = {Ruling.GRANT: _grant, Ruling.REFUSE: _refuse, Ruling.MORE: _ask_for_more}


def _close(act: Act, request: VerificationRequest, answer: Answer, *, granted: bool) -> None:
    request.decided_by_id, request.decided_at = act.actor.person_id, act.now
    request.granted, request.reason = granted, answer.reason.strip()
    request.version += 1


def _require_open(request: VerificationRequest) -> None:
    if request.decided_at is not None:
        raise Conflict("already_decided")


def _is_anothers(act: Act, request: VerificationRequest) -> bool:
    return claim_counts(
        request.claimed_by_id, request.claimed_at, act.actor.person_id, act.now
    )


def _require_lift(act: Act, organisation: Organisation) -> None:
    """A yes to a suspended organisation lifts its suspension."""
    if organisation.verification is not Verification.SUSPENDED:
        return
    last = latest_suspension(act.session, organisation.id)
    decision = may_lift(
        suspended_at_centre=last is not None and last.at_centre,
        supervises=act.actor.supervises_division(organisation.division_code),
    )
    if not decision:
        raise Forbidden(decision.code)


def _take_code(act: Act, organisation: Organisation, typed: str) -> None:
    """The credit code that the worker has read off a paper, where none is on record."""
    if organisation.credit_code is None and needs_code(organisation.kind):
        code = read_credit_code(typed)
        if code is None:
            wrong = "credit_code_wrong" if typed.strip() else "credit_code_needed"
            raise Invalid(fields={"credit_code": [wrong]})
        organisation.credit_code = code
        act.emit(OrganisationChanged(organisation.id, act.actor.person_id))
    code = organisation.credit_code
    with act.session.no_autoflush:
        taken = code is not None and code_is_verified_elsewhere(act, code, organisation.id)
    if taken:
        raise Conflict("credit_code_verified_elsewhere")


def decidable_request(act: Act, request_public_id: str) -> VerificationRequest:
    """The request, locked with its organisation, for one who may decide it."""
    request = act.session.scalars(
        sa.select(VerificationRequest).where(VerificationRequest.public_id == request_public_id)
    ).first()
    if request is None:
        raise NotFound
    lock_organisation(act, request.organisation)
    act.session.scalars(
        sa.select(VerificationRequest)
        .where(VerificationRequest.id == request.id)
        .with_for_update(of=VerificationRequest)
        .execution_options(populate_existing=True)
    ).one()
    decision = may_verify(act.actor, case_of(act.session, request.organisation))
    if not decision:
        raise Forbidden(decision.code) if decision.code == "not_your_own" else NotFound
    return request


def require_decider(act: Act, organisation: Organisation) -> None:
    """Raise Forbidden unless the actor may decide about the organisation's standing."""
    decision = may_verify(act.actor, case_of(act.session, organisation))
    if not decision:
        raise Forbidden(decision.code)
