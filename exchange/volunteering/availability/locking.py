"""Taking a volunteer, and what they say of their time, for oneself.

People are locked after shifts and before listings, as everywhere.
"""

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, NotFound
from exchange.volunteering.availability.models import Availability
from exchange.volunteering.locking import lock_people


def take_availability(act: Act, person_id: int) -> Availability | None:
    """Lock a person, and read what they say of their time afresh."""
    act.session.flush()
    lock_people(act, [person_id])
    query = sa.select(Availability).where(Availability.person_id == person_id)
    return act.session.scalars(query.execution_options(populate_existing=True)).first()


def take_present(act: Act, person_id: int, version: int | None) -> Availability:
    """Likewise. Raises NotFound where there is none, Conflict "changed_meanwhile"."""
    found = take_availability(act, person_id)
    if found is None:
        raise NotFound
    if version is not None and version != found.version:
        raise Conflict("changed_meanwhile", version=found.version)
    return found
