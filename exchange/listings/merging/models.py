"""Which need was merged into which, by whom, and whether that was undone."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.kernel.database import Base, BigId, str_enum
from exchange.listings.kinds import State
from exchange.listings.models import Listing

STANDING = sa.text("undone_at IS NULL")


class NeedMerge(Base):
    """One merge. The database lets a need be merged into one other at a time.

    ``state_before`` is the state to which undoing takes the merged need back.
    """

    __tablename__ = "need_merge"
    __table_args__ = (
        sa.CheckConstraint("merged_id <> kept_id", name="merged_into_another"),
        sa.Index(
            "uq_need_merge_standing", "merged_id", unique=True,
            sqlite_where=STANDING, postgresql_where=STANDING,
        ),
        sa.Index("ix_need_merge_kept_id", "kept_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    merged_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id"))
    kept_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id"))
    state_before: Mapped[State] = mapped_column(str_enum(State))
    merged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    merged_at: Mapped[datetime]
    undone_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]

    merged: Mapped[Listing] = relationship(foreign_keys=[merged_id])
    kept: Mapped[Listing] = relationship(foreign_keys=[kept_id])
