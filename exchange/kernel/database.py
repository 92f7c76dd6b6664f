"""The database: one declarative base, the types we use, and how a transaction starts.

On SQLite a writing transaction starts with BEGIN IMMEDIATE; with the deferred default a
read-then-write transaction of one process fails as soon as another process writes.
"""

import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, registry

WRITES = "exchange_writes"

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")
PUBLIC_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment, stored in UTC. A naive value is refused, and none ever comes back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every model."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: UtcDateTime, dict[str, Any]: sa.JSON, list[str]: sa.JSON},
    )


db = SQLAlchemy(model_class=Base, session_options={"autoflush": True})


def str_enum(kind: type[StrEnum]) -> sa.Enum:
    """A column type that stores a StrEnum's value as text on every database."""
    return sa.Enum(
        kind, native_enum=False, length=32, values_callable=lambda e: [member.value for member in e]
    )


def new_public_id() -> str:
    """A random identifier for addresses and the API: 14 characters, 69 bits."""
    return "".join(secrets.choice(PUBLIC_ALPHABET) for _ in range(14))


def is_sqlite(session_or_connection: Any) -> bool:
    """Whether this session or connection talks to SQLite."""
    bind = getattr(session_or_connection, "get_bind", None)
    engine = bind() if bind else session_or_connection.engine
    return bool(engine.dialect.name == "sqlite")


def prepare_engine(engine: Engine) -> None:
    """Set up every new connection of an engine."""
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    elif engine.dialect.name == "postgresql":
        _prepare_postgresql(engine)


def _prepare_postgresql(engine: Engine) -> None:
    """Queries are planned for their values each time.

    After a few executions the server would else keep one plan for whatever values, in which the
    long conditions of who may see what are looked at row by row: 60 ms instead of 1.
    """

    @event.listens_for(engine, "connect")
    def _connect(dbapi_connection: Any, _record: Any) -> None:
        with dbapi_connection.cursor() as cursor:
            cursor.execute("SET plan_cache_mode = force_custom_plan")
        dbapi_connection.commit()


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, foreign keys, a patient lock, explicit BEGIN."""

    @event.listens_for(engine, "connect")
    def _connect(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        for pragma in (
            "busy_timeout=15000",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-4000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
