"""The meanings of documents, kept because they are dear to make."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.kernel.database import Base


class DocumentVector(Base):
    """A document's meaning (see ``vectors.pack_vector``) and what it was made from.

    ``made_from`` is a hash of words and encoder: a row of other words is out of date.
    """

    __tablename__ = "document_vector"

    key: Mapped[str] = mapped_column(sa.String(48), primary_key=True)
    made_from: Mapped[str] = mapped_column(sa.String(32))
    vector: Mapped[bytes]
