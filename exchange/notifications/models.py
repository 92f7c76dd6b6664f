"""Notices to people, and their deliveries by e-mail and short message."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Person
from exchange.kernel.database import Base, BigId, new_public_id


class Notice(Base):
    """One piece of news for one person, kept as code and parameters; words come when it is read."""

    __tablename__ = "notice"
    __table_args__ = (
        sa.Index("ix_notice_person_unread", "person_id", "read_at", "id"),
        sa.UniqueConstraint("person_id", "dedupe_key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    code: Mapped[str] = mapped_column(sa.String(60))
    params: Mapped[dict[str, Any]]
    path: Mapped[str] = mapped_column(sa.String(200))
    dedupe_key: Mapped[str | None] = mapped_column(sa.String(120))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship()
    deliveries: Mapped[list["Delivery"]] = relationship(back_populates="notice")


class Delivery(Base):
    """A notice on its way through a channel. ``message_id`` is stable over retries.

    ``path_sealed`` is bound to ``notice_delivery.path.<message_id>``; see ``out_paths``.
    """

    __tablename__ = "notice_delivery"
    __table_args__ = (sa.UniqueConstraint("notice_id", "channel"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notice.id"))
    channel: Mapped[str] = mapped_column(sa.String(16))
    message_id: Mapped[str] = mapped_column(sa.String(40), default=new_public_id)
    path_sealed: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    notice: Mapped[Notice] = relationship(back_populates="deliveries")
