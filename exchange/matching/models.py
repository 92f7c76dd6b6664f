"""What matching keeps: the meaning of each listing, and the pairs it suggests."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.kernel.database import Base, BigId, str_enum
from exchange.listings.models import Listing
from exchange.matching.values import Record

MILLION = 1_000_000


class RefreshState(StrEnum):
    """Where a refresh of all suggestions stands."""

    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class Embedding(Base):
    """A listing's meaning as vectors (see ``search.vectors.pack_vector``).

    ``text_hash`` is that of the words they were made from: vectors of other words are out of date.
    ``terms`` are what columns hold of the words, ``reading`` all that was read of them (see
    ``reading_packing``), None when not kept yet.
    """

    __tablename__ = "embedding"
    __table_args__ = (sa.Index("ix_embedding_computed_at", "computed_at"),)

    listing_id: Mapped[int] = mapped_column(
        sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True
    )
    encoder: Mapped[str] = mapped_column(sa.String(40))
    text_hash: Mapped[str] = mapped_column(sa.String(32))
    title_vector: Mapped[bytes]
    text_vector: Mapped[bytes]
    terms: Mapped[bytes | None]
    reading: Mapped[bytes | None]
    computed_at: Mapped[datetime]


class ListingMatched(Base):
    """When a listing's suggestions were last computed, by which engine, in which round.

    Written in the act that puts them in place: a refresh goes on with what is missing here.
    """

    __tablename__ = "listing_matched"

    listing_id: Mapped[int] = mapped_column(
        sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True
    )
    engine: Mapped[str] = mapped_column(sa.String(80))
    round: Mapped[int]
    matched_at: Mapped[datetime]


class Refresh(Base):
    """The one row of the refresh of all suggestions that runs, was stopped, or ran last.

    It is done with a listing that was matched by ``engine`` in this ``round``, by whomever. A
    command drives it until ``driven_until``, which it puts off again and again; then the worker
    goes on.
    """

    __tablename__ = "suggestion_refresh"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    engine: Mapped[str] = mapped_column(sa.String(80))
    round: Mapped[int]
    state: Mapped[RefreshState] = mapped_column(str_enum(RefreshState))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    driven_until: Mapped[datetime | None]
    changed: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)


class OrganisationRecord(Base):
    """How an organisation's introductions as a giver went; counted anew after each step of one."""

    __tablename__ = "organisation_record"

    organisation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    asked: Mapped[int]
    answered: Mapped[int]
    kept: Mapped[int]
    broken: Mapped[int]
    updated_at: Mapped[datetime]

    @property
    def record(self) -> Record:
        """The counts."""
        return Record(self.asked, self.answered, self.kept, self.broken)


class Suggestion(Base):
    """A pair that may be worth an introduction: one row and one score, whichever side looks.

    ``score_micro`` is the score in millionths. ``reasons`` holds code, params and contribution of
    each reason, the weightiest first. ``engine`` names the weights and the encoder.
    """

    __tablename__ = "suggestion"
    __table_args__ = (
        sa.UniqueConstraint("need_id", "offer_id"),
        sa.Index("ix_suggestion_need_id_score_micro", "need_id", "score_micro"),
        sa.Index("ix_suggestion_offer_id_score_micro", "offer_id", "score_micro"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    need_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"))
    offer_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id", ondelete="CASCADE"))
    score_micro: Mapped[int]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    engine: Mapped[str] = mapped_column(sa.String(80))
    computed_at: Mapped[datetime]

    need: Mapped[Listing] = relationship(foreign_keys=[need_id])
    offer: Mapped[Listing] = relationship(foreign_keys=[offer_id])
