"""What volunteers say of their time, and who was asked to come to a shift.

``times`` holds the weekdays and parts of days as one number, see ``time_rules``. ``listing_id`` is
the offer that is kept in step. ``listed_version`` is the version
that the offer says. ``consented_at`` is since when coordinators may ask them.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Organisation, Person
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.listings.models import Listing
from exchange.volunteering.availability.kinds import Reach, Reply
from exchange.volunteering.availability.rules import LONGEST_DIALECT, LONGEST_WORDS, is_paused
from exchange.volunteering.availability.time_rules import EVERY_TIME
from exchange.volunteering.models import Shift


class Availability(Base):
    """What one person can do, when, where, how far, and whether they may be asked."""

    __tablename__ = "volunteer_availability"
    __table_args__ = (
        sa.CheckConstraint(f"times > 0 AND times <= {EVERY_TIME}", name="times_of_a_week"),
        sa.CheckConstraint("to_date IS NULL OR from_date IS NULL OR to_date >= from_date",
                           name="dates_in_order"),
        sa.Index("ix_volunteer_availability_division_code", "division_code"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    listing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listing.id"), unique=True)
    skills: Mapped[list[str]] = mapped_column(default=list)
    words: Mapped[str] = mapped_column(sa.String(LONGEST_WORDS), default="")
    times: Mapped[int] = mapped_column(sa.Integer)
    from_date: Mapped[date | None]
    to_date: Mapped[date | None]
    pause_from: Mapped[date | None]
    pause_until: Mapped[date | None]
    division_code: Mapped[str] = mapped_column(sa.String(12))
    reach: Mapped[Reach] = mapped_column(str_enum(Reach))
    tongues: Mapped[list[str]] = mapped_column(default=list)
    dialect: Mapped[str] = mapped_column(sa.String(LONGEST_DIALECT), default="")
    has_transport: Mapped[bool] = mapped_column(default=False)
    is_remote: Mapped[bool] = mapped_column(default=False)
    may_be_asked: Mapped[bool] = mapped_column(default=False)
    consented_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    listed_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship()
    listing: Mapped[Listing | None] = relationship()

    def is_on(self, day: date) -> bool:
        """Whether it holds on that day: within its dates, and not paused."""
        within = (self.from_date is None or self.from_date <= day) and (
            self.to_date is None or day <= self.to_date
        )
        return within and not is_paused(self.pause_from, self.pause_until, day)


class SubstituteRequest(Base):
    """Somebody was asked to come to a shift; each person once for each shift."""

    __tablename__ = "volunteer_substitute_request"
    __table_args__ = (
        sa.UniqueConstraint("shift_id", "person_id"),
        sa.Index("ix_volunteer_substitute_request_person_asked", "person_id", "asked_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    shift_id: Mapped[int] = mapped_column(sa.ForeignKey("volunteer_shift.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    reply: Mapped[Reply] = mapped_column(str_enum(Reply), default=Reply.OPEN)
    replied_at: Mapped[datetime | None]

    shift: Mapped[Shift] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id])
