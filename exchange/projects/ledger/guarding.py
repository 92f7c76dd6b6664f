"""Triggers that refuse to change or delete what was booked.

Constraints of the table hold the rest: each entry names the one before it in the project and in
its account together with the balance that it left, so that no number is missing and no balance is
made up. A later migration that copies one of these tables must make its triggers again.
"""

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.sql.selectable import FromClause

REFUSAL = "a ledger is only added to"
FUNCTION = "ledger_refuse"
UNIQUE: dict[str, tuple[tuple[str, ...], ...]] = {
    "ledger_account": (("id",), ("public_id",), ("project_id", "kind", "name", "unit")),
    "ledger_entry": (
        ("id",), ("public_id",), ("request_id",), ("project_id", "number"),
        ("account_id", "account_number"), ("corrects_id",),
    ),
}  # fmt: skip


def sqlite_statements(table: str) -> list[str]:
    """Refuse UPDATE, DELETE, and a REPLACE over what is there, on SQLite."""
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
