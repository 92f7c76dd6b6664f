"""How migrations reach the database: with the application's own engine, in one transaction.

On SQLite a batch migration copies a table, drops the old one and renames the copy. With foreign
keys on, the drop would empty the tables that point at it, so they are off while migrations run
and checked before the commit.
"""

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

from exchange.kernel.database import WRITES, UtcDateTime

ONE_AT_A_TIME = 7_203_441_190_561


def render_item(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write our own types as what they are in the database: a revision imports no model code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def is_ours(_item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Compare no tables of the search index: the engine makes and removes them itself."""
    return not (kind == "table" and (name or "").startswith("search_g"))


def switch_foreign_keys(connection: Connection, state: str) -> None:
    """Turn SQLite's foreign keys on or off; it heeds this outside a transaction only."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.dbapi_connection
        driver.execute(f"PRAGMA foreign_keys={state}")


def migrate(connection: Connection) -> None:
    """Run what is missing, all or nothing."""
    database = current_app.extensions["migrate"].db
    compared = {"render_item": render_item, "include_object": is_ours}
    settings = {**compared, **current_app.extensions["migrate"].configure_args}
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            transactional_ddl=True,
            **settings,
        )
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"a migration broke {len(broken)} foreign keys; nothing is kept")


def run() -> None:
    """Entry point of every migration command."""
    if context.is_offline_mode():
        raise SystemExit("Migrations need a database to look at: --sql is not supported.")
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        switch_foreign_keys(connection, "OFF")
        try:
            migrate(connection)
        finally:
            switch_foreign_keys(connection, "ON")


run()
