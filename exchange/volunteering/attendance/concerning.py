"""Whom the ids of certificates concern, for the audit."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.models import Organisation
from exchange.audit.concerning import Concern, Found, tell_concerns
from exchange.kernel.act import House
from exchange.volunteering.attendance.models import Certificate


def install(house: House) -> None:
    """Tell the audit of the ids of certificates."""
    tell_concerns(house, "certificate", ("certificate_id",), certificates)


def certificates(session: Session, ids: Collection[int]) -> Found:
    """A certificate concerns its volunteer and the organisation that made it, where that is."""
    query = (
        sa.select(
            Certificate.id,
            Certificate.person_id,
            Certificate.organisation_id,
            Organisation.division_code,
        )
        .join(Certificate.organisation)
        .where(Certificate.id.in_(ids))
    )
    return {
        key: (Concern(person_id=person, organisation_id=owner, division_code=code),)
        for key, person, owner, code in session.execute(query)
    }
