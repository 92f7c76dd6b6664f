"""Reading requests to be verified."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from exchange.accounts.models import Organisation, VerificationRequest
from exchange.accounts.permissions import decidable_by, place_is_served
from exchange.accounts.rules import VerificationCase
from exchange.kernel.actor import Actor

PAGE = 50


def open_requests(
    session: Session, actor: Actor, after: int = 0, limit: int = PAGE
) -> Sequence[VerificationRequest]:
    """What the actor may decide, the oldest first, from behind the id ``after``."""
    query = (
        sa.select(VerificationRequest)
        .join(VerificationRequest.organisation)
        .options(contains_eager(VerificationRequest.organisation))
        .where(
            VerificationRequest.decided_at.is_(None),
            VerificationRequest.id > after,
            decidable_by(actor),
        )
        .order_by(VerificationRequest.id)
        .limit(limit)
    )
    return session.scalars(query).all()


def open_request(session: Session, actor: Actor, public_id: str) -> VerificationRequest | None:
    """One open request, if the actor may decide it."""
    query = (
        sa.select(VerificationRequest)
        .join(VerificationRequest.organisation)
        .options(contains_eager(VerificationRequest.organisation))
        .where(
            VerificationRequest.public_id == public_id,
            VerificationRequest.decided_at.is_(None),
            decidable_by(actor),
        )
    )
    return session.scalars(query).first()


def latest_request(session: Session, organisation_id: int) -> VerificationRequest | None:
    """The organisation's newest request, decided or not."""
    query = (
        sa.select(VerificationRequest)
        .where(VerificationRequest.organisation_id == organisation_id)
        .order_by(VerificationRequest.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def case_of(session: Session, organisation: Organisation) -> VerificationCase:
    """What the rule about who may verify needs to know."""
    served = session.scalar(sa.select(place_is_served()).where(Organisation.id == organisation.id))
    return VerificationCase(
        organisation_id=organisation.id,
        kind=organisation.kind,
        division_code=organisation.division_code,
        place_is_served=bool(served),
    )
