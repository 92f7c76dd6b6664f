"""Whom the ids of activities and shifts concern, for the audit."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.concerning import Concern, Found, tell_concerns
from exchange.kernel.act import House
from exchange.volunteering.models import Activity, Shift, Signup


def install(house: House) -> None:
    """Tell the audit of the kinds of id that this room's events and rows carry."""
    tell_concerns(house, "activity", ("activity_id",), activities)
    tell_concerns(house, "shift", ("shift_id",), shifts)
    tell_concerns(house, "signup", ("signup_id",), signups)


def activities(session: Session, ids: Collection[int]) -> Found:
    """An activity concerns the organisation that runs it, and counts where it takes place."""
    query = sa.select(Activity.id, Activity.organisation_id, Activity.division_code)
    rows = session.execute(query.where(Activity.id.in_(ids)))
    return {key: (Concern(organisation_id=owner, division_code=code),) for key, owner, code in rows}


def shifts(session: Session, ids: Collection[int]) -> Found:
    """A shift concerns whom its activity does."""
    query = (
        sa.select(Shift.id, Activity.organisation_id, Activity.division_code)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(Shift.id.in_(ids))
    )
    rows = session.execute(query)
    return {key: (Concern(organisation_id=owner, division_code=code),) for key, owner, code in rows}


def signups(session: Session, ids: Collection[int]) -> Found:
    """An answer to a shift concerns whose it is, and whoever runs the activity."""
    query = (
        sa.select(
            Signup.id, Signup.person_id, Activity.organisation_id, Activity.division_code
        )
        .join(Shift, Shift.id == Signup.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(Signup.id.in_(ids))
    )
    return {
        key: (Concern(person_id=person, organisation_id=owner, division_code=code),)
        for key, person, owner, code in session.execute(query)
    }
