"""The private feed of a person's own shifts."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Person
from exchange.kernel.database import Base, new_public_id


class CalendarFeed(Base):
    """An address that nobody guesses, for one person.

    The token (192 random bits) stands as ciphertext bound to
    ``volunteer_feed.token.<public_id>``, so that its owner can read the address again, and is found
    through a keyed hash.
    """

    __tablename__ = "volunteer_feed"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    token_sealed: Mapped[str] = mapped_column(sa.Text)
    renewed_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
