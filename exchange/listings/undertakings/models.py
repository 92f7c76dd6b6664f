"""Undertakings: several needs of one owner for one thing they want to do."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Organisation
from exchange.kernel.database import Base, BigId, new_public_id
from exchange.listings.models import Listing
from exchange.listings.undertakings.rules import LONGEST_NAME


class Undertaking(Base):
    """What an organisation wants to do, with a name; its needs are the parts."""

    __tablename__ = "undertaking"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()


class UndertakingPart(Base):
    """A need in an undertaking. The key lets a need be in one at most."""

    __tablename__ = "undertaking_part"

    listing_id: Mapped[int] = mapped_column(
        sa.ForeignKey("listing.id", ondelete="CASCADE"), primary_key=True
    )
    undertaking_id: Mapped[int] = mapped_column(
        sa.ForeignKey("undertaking.id", ondelete="CASCADE"), index=True
    )
    added_at: Mapped[datetime]

    listing: Mapped[Listing] = relationship()
