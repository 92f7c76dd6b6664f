"""Triggers that refuse to change or delete the rows of tables that are only added to.

They come with the tables, wherever those are made from the models; a migration makes the same. A
later migration that copies such a table must make its triggers again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.sql.selectable import FromClause

Columns = tuple[str, ...]


@dataclass(frozen=True)
class AppendOnly:
    """Some tables that are only added to: what the database says to who would change them, the name
    of the function behind the triggers of PostgreSQL, and by table the columns that are unique.
    """

    refusal: str
    function: str
    unique: Mapping[str, tuple[Columns, ...]]

    def guard(self, table: FromClause) -> None:
        """Put the triggers on the table whenever it is made from the models."""
        if not isinstance(table, sa.Table):
            raise TypeError("triggers stand on tables")
        made = {
            "sqlite": self.sqlite_statements(table.name),
            "postgresql": [self._postgresql_function(), *self._postgresql_statements(table.name)],
        }
        for dialect, statements in made.items():
            for statement in statements:
                ddl = sa.DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
                event.listen(table, "after_create", ddl)

    def sqlite_statements(self, table: str) -> list[str]:
        """Refuse UPDATE and DELETE of rows, on SQLite.

        A REPLACE deletes without a DELETE trigger unless recursive triggers are on, so an INSERT
        over a row that is there is refused, too.
        """
        refuse = f"BEGIN SELECT RAISE(ABORT, '{self.refusal}'); END"
        made = [
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {refuse}"
            for verb in ("UPDATE", "DELETE")
        ]
        there = " OR ".join(_is_there(table, columns) for columns in self.unique[table])
        replacing = f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} "
        return [*made, replacing + refuse]

    def _postgresql_function(self) -> str:
        return (
            f"CREATE OR REPLACE FUNCTION {self.function}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN RAISE EXCEPTION '{self.refusal}'; END $$"
        )

    def _postgresql_statements(self, table: str) -> list[str]:
        change = f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}"
        empty = f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        return [
            f"{change} FOR EACH ROW EXECUTE FUNCTION {self.function}()",
            f"{empty} FOR EACH STATEMENT EXECUTE FUNCTION {self.function}()",
        ]


def _is_there(table: str, columns: Columns) -> str:
    same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - our own names
