"""Taking a shift or a volunteer for oneself: what is decided still holds when it is written.

Everybody locks an activity, shifts by id, then people by id.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from exchange.accounts.models import Organisation, Person
from exchange.kernel.act import Act
from exchange.kernel.errors import NotFound
from exchange.volunteering.models import Activity, Shift


def take_shift(act: Act, shift_id: int) -> Shift:
    """Lock a shift and read it and its activity afresh. Raises NotFound when it is gone."""
    found = take_shifts(act, [shift_id])
    if not found:
        raise NotFound
    return found[0]


def take_shifts(act: Act, shift_ids: Iterable[int]) -> list[Shift]:
    """Likewise several, in the order of their ids."""
    wanted = sorted(set(shift_ids))
    act.session.flush()
    locking = sa.select(Shift.id).where(Shift.id.in_(wanted)).order_by(Shift.id)
    act.session.execute(locking.with_for_update()).all()
    query = sa.select(Shift).where(Shift.id.in_(wanted)).order_by(Shift.id)
    fresh = query.options(
        joinedload(Shift.activity).options(
            joinedload(Activity.organisation), selectinload(Activity.coordinators)
        )
    ).execution_options(populate_existing=True)
    return list(act.session.scalars(fresh).unique())


def take_person(act: Act, person_id: int) -> Person:
    """Lock a person: one certificate of theirs at a time is made. Raises NotFound."""
    act.session.flush()
    query = sa.select(Person).where(Person.id == person_id)
    found = act.session.scalars(
        query.with_for_update(key_share=True).execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    return found


def organisation_with(act: Act, organisation_id: int) -> Organisation:
    """The organisation as it is now."""
    return act.session.get_one(Organisation, organisation_id, populate_existing=True)
