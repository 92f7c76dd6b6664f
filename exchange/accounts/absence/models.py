"""When a social worker is away, and who stands in for them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Person
from exchange.kernel.database import Base, BigId, new_public_id


class Absence(Base):
    """A worker is away from one civil day to another, both inclusive.

    ``begun_at`` and ``ended_at`` say since when the stand-in acts and until when they did; between
    the two moments the absence is in force.
    """

    __tablename__ = "absence"
    __table_args__ = (
        sa.CheckConstraint("from_on <= to_on", name="days_in_order"),
        sa.CheckConstraint("person_id <> stand_in_id", name="somebody_else"),
        sa.Index("ix_absence_person_ended", "person_id", "ended_at"),
        sa.Index("ix_absence_stand_in_ended", "stand_in_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    stand_in_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    set_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    stand_in: Mapped[Person] = relationship(foreign_keys=[stand_in_id])
