"""The standing that is given and lost: verification, the credit code it proves, tokens."""

import sqlalchemy as sa

from exchange.accounts.events import VerificationLost
from exchange.accounts.kinds import Verification
from exchange.accounts.models import Organisation, VerificationRequest
from exchange.accounts.token_models import ApiToken
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


def lose_verification(act: Act, organisation: Organisation) -> None:
    """What was verified, or waits for it, must be looked at again; a suspension stays."""
    if organisation.verification not in (Verification.VERIFIED, Verification.SUBMITTED):
        return
    organisation.verification = Verification.UNVERIFIED
    organisation.verified_at = None
    act.session.execute(
        sa.update(VerificationRequest)
        .where(
            VerificationRequest.organisation_id == organisation.id,
            VerificationRequest.decided_at.is_(None),
        )
        .values(decided_at=act.now, granted=False)
    )
    act.emit(VerificationLost(organisation_id=organisation.id))


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
    act.session.execute(
        sa.update(ApiToken)
        .where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=act.now)
    )
