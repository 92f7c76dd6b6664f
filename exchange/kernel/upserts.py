"""Insert or update without looking first, on SQLite and PostgreSQL alike."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from exchange.kernel.database import Base, is_sqlite


def upsert(
    session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], key: tuple[str, ...]
) -> None:
    """Insert the rows; a row whose key is there already takes the new values instead.

    Rows have the same columns. Two writers of one key do not fail: the later wins.
    """
    if not rows:
        return
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    statement = insert(cast("sa.Table", model.__table__))
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    session.flush()
    # One statement for any number of rows: it is compiled once, where a long VALUES never is.
    session.connection().execute(
        statement.on_conflict_do_update(index_elements=list(key), set_=changed),
        [dict(row) for row in rows],
    )
