"""Tokens with which programs act for a person."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.accounts.models import Organisation, Person
from exchange.kernel.database import Base, BigId, new_public_id


class ApiToken(Base):
    """A bearer token: one person acting for one organisation.

    The token itself (256 random bits) is shown once and kept only as SHA-256. ``hint`` is its
    beginning, by which its owner tells it from others. ``last_used_at`` is exact to a minute.
    """

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(20), unique=True, default=new_public_id)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(sa.String(80))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    hint: Mapped[str] = mapped_column(sa.String(12))
    may_write: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    person: Mapped[Person] = relationship()

    @property
    def scopes(self) -> frozenset[str]:
        """What it allows: read, or read and write."""
        return frozenset({"read", "write"} if self.may_write else {"read"})
