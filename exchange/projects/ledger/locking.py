"""Taking the book of a project for oneself: whoever books, approves or names waits for whoever
does so now, and reads afresh what the other left.
"""

from typing import cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from exchange.kernel.act import Act
from exchange.kernel.database import is_sqlite
from exchange.projects.ledger.models import EntryRequest, Ledger
from exchange.projects.ledger.queries import request_called


def lock_ledger(act: Act, project_id: int) -> Ledger:
    """The row of the book, locked; made where there is none yet."""
    act.session.flush()
    insert = sqlite.insert if is_sqlite(act.session) else postgresql.insert
    table = cast("sa.Table", Ledger.__table__)
    act.session.execute(
        insert(table).values(project_id=project_id, version=1).on_conflict_do_nothing()
    )
    query = sa.select(Ledger).where(Ledger.project_id == project_id)
    locked = query.with_for_update().execution_options(populate_existing=True)
    return act.session.scalars(locked).one()


def fresh_request(act: Act, project_id: int, public_id: str) -> EntryRequest:
    """The request as it is now. The caller holds the lock of the book. Raises NotFound."""
    found = request_called(act.session, project_id, public_id)
    act.session.refresh(found)
    return found
