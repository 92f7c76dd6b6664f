"""Triggers that refuse to change or delete what was written.

They come with the tables, wherever those are made from the models; the migration makes the same.
A later migration that copies one of these tables must make its triggers again.
"""

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.sql.selectable import FromClause

REFUSAL = "the audit is only added to"
FUNCTION = "audit_refuse"
UNIQUE: dict[str, tuple[tuple[str, ...], ...]] = {
    "audit_entry": (("id",), ("public_id",)),
    "audit_concern": (("entry_id", "number"),),
    "audit_batch": (("id",), ("hash",), ("previous_hash",)),
    "audit_seal": (("entry_id",), ("batch_id", "position")),
}


def sqlite_statements(table: str) -> list[str]:
    """Refuse UPDATE and DELETE of rows, on SQLite.

    A REPLACE deletes without a DELETE trigger unless recursive triggers are on, so an INSERT over
    a row that is there is refused, too.
    """
    made = [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for verb in ("UPDATE", "DELETE")
    ]
    there = " OR ".join(_is_there(table, columns) for columns in UNIQUE[table])
    replacing = f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} "
    return [*made, f"{replacing} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"]


def _is_there(table: str, columns: tuple[str, ...]) -> str:
    same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - our own names


def postgresql_function() -> str:
    """What the triggers of PostgreSQL call."""
    return (
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )


def postgresql_statements(table: str) -> list[str]:
    """Refuse UPDATE, DELETE and TRUNCATE, on PostgreSQL."""
    change = f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
    empty = f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
    return [
        f"{change} FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()",
        f"{empty} FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()",
    ]


def refuse_changes(table: FromClause) -> None:
    """Put the triggers on the table whenever it is made from the models."""
    if not isinstance(table, sa.Table):
        raise TypeError("triggers stand on tables")
    made = {
        "sqlite": sqlite_statements(table.name),
        "postgresql": [postgresql_function(), *postgresql_statements(table.name)],
    }
    for dialect, statements in made.items():
        for statement in statements:
            ddl = sa.DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
            event.listen(table, "after_create", ddl)
