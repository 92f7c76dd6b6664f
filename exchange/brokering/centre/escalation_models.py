"""Cases in which nothing has happened for too long: who was reminded, and who was told."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Person
from exchange.brokering.centre.escalation_rules import Cause
from exchange.brokering.models import Match
from exchange.kernel.database import Base, BigId, str_enum
from exchange.listings.models import Listing

OPEN = sa.text("closed_at IS NULL")


class Escalation(Base):
    """One case that rested: the worker was reminded, later perhaps the supervisors were told.

    It is about a match or about an open need; of each at most one is open. A need in nobody's hands
    has no worker: its supervisors are told at once, and both moments are the same. ``since`` is
    when something last happened, or the day on which something was due.
    """

    __tablename__ = "escalation"
    __table_args__ = (
        sa.CheckConstraint("(match_id IS NULL) <> (need_id IS NULL)", name="one_subject"),
        sa.Index(
            "uq_escalation_open_match", "match_id",
            unique=True, sqlite_where=OPEN, postgresql_where=OPEN,
        ),
        sa.Index(
            "uq_escalation_open_need", "need_id",
            unique=True, sqlite_where=OPEN, postgresql_where=OPEN,
        ),
        sa.Index("ix_escalation_closed_told", "closed_at", "told_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    match_id: Mapped[int | None] = mapped_column(sa.ForeignKey("match.id"))
    need_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"))
    cause: Mapped[Cause] = mapped_column(str_enum(Cause))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    since: Mapped[datetime]
    reminded_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    match: Mapped[Match | None] = relationship()
    need: Mapped[Listing | None] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
