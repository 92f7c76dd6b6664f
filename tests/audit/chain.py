"""What tests of the chain share: acts, sealing, verification, and a way around the triggers."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from exchange.audit.guarding import AUDIT
from exchange.audit.jobs import seal_all
from exchange.audit.verifying import Problem, Verified, verify
from exchange.jobs.runner import JobRun
from exchange.kernel.database import db


def seal(app: Flask, batch: int = 1_000) -> int:
    """Seal what waits."""
    with app.app_context():
        done = seal_all(app.extensions["exchange.jobs"], batch)
        db.session.remove()
    return done


def problems(app: Flask, first: int = 1, told: Verified | None = None) -> list[Problem]:
    """What verification finds."""
    with app.app_context():
        found = list(verify(app.extensions["exchange.jobs"], first, told))
        db.session.remove()
    return found


class Forger:
    """Somebody who owns the database: neither triggers nor foreign keys stop them.

    What they do is seen by ``problems`` and undone at the end of ``at_work``.
    """

    def __init__(self, app: Flask, engine: sa.Engine) -> None:
        self.house = app.extensions["exchange"]
        self.engine = engine

    @contextmanager
    def at_work(self) -> Iterator[Connection]:
        """A connection to change anything with."""
        with self.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            is_sqlite = self.engine.dialect.name == "sqlite"
            if is_sqlite:
                raw.execute("PRAGMA foreign_keys=OFF")  # type: ignore[attr-defined]  # sqlite3
            transaction = connection.begin()
            if is_sqlite:
                for table in AUDIT.unique:
                    for verb in ("update", "delete", "replace"):
                        connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb}")
            else:
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            yield connection
            transaction.rollback()
            if is_sqlite:
                raw.execute("PRAGMA foreign_keys=ON")  # type: ignore[attr-defined]  # sqlite3

    def problems(self, connection: Connection) -> list[Problem]:
        """What verification finds in what the forger has left."""
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            return list(verify(JobRun(self.house, lambda: session, nullcontext)))
