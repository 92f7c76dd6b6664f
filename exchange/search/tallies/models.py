"""What was searched for, as counters: no person, no address, no time of day."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.kernel.database import Base

# Compared byte by byte on every database, so that an index finds beginnings.
Words = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")


class SearchTally(Base):
    """How often these words were asked for on one civil day, and how often nothing was found."""

    __tablename__ = "search_tally"

    day: Mapped[date] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(Words, primary_key=True)
    side: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    locale: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    asked: Mapped[int]
    unmet: Mapped[int]

    __table_args__ = (
        sa.Index(
            "ix_search_tally_unmet",
            "day",
            "words",
            "locale",
            "unmet",
            sqlite_where=sa.text("unmet > 0"),
            postgresql_where=sa.text("unmet > 0"),
        ),
    )


class FrequentSearch(Base):
    """Words that are asked for again and again and find something; made anew from the tally.

    ``score`` counts the searches that found something, of one day five at most.
    """

    __tablename__ = "frequent_search"
    __table_args__ = (
        sa.Index("ix_frequent_search_prefix", "words", "score"),
        sa.Index("ix_frequent_search_score", "score", "words"),
    )

    words: Mapped[str] = mapped_column(Words, primary_key=True)
    asked: Mapped[int]
    days: Mapped[int]
    score: Mapped[int]
