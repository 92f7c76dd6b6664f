"""Taking an organisation's standing away for a reason, and giving it back."""

from sqlalchemy.exc import IntegrityError

from exchange.accounts.events import OrganisationSuspended, SuspensionLifted
from exchange.accounts.kinds import Verification
from exchange.accounts.models import Organisation
from exchange.accounts.organisations.service import seen_organisation
from exchange.accounts.people_service import me
from exchange.accounts.standing import (
    code_is_verified_elsewhere,
    lock_organisation,
    note_decision,
)
from exchange.accounts.verification.kinds import DecisionKind
from exchange.accounts.verification.models import VerificationDecision
from exchange.accounts.verification.queries import latest_suspension
from exchange.accounts.verification.rules import may_lift
from exchange.accounts.verification.service import require_decider
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid


def suspend_organisation(act: Act, public_id: str, reason: str) -> VerificationDecision:
    """Suspend an organisation, verified or not, with a reason that its managers read.

    It may not be introduced to anybody until somebody lifts this. For who could verify it. Raises
    Forbidden, Invalid without a reason, Conflict when it is suspended already.
    """
    organisation = _decided_on(act, public_id, reason)
    before = organisation.verification
    if before is Verification.SUSPENDED:
        raise Conflict("verification_not_open")
    organisation.verification = Verification.SUSPENDED
    made = note_decision(act, organisation, DecisionKind.SUSPENDED, before, reason.strip())
    act.emit(OrganisationSuspended(organisation.id, made.id, act.actor.person_id))
    return made


def lift_suspension(act: Act, public_id: str, reason: str) -> VerificationDecision:
    """End a suspension, with a reason that its managers read.

    The organisation is verified again if it was, nothing has changed since and its time is not
    over; else it may ask anew. What a centre has suspended a station does not lift. Raises
    Forbidden, Invalid, Conflict when it is not suspended.
    """
    organisation = _decided_on(act, public_id, reason)
    if organisation.verification is not Verification.SUSPENDED:
        raise Conflict("verification_not_open")
    last = latest_suspension(act.session, organisation.id)
    decision = may_lift(
        suspended_at_centre=last is not None and last.at_centre,
        supervises=act.actor.supervises_division(organisation.division_code),
    )
    if not decision:
        raise Forbidden(decision.code)
    return _lift(act, organisation, reason)


def lift_after_appeal(act: Act, public_id: str, reason: str) -> VerificationDecision:
    """The same where an appeal was right; the caller has said that the actor decides about it."""
    return _lift(act, _decided_on(act, public_id, reason, appealed=True), reason)


def _lift(act: Act, organisation: Organisation, reason: str) -> VerificationDecision:
    _give_back(act, organisation)
    made = note_decision(
        act, organisation, DecisionKind.LIFTED, Verification.SUSPENDED, reason.strip(),
        until=organisation.verified_until,
    )  # fmt: skip
    act.emit(SuspensionLifted(organisation.id, made.id, act.actor.person_id))
    return made


def _decided_on(
    act: Act, public_id: str, reason: str, *, appealed: bool = False
) -> Organisation:
    me(act)
    organisation = seen_organisation(act, public_id)
    lock_organisation(act, organisation)
    if not appealed:
        require_decider(act, organisation)
    if not reason.strip():
        raise Invalid(fields={"reason": ["required"]})
    return organisation


def _give_back(act: Act, organisation: Organisation) -> None:
    until = organisation.verified_until
    holds = organisation.verified_at is not None and (until is None or until >= act.today)
    code = organisation.credit_code
    taken = code is not None and code_is_verified_elsewhere(act, code, organisation.id)
    if holds and not taken:
        organisation.verification = Verification.VERIFIED
    else:
        organisation.verification = Verification.UNVERIFIED
        organisation.verified_at = organisation.verified_until = None
    try:
        act.session.flush()
    except IntegrityError as error:  # another was verified with its code at this moment
        raise Conflict("credit_code_verified_elsewhere") from error
