"""The standing that is given and lost: verification, the credit code it proves, tokens."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from exchange.accounts.events import VerificationLost
from exchange.accounts.kinds import Verification
from exchange.accounts.models import Organisation, VerificationRequest
from exchange.accounts.tokens.models import ApiToken
from exchange.accounts.verification.kinds import Check, DecisionKind
from exchange.accounts.verification.models import VerificationDecision
from exchange.accounts.verification.rules import valid_until
from exchange.kernel.act import Act


def identity(organisation: Organisation) -> tuple[object, ...]:
    """What a verification is about: when it changes, somebody has to look again."""
    return (
        organisation.kind,
        organisation.name_zh,
        organisation.name_en,
        organisation.division_code,
        organisation.credit_code,
    )


def count_as_verified(act: Act, organisation: Organisation) -> None:
    """It is verified from now on, for as long as the site says or its licence holds."""
    organisation.verification = Verification.VERIFIED
    organisation.verified_at = act.now
    organisation.verified_until = valid_until(
        act.today, act.house.settings.verification_months, organisation.licence_until
    )
    organisation.renewal_told_days = None


def note_decision(
    act: Act,
    organisation: Organisation,
    kind: DecisionKind,
    before: Verification,
    reason: str = "",
    *,
    request_id: int | None = None,
    checked: Collection[Check] = (),
    until: date | None = None,
) -> VerificationDecision:
    """Write one line of the organisation's record."""
    made = VerificationDecision(
        organisation_id=organisation.id,
        request_id=request_id,
        kind=kind,
        before=before,
        reason=reason,
        checked=sorted(one.value for one in checked),
        until=until,
        at_centre=act.actor.supervises_division(organisation.division_code),
        by_id=act.actor.person_id,
        at=act.now,
    )
    act.session.add(made)
    act.session.flush()
    return made


def lock_organisation(act: Act, organisation: Organisation) -> None:
    """Take the organisation's row and read it afresh. Before its requests, never after them.

    Rows that only point at it go in all the same: who writes one may hold what we want next.
    """
    act.session.flush()
    act.session.scalars(
        sa.select(Organisation)
        .where(Organisation.id == organisation.id)
        .with_for_update(of=Organisation, key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def lose_verification(act: Act, organisation: Organisation) -> None:
    """What was verified, or waits for it, must be looked at again. The row is locked.

    A suspension stays; once it is lifted, what has changed meanwhile is not verified.
    """
    if organisation.verification is Verification.SUSPENDED:
        organisation.verified_at = organisation.verified_until = None
        _close_open_request(act, organisation)
        return
    if organisation.verification not in (Verification.VERIFIED, Verification.SUBMITTED):
        return
    note_decision(act, organisation, DecisionKind.CHANGED, organisation.verification)
    end_verification(act, organisation)
    act.emit(VerificationLost(organisation_id=organisation.id))


def end_verification(act: Act, organisation: Organisation) -> None:
    """It does not count as verified any more, and nothing of it waits to be decided."""
    organisation.verification = Verification.UNVERIFIED
    organisation.verified_at = organisation.verified_until = None
    _close_open_request(act, organisation)


def _close_open_request(act: Act, organisation: Organisation) -> None:
    query = sa.select(VerificationRequest).where(
        VerificationRequest.organisation_id == organisation.id,
        VerificationRequest.decided_at.is_(None),
    )
    for request in act.session.scalars(query).all():
        request.decided_at, request.granted = act.now, False


def code_is_verified_elsewhere(act: Act, code: str, organisation_id: int | None) -> bool:
    """Whether another organisation that counts as verified has this credit code.

    Anybody can write down a public code; only who was verified with it keeps others from it.
    """
    query = sa.select(Organisation.id).where(
        Organisation.credit_code == code, Organisation.verification == Verification.VERIFIED
    )
    owner = act.session.scalar(query)
    return owner is not None and owner != organisation_id


def revoke_all_tokens(act: Act, person_id: int) -> None:
    """Take back every token of a person: who had the account before has no way in any more."""
    query = sa.select(ApiToken).where(
        ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None)
    )
    for token in act.session.scalars(query).all():
        token.revoked_at = act.now
