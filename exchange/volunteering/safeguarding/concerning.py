"""Whom the ids of consents, checks and asks concern, for the audit."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.models import Organisation
from exchange.audit.concerning import Concern, Found, tell_concerns
from exchange.kernel.act import House
from exchange.volunteering.safeguarding.models import (
    ChildrenCheck,
    GuardianConsent,
    SafeguardAsk,
)

Row = type[ChildrenCheck] | type[GuardianConsent] | type[SafeguardAsk]


def install(house: House) -> None:
    """Tell the audit of these kinds of id."""
    tell_concerns(house, "consent", ("consent_id",), consents)
    tell_concerns(house, "check", ("check_id",), checks)
    tell_concerns(house, "ask", ("ask_id",), asks)


def consents(session: Session, ids: Collection[int]) -> Found:
    """A consent concerns the volunteer and the organisation, where that is."""
    return _found(session, GuardianConsent, ids)


def checks(session: Session, ids: Collection[int]) -> Found:
    """Likewise a check."""
    return _found(session, ChildrenCheck, ids)


def asks(session: Session, ids: Collection[int]) -> Found:
    """Likewise an ask."""
    return _found(session, SafeguardAsk, ids)


def _found(session: Session, model: Row, ids: Collection[int]) -> Found:
    query = (
        sa.select(model.id, model.person_id, model.organisation_id, Organisation.division_code)
        .join(Organisation, Organisation.id == model.organisation_id)
        .where(model.id.in_(ids))
    )
    return {
        key: (Concern(person_id=person, organisation_id=owner, division_code=code),)
        for key, person, owner, code in session.execute(query)
    }
