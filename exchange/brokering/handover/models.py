"""Handovers: all open cases of a worker passed to others, with a summary of each."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Person
from exchange.brokering.models import Match
from exchange.kernel.database import Base, BigId, new_public_id
from exchange.listings.models import Listing


class Handover(Base):
    """One act in which a worker's cases passed to others."""

    __tablename__ = "handover"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    from_person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    made_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    made_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(sa.Text, default="")

    from_person: Mapped[Person] = relationship(foreign_keys=[from_person_id])
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id])
    cases: Mapped[list["HandoverCase"]] = relationship(
        back_populates="handover", order_by="HandoverCase.id"
    )


class HandoverCase(Base):
    """One case of a handover: who has it now, and where it stood.

    ``kind`` and ``subject_id`` name it as its source does (see ``handover_sources``); matches and
    needs are also linked.
    """

    __tablename__ = "handover_case"
    __table_args__ = (sa.UniqueConstraint("handover_id", "kind", "subject_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    handover_id: Mapped[int] = mapped_column(sa.ForeignKey("handover.id"))
    to_person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    subject_id: Mapped[int] = mapped_column(BigId)
    match_id: Mapped[int | None] = mapped_column(sa.ForeignKey("match.id"))
    need_id: Mapped[int | None] = mapped_column(sa.ForeignKey("listing.id"))
    summary: Mapped[str] = mapped_column(sa.Text)

    handover: Mapped[Handover] = relationship(back_populates="cases")
    to_person: Mapped[Person] = relationship(foreign_keys=[to_person_id])
    match: Mapped[Match | None] = relationship()
    need: Mapped[Listing | None] = relationship()

    @property
    def key(self) -> str:
        """As forms and programs name the case."""
        return f"{self.kind}-{self.subject_id}"
