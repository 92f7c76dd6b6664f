"""Every test opens an engine of its own, and with it nothing that was compiled before.

What SQLAlchemy compiles for a statement depends on the statement and on the dialect alone, so the
engines of a run share both: a fifth of the time of a test goes there otherwise.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

ROOM = 4_000  # statements
DIALECTS: dict[tuple[type[Dialect], str], Dialect] = {}
STATEMENTS: LRUCache[Any, Any] = LRUCache(ROOM)


def share_statements(engine: sa.Engine) -> None:
    """Let an engine use the dialect of the first one of its kind, and what was compiled for it."""
    kind = type(engine.dialect), engine.dialect.driver
    dialect = DIALECTS.setdefault(kind, engine.dialect)
    engine.dialect = engine.pool._dialect = dialect
    engine._compiled_cache = STATEMENTS
