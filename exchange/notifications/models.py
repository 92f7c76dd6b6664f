"""Notices to people, their deliveries by several channels, and what people chose about them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Person
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.notifications.kinds import Channel, DeliveryState, Kind, Rhythm


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
    deliveries: Mapped[list["Delivery"]] = relationship(
        "exchange.notifications.models.Delivery", back_populates="notice"
    )


class Delivery(Base):
    """A notice on its way through a channel. ``message_id`` is stable over retries.

    Several that are due together go as lines of one message: the others are joined to the one
    whose id the message has, and share what becomes of it. ``path_sealed`` is bound to
    ``notice_delivery.path.<message_id>``; see ``out_paths``. ``trouble`` is a code of why the last
    try failed, never what a provider said. ``tries`` are counted before each, so that a try that
    ended with its process counts too.
    """

    __tablename__ = "notice_delivery"
    __table_args__ = (
        sa.UniqueConstraint("notice_id", "channel"),
        sa.Index("ix_notice_delivery_state", "state", "send_after", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    notice_id: Mapped[int] = mapped_column(sa.ForeignKey("notice.id"))
    channel: Mapped[Channel] = mapped_column(str_enum(Channel))
    message_id: Mapped[str] = mapped_column(sa.String(40), default=new_public_id)
    state: Mapped[DeliveryState] = mapped_column(
        str_enum(DeliveryState), default=DeliveryState.WAITING
    )
    is_urgent: Mapped[bool] = mapped_column(default=False)
    path_sealed: Mapped[str | None] = mapped_column(sa.Text)
    joined_to_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("notice_delivery.id"), index=True
    )
    created_at: Mapped[datetime]
    send_after: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None] = mapped_column(sa.String(60))
    given_up_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]

    notice: Mapped[Notice] = relationship(back_populates="deliveries")


class NoticePreference(Base):
    """How soon a person wants messages of a kind by a channel; what is not there is as usual."""

    __tablename__ = "notice_preference"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    kind: Mapped[Kind] = mapped_column(str_enum(Kind), primary_key=True)
    channel: Mapped[Channel] = mapped_column(str_enum(Channel), primary_key=True)
    rhythm: Mapped[Rhythm] = mapped_column(str_enum(Rhythm))


class NoticeHours(Base):
    """A person's quiet hours, in minutes after midnight of the site's zone; equal means none."""

    __tablename__ = "notice_hours"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    quiet_from: Mapped[int]
    quiet_until: Mapped[int]
