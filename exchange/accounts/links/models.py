"""Signed links: one act that one person may do without signing in."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.accounts.links.rules import LinkPurpose
from exchange.kernel.database import Base, BigId, str_enum

OPEN = sa.text("used_at IS NULL AND closed_at IS NULL")


class SignedLink(Base):
    """What a link in a message allows, to whom and until when. The token itself is kept nowhere.

    ``subject`` names what the act is about, such as a match and its side. ``token_hash`` is a keyed
    hash of the token; ``binding`` one of the token with everything else, so that a row that was
    altered opens nothing. One open link for a person, a purpose and a subject.
    """

    __tablename__ = "signed_link"
    __table_args__ = (
        sa.Index(
            "uq_signed_link_open",
            "purpose",
            "subject",
            "person_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        sa.Index("ix_signed_link_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    binding: Mapped[str] = mapped_column(sa.String(64))
    purpose: Mapped[LinkPurpose] = mapped_column(str_enum(LinkPurpose))
    subject: Mapped[str] = mapped_column(sa.String(60))
    person_id: Mapped[int] = mapped_column(
        sa.ForeignKey("person.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
