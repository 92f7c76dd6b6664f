"""Accounts that will be closed."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.kernel.database import Base


class AccountClosing(Base):
    """Somebody's account closes at ``due_at``, unless they sign in before.

    ``asked_by_id`` is the person, or the supervisor to whom they wrote; ``reason`` is then what
    was asked and how. The row goes when the account is closed or stays.
    """

    __tablename__ = "account_closing"

    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
