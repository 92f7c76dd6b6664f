"""Whom the ids of asking for substitutes concern, for the audit."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.concerning import Concern, Found, tell_concerns
from exchange.kernel.act import House
from exchange.volunteering.availability.models import SubstituteRequest
from exchange.volunteering.models import Activity, Shift


def install(house: House) -> None:
    """Tell the audit of the ids of these rows."""
    tell_concerns(house, "substitute", ("substitute_id",), substitutes)


def substitutes(session: Session, ids: Collection[int]) -> Found:
    """It concerns who was asked and who runs the activity, where that takes place."""
    query = (
        sa.select(
            SubstituteRequest.id,
            SubstituteRequest.person_id,
            Activity.organisation_id,
            Activity.division_code,
        )
        .join(Shift, Shift.id == SubstituteRequest.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(SubstituteRequest.id.in_(ids))
    )
    return {
        key: (Concern(person_id=person, organisation_id=owner, division_code=code),)
        for key, person, owner, code in session.execute(query)
    }
