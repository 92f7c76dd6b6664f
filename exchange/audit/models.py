"""The audit trail, the chain that seals it, and the key of each person's values in it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.audit.guarding import AUDIT
from exchange.kernel.database import Base, BigId, new_public_id

HASH = 64  # hexadecimal digits of SHA-256


class AuditEntry(Base):
    """One act: who, in which role, what, when, from where, and what it changed.

    ``details`` are the ids that the event carries. ``changes`` lists the rows that changed (see
    ``trail.written_change``): personal values stand in it only as ciphertext.
    """

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(sa.BigInteger, index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    role: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    origin: Mapped[str] = mapped_column(sa.String(64))
    event: Mapped[str] = mapped_column(sa.String(80))
    details: Mapped[dict[str, Any]]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(
        sa.JSON, default=list, server_default="[]"
    )


class AuditConcern(Base):
    """Whom and what an entry concerns; an entry about a match concerns both sides."""

    __tablename__ = "audit_concern"
    __table_args__ = (
        sa.Index("ix_audit_concern_person", "person_id", "entry_id"),
        sa.Index("ix_audit_concern_organisation", "organisation_id", "entry_id"),
        sa.Index("ix_audit_concern_listing", "listing_id", "entry_id"),
        sa.Index("ix_audit_concern_match", "match_id", "entry_id"),
    )

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_entry.id"), primary_key=True)
    number: Mapped[int] = mapped_column(sa.SmallInteger, primary_key=True, autoincrement=False)
    person_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    organisation_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    listing_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    match_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    division_code: Mapped[str] = mapped_column(sa.String(12), default="")


class AuditWaiting(Base):
    """An entry that no batch holds yet. Commits arrive out of order, so a mark says it, no id."""

    __tablename__ = "audit_waiting"

    entry_id: Mapped[int] = mapped_column(
        sa.ForeignKey("audit_entry.id"), primary_key=True, autoincrement=False
    )


class AuditBatch(Base):
    """A link of the chain: a hash over its own entries and over the batch before it.

    Batches are numbered from 1 without gaps. The first one's ``previous_hash`` is all zeros.
    """

    __tablename__ = "audit_batch"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    previous_hash: Mapped[str] = mapped_column(sa.String(HASH), unique=True)
    hash: Mapped[str] = mapped_column(sa.String(HASH), unique=True)
    first_id: Mapped[int] = mapped_column(sa.BigInteger)
    last_id: Mapped[int] = mapped_column(sa.BigInteger)
    count: Mapped[int]
    sealed_at: Mapped[datetime]


class AuditSeal(Base):
    """Where in the chain an entry stands, with its own digest."""

    __tablename__ = "audit_seal"
    __table_args__ = (sa.UniqueConstraint("batch_id", "position"),)

    entry_id: Mapped[int] = mapped_column(
        sa.ForeignKey("audit_entry.id"), primary_key=True, autoincrement=False
    )
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_batch.id"))
    position: Mapped[int]
    digest: Mapped[str] = mapped_column(sa.String(HASH))


class PersonDataKey(Base):
    """The key of a person's values in the audit, sealed with the key of the house.

    Bound to ``person_data_key.sealed_key.<person_id>.<created_at>``. Destroying it leaves the row,
    so that the person never gets another one; both moments are then that of the destruction.
    """

    __tablename__ = "person_data_key"

    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    sealed_key: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]


for _kept in (AuditEntry, AuditConcern, AuditBatch, AuditSeal):
    AUDIT.guard(_kept.__table__)
