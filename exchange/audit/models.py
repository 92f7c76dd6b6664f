"""The audit trail."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.kernel.database import Base, BigId


class AuditEntry(Base):
    """One act: who, for whom, what, when, from where. Details carry ids, never personal values."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(sa.BigInteger, index=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    origin: Mapped[str] = mapped_column(sa.String(64))
    event: Mapped[str] = mapped_column(sa.String(80))
    details: Mapped[dict[str, Any]]
