"""Taking rows for oneself: what is decided about them still holds when it is done.

Everybody locks in this order: an activity, shifts by id, people by id. Whoever needs several shifts
or people takes all of them in one statement.
"""

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from exchange.accounts.models import Person
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, NotFound
from exchange.volunteering.models import Activity, Shift


def lock_activity(act: Act, activity_id: int, version: int | None = None) -> Activity:
    """Lock an activity and read it afresh; ``version`` is the one that the actor was shown.

    Raises NotFound when it is gone, Conflict "changed_meanwhile" when it says something else now.
    """
    act.session.flush()
    query = sa.select(Activity).where(Activity.id == activity_id)
    found = act.session.scalars(
        query.with_for_update().execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound
    if version is not None and version != found.version:
        raise Conflict("changed_meanwhile", version=found.version)
    return found


def lock_shift(act: Act, shift_id: int, version: int | None = None) -> Shift:
    """Lock one shift and read it and its activity afresh. Raises as locking an activity does."""
    found = lock_shifts(act, [shift_id])
    if not found:
        raise NotFound
    shift = found[0]
    if version is not None and version != shift.version:
        raise Conflict("changed_meanwhile", version=shift.version)
    return shift


def lock_shifts(act: Act, shift_ids: Iterable[int]) -> list[Shift]:
    """Lock shifts in the order of their ids, and read them and their activities afresh."""
    wanted = sorted(set(shift_ids))
    if not wanted:
        return []
    act.session.flush()
    locking = sa.select(Shift.id).where(Shift.id.in_(wanted)).order_by(Shift.id)
    act.session.execute(locking.with_for_update()).all()
    # Read after the lock is there: whoever held it may have changed the activity, too.
    query = sa.select(Shift).where(Shift.id.in_(wanted)).order_by(Shift.id)
    fresh = query.options(joinedload(Shift.activity)).execution_options(populate_existing=True)
    return list(act.session.scalars(fresh))


def lock_people(act: Act, person_ids: Collection[int]) -> None:
    """Lock people in the order of their ids: nobody gets two places at the same time."""
    if not person_ids:
        return
    query = sa.select(Person.id).where(Person.id.in_(sorted(set(person_ids)))).order_by(Person.id)
    act.session.execute(query.with_for_update(key_share=True)).all()
