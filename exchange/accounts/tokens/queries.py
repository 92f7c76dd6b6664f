"""Reading tokens."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.accounts.tokens.models import ApiToken


def good_token(session: Session, token_hash: str, now: datetime) -> ApiToken | None:
    """The token with this hash, unless it has expired or was taken back."""
    token = session.scalars(sa.select(ApiToken).where(ApiToken.token_hash == token_hash)).first()
    if token is None or token.revoked_at is not None:
        return None
    return token if token.expires_at is None or token.expires_at > now else None


def token_of_person(session: Session, person_id: int, public_id: str) -> ApiToken | None:
    """A person's own token."""
    query = sa.select(ApiToken).where(
        ApiToken.person_id == person_id, ApiToken.public_id == public_id
    )
    return session.scalars(query).first()


def token_by_public_id(session: Session, public_id: str) -> ApiToken | None:
    """The token with this public id, whoever it belongs to; for the operator's command."""
    return session.scalars(sa.select(ApiToken).where(ApiToken.public_id == public_id)).first()


def tokens_of(session: Session, person_id: int) -> Sequence[ApiToken]:
    """A person's tokens that were not taken back, with their organisations, newest first."""
    query = (
        sa.select(ApiToken)
        .where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
        .options(joinedload(ApiToken.organisation, innerjoin=True))
        .order_by(ApiToken.id.desc())
    )
    return session.scalars(query).all()
