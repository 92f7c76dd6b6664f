"""What tests of the chain share: acts, sealing, verification, and a way around the triggers."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.engine import Connection

from exchange.audit.guarding import UNIQUE
from exchange.audit.jobs import seal_all
from exchange.audit.verifying import Problem, Verified, verify
from exchange.kernel.database import db


def seal(app: Flask, batch: int = 1_000) -> int:
    """Seal what waits."""
    with app.app_context():
        return seal_all(app.extensions["exchange.jobs"], batch)


def problems(app: Flask, first: int = 1, told: Verified | None = None) -> list[Problem]:
    """What verification finds."""
    with app.app_context():
        found = list(verify(app.extensions["exchange.jobs"], first, told))
        db.session.remove()
    return found


@contextmanager
def forging(engine: sa.Engine) -> Iterator[Connection]:
    """A connection of somebody who owns the database: no triggers, no foreign keys; rolled back."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.rollback()
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys=OFF")
        transaction = connection.get_transaction() or connection.begin()
        if engine.dialect.name == "sqlite":
            for table in UNIQUE:
                for verb in ("update", "delete", "replace"):
                    connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{verb}")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield connection
        transaction.rollback()
        if engine.dialect.name == "sqlite":
            raw.execute("PRAGMA foreign_keys=ON")
