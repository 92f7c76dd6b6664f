"""Suggestions that a worker does not want to look at for a while."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.kernel.database import Base


class PairAside(Base):
    """One worker set a pair aside: it stands on their desk again from ``until`` on.

    It is the pair and not the row of the suggestion, which is made anew with every change.
    """

    __tablename__ = "pair_aside"

    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    need_id: Mapped[int] = mapped_column(
        sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    offer_id: Mapped[int] = mapped_column(
        sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    until: Mapped[date]
    set_at: Mapped[datetime]
