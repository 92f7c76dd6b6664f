"""Taking a volunteer for oneself: what is decided still holds when it is written.

Shifts are locked by ``volunteering.locking``, before people.
"""

import sqlalchemy as sa

from exchange.accounts.models import Organisation, Person
from exchange.kernel.act import Act
from exchange.kernel.errors import NotFound


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
