"""Saved searches, and what each has told of."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Person
from exchange.alerts.kinds import Rhythm
from exchange.alerts.rules import LONGEST_NAME
from exchange.kernel.database import Base, BigId, new_public_id, str_enum


class SavedSearch(Base):
    """A question that a person follows.

    ``question`` holds the question's parameters as a query string, ``question_hash`` its SHA-256:
    a person follows a question once. ``due_at`` is the moment from which what waits is told.
    The feed's token (192 random bits) stands as ciphertext bound to
    ``saved_search.feed_token.<public_id>``, so that its owner can read the address again, and is
    found through a keyed hash. ``feed_digest`` is of what the feed said when it was last read,
    ``feed_changed_at`` when it was first seen to say that.
    """

    __tablename__ = "saved_search"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "question_hash"),
        sa.Index("ix_saved_search_due_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    question: Mapped[str] = mapped_column(sa.Text)
    question_hash: Mapped[str] = mapped_column(sa.String(64))
    rhythm: Mapped[Rhythm] = mapped_column(str_enum(Rhythm))
    paused_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    last_told_at: Mapped[datetime | None]
    feed_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    feed_sealed: Mapped[str] = mapped_column(sa.Text)
    feed_digest: Mapped[str] = mapped_column(sa.String(64), default="")
    feed_changed_at: Mapped[datetime]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class SavedSearchItem(Base):
    """A listing that a saved search has to tell of, or need not tell of any more.

    Waiting while ``told_at`` is null. It is set in the act that writes the notice, so that nothing
    is told twice; what was there when the search was saved counts as told from the start.
    """

    __tablename__ = "saved_search_item"
    __table_args__ = (
        sa.Index(
            "ix_saved_search_item_waiting",
            "search_id",
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        ),
    )

    search_id: Mapped[int] = mapped_column(
        sa.ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True
    )
    listing_id: Mapped[int] = mapped_column(
        sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    noted_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
