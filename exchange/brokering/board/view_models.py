"""Questions that a worker keeps by name, to open their matches by."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Person, ServicePoint
from exchange.kernel.database import Base, BigId, new_public_id

LONGEST_NAME = 30
DEFAULT = sa.text("is_default")


class MatchView(Base):
    """A saved view: a name for filters and order, kept as the query string of their address.

    One of a person's may open first. A supervisor may share one with all who work in the area of
    their centre; everybody's own rights decide what they find by it.
    """

    __tablename__ = "match_view"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "name"),
        sa.Index(
            "uq_match_view_default", "person_id",
            unique=True, sqlite_where=DEFAULT, postgresql_where=DEFAULT,
        ),
        sa.Index("ix_match_view_shared_with_id", "shared_with_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    question: Mapped[str] = mapped_column(sa.Text)
    is_default: Mapped[bool]
    shared_with_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service_point.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
    shared_with: Mapped[ServicePoint | None] = relationship()
