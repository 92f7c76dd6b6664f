"""Short links of short messages."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.kernel.database import Base


class ShortLink(Base):
    """Where a short link leads, until it expires.

    Only a keyed hash of its code is kept; the path is a ciphertext bound to
    ``short_link.path.<code_hash>``.
    """

    __tablename__ = "short_link"

    code_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    path_sealed: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
