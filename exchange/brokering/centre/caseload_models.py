"""Needs that are in a worker's hands before a pair is taken up."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Person
from exchange.kernel.database import Base
from exchange.listings.models import Listing


class NeedAssignment(Base):
    """A worker looks for an answer to this need. One worker for each need.

    It counts as an open case while the need is open and no match goes on with it.
    """

    __tablename__ = "need_assignment"

    need_id: Mapped[int] = mapped_column(
        sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    service_point_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_point.id"))
    assigned_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    assigned_at: Mapped[datetime]

    need: Mapped[Listing] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
