"""Messages to people of a shift, who got them and what they said; and who was asked again."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Person
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.volunteering.messaging.kinds import Addressed, Answer
from exchange.volunteering.messaging.rules import LONGEST_MESSAGE, LONGEST_QUESTION
from exchange.volunteering.models import Shift, Signup
from exchange.volunteering.rules import LONGEST_NOTE


class ShiftMessage(Base):
    """What a coordinator wrote. ``sent_token`` is that of the form: sent twice it is one."""

    __tablename__ = "volunteer_message"
    __table_args__ = (
        sa.UniqueConstraint("shift_id", "sent_token"),
        sa.Index("ix_volunteer_message_author_sent", "author_id", "sent_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    shift_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteer_shift.id"))
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    addressed: Mapped[Addressed] = mapped_column(str_enum(Addressed))
    text: Mapped[str] = mapped_column(sa.String(LONGEST_MESSAGE))
    wants_answer: Mapped[bool] = mapped_column(default=False)
    sent_token: Mapped[str] = mapped_column(sa.String(40))
    sent_at: Mapped[datetime]

    shift: Mapped[Shift] = relationship()
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    recipients: Mapped[list["MessageRecipient"]] = relationship(
        back_populates="message", cascade="all, delete-orphan", passive_deletes=True,
        order_by="MessageRecipient.id",
    )  # fmt: skip


class MessageRecipient(Base):
    """One of those who got a message, and what they said. Nobody but coordinators reads the list.
    """

    __tablename__ = "volunteer_message_recipient"
    __table_args__ = (sa.UniqueConstraint("message_id", "person_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[int] = mapped_column(
        sa.ForeignKey("volunteer_message.id", ondelete="CASCADE")
    )
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    answer: Mapped[Answer | None] = mapped_column(str_enum(Answer))
    note: Mapped[str] = mapped_column(sa.String(LONGEST_QUESTION), default="")
    answered_at: Mapped[datetime | None]

    message: Mapped[ShiftMessage] = relationship(back_populates="recipients")
    person: Mapped[Person] = relationship()


class ComingAsk(Base):
    """Somebody who has a place was asked by a coordinator, and has not answered; goes when they do.

    ``release_at``: when their place goes to others, with the reason that they were told.
    """

    __tablename__ = "volunteer_ask"

    signup_id: Mapped[int] = mapped_column(
        sa.ForeignKey("volunteer_signup.id", ondelete="CASCADE"), primary_key=True
    )
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    release_at: Mapped[datetime | None] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(sa.String(LONGEST_NOTE), default="")

    signup: Mapped[Signup] = relationship()
