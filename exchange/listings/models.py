"""Listings, their coverage, photos and edit history.

Quantities are integers in thousandths of the unit. ``committed_milli`` is what live matches hold
or have delivered: taken in the offer's unit, covered in the need's unit. The database refuses
to commit more than there is. ``lot_milli`` is the least that one partner takes or gives;
``is_whole`` says that one partner takes or gives all of it. ``expiry_told_days``: the owner was
told so many days before the last day. ``parked_until``: the day on which it comes back by itself.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Organisation, Person
from exchange.files.models import StoredFile
from exchange.files.rules import PictureStatement
from exchange.kernel.database import Base, BigId, new_public_id, str_enum
from exchange.kernel.errors import Conflict
from exchange.listings.kinds import (
    ENDED_STATES,
    OPEN_STATES,
    Door,
    Form,
    Side,
    State,
    Urgency,
    Visibility,
)
from exchange.listings.lifecycle import may_move
from exchange.taxonomy.terms import Terms


class Listing(Base):
    """A need or an offer: what, how much, where, when, on which terms, for whom."""

    __tablename__ = "listing"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "external_id"),
        sa.CheckConstraint(
            "committed_milli >= 0 AND "
            "(quantity_milli IS NULL OR committed_milli <= quantity_milli)",
            name="committed_within_quantity",
        ),
        sa.CheckConstraint(
            "quantity_milli IS NULL OR quantity_milli > 0", name="quantity_positive"
        ),
        sa.CheckConstraint("lot_milli IS NULL OR lot_milli > 0", name="lot_positive"),
        sa.Index("ix_listing_side_state", "side", "state", "published_at"),
        sa.Index("ix_listing_state_to_date", "state", "to_date"),
        sa.Index("ix_listing_state_parked_until", "state", "parked_until"),
        sa.Index("ix_listing_division_code", "division_code"),
        sa.Index("ix_listing_updated_at", "updated_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    external_id: Mapped[str | None] = mapped_column(sa.String(80))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    door: Mapped[Door] = mapped_column(str_enum(Door))
    side: Mapped[Side] = mapped_column(str_enum(Side))
    form: Mapped[Form] = mapped_column(
        str_enum(Form), default=Form.POSTED, server_default=Form.POSTED.value
    )
    state: Mapped[State] = mapped_column(str_enum(State), default=State.DRAFT)
    visibility: Mapped[Visibility] = mapped_column(str_enum(Visibility), default=Visibility.PUBLIC)
    title: Mapped[str] = mapped_column(sa.String(120), default="")
    text: Mapped[str] = mapped_column(sa.Text, default="")
    lang: Mapped[str] = mapped_column(sa.String(8), default="zh")
    category_code: Mapped[str | None] = mapped_column(sa.String(40), index=True)
    division_code: Mapped[str | None] = mapped_column(sa.String(12))
    public_title: Mapped[str | None] = mapped_column(sa.String(120))
    public_division_code: Mapped[str | None] = mapped_column(sa.String(12))
    quantity_milli: Mapped[int | None] = mapped_column(sa.BigInteger)
    committed_milli: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    unit: Mapped[str | None] = mapped_column(sa.String(16))
    lot_milli: Mapped[int | None] = mapped_column(sa.BigInteger)
    is_whole: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    terms: Mapped[Terms] = mapped_column(str_enum(Terms), default=Terms.FREE)
    from_date: Mapped[date | None]
    to_date: Mapped[date | None]
    urgency: Mapped[Urgency] = mapped_column(str_enum(Urgency), default=Urgency.NORMAL)
    beneficiaries: Mapped[list[str]] = mapped_column(default=list)
    licence: Mapped[str | None] = mapped_column(sa.String(200))
    review_note: Mapped[str] = mapped_column(sa.Text, default="")
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    held_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    expiry_told_at: Mapped[datetime | None]
    expiry_told_days: Mapped[int | None]
    parked_until: Mapped[date | None]
    ended_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    coverage: Mapped[list["ListingCoverage"]] = relationship(
        back_populates="listing", cascade="all, delete-orphan", order_by="ListingCoverage.prefix"
    )
    photos: Mapped[list["ListingPhoto"]] = relationship(
        back_populates="listing", cascade="all, delete-orphan", order_by="ListingPhoto.position"
    )

    @property
    def serves(self) -> tuple[str, ...]:
        """Coverage prefixes of an offer, or ("CN",); empty for a need."""
        return tuple(row.prefix for row in self.coverage)

    @property
    def reach(self) -> tuple[str, ...]:
        """The prefixes where it matters: an offer's coverage, else its own division."""
        return self.serves or ((self.division_code,) if self.division_code else ())

    def move_to(self, state: State, now: datetime) -> None:
        """Take the listing to another state. Raises Conflict when its life does not lead there."""
        decision = may_move(self.state, state)
        if not decision:
            raise Conflict(decision.code, **decision.params)
        self.state = state
        self.updated_at = now
        if state in OPEN_STATES:
            self.published_at, self.ended_at = self.published_at or now, None
        elif state in ENDED_STATES:
            self.ended_at = now

    @property
    def remaining_milli(self) -> int | None:
        """What is left, in thousandths of the unit; None when no quantity is given."""
        return None if self.quantity_milli is None else self.quantity_milli - self.committed_milli


class ListingCoverage(Base):
    """A division prefix that an offer serves."""

    __tablename__ = "listing_coverage"

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id"), primary_key=True)
    prefix: Mapped[str] = mapped_column(sa.String(12), primary_key=True, index=True)

    listing: Mapped[Listing] = relationship(back_populates="coverage")


class ListingPhoto(Base):
    """A picture of a listing."""

    __tablename__ = "listing_photo"

    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    # What whoever sent it said about children on it; nothing before this was asked.
    statement: Mapped[PictureStatement | None] = mapped_column(str_enum(PictureStatement))

    listing: Mapped[Listing] = relationship(back_populates="photos")
    file: Mapped[StoredFile] = relationship()


class ListingRevision(Base):
    """What a change replaced: the former values of the changed fields, by whom and when."""

    __tablename__ = "listing_revision"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    listing_id: Mapped[int] = mapped_column(sa.ForeignKey("listing.id"), index=True)
    version: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]
    before: Mapped[dict[str, Any]]
