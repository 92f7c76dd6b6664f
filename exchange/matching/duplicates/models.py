"""Pairs of needs that may be one need posted twice."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.kernel.database import Base
from exchange.listings.models import Listing
from exchange.matching.models import MILLION

OPEN = sa.text("decided_at IS NULL")


class DuplicatePair(Base):
    """A proposal to merge, one row whichever of the two is looked at: the lower id stands first.

    ``score_micro`` is the probability in millionths; ``reasons`` holds code, params and weight of
    each sign. Once somebody has said that the two are not the same, ``decided_at`` is set, and the
    row stays so that the pair is not proposed again.
    """

    __tablename__ = "duplicate_pair"
    __table_args__ = (
        sa.CheckConstraint("first_id < second_id", name="first_is_lower"),
        sa.Index("ix_duplicate_pair_second_id", "second_id"),
        sa.Index(
            "ix_duplicate_pair_open", "score_micro", sqlite_where=OPEN, postgresql_where=OPEN
        ),
    )

    first_id: Mapped[int] = mapped_column(
        sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True
    )
    second_id: Mapped[int] = mapped_column(
        sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True
    )
    score_micro: Mapped[int]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    engine: Mapped[str] = mapped_column(sa.String(80))
    computed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]

    first: Mapped[Listing] = relationship(foreign_keys=[first_id])
    second: Mapped[Listing] = relationship(foreign_keys=[second_id])

    @property
    def score(self) -> float:
        """0 to 1."""
        return self.score_micro / MILLION
