"""The outbox."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.kernel.database import Base, BigId


class OutboxJob(Base):
    """One job to be run after the commit that wrote it.

    Waiting: handed_at is null. Handed: handed_at is set and the lease runs. Failed: failed_at is
    set.
    """

    __tablename__ = "outbox_job"
    __table_args__ = (
        sa.Index("ix_outbox_job_waiting", "failed_at", "handed_at", "run_after", "id"),
        sa.Index("ix_outbox_job_name", "name", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    key: Mapped[str | None] = mapped_column(sa.String(120))
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    run_after: Mapped[datetime]
    handed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(sa.String(200))
