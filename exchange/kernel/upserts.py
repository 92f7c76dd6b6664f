"""Insert or update in one statement, on SQLite and PostgreSQL alike."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from exchange.kernel.database import Base, is_sqlite

CHUNK = 200


def upsert(
    session: Session, model: type[Base], rows: Sequence[Mapping[str, Any]], key: tuple[str, ...]
) -> None:
    """Insert the rows; a row whose key is there already takes the new values instead.

    Rows have the same columns. Two writers of one key do not fail: the later wins.
    """
    insert = sqlite.insert if is_sqlite(session) else postgresql.insert
    for start in range(0, len(rows), CHUNK):
        chunk = [dict(row) for row in rows[start : start + CHUNK]]
        statement = insert(model).values(chunk)
        changed = {name: statement.excluded[name] for name in chunk[0] if name not in key}
        session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changed))
