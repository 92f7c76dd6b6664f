"""The words of the site, kept for reading questions that are typed wrong or in pinyin."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.kernel.database import Base


class StoredLexicon(Base):
    """Words with the number of documents for everybody that have them, packed; the newest counts.

    ``documents`` and ``high_water`` tell from which state of the index it was made.
    """

    __tablename__ = "search_lexicon"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    made_at: Mapped[datetime]
    documents: Mapped[int]
    high_water: Mapped[int] = mapped_column(sa.BigInteger)
    words: Mapped[bytes]
