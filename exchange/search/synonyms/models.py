"""The site's own synonyms, and what it changed of the shipped ones."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.kernel.database import Base, BigId, new_public_id
from exchange.search.synonyms.groups import WordGroup


class SynonymGroup(Base):
    """A group of the site. ``replaces`` names the shipped group in whose place it stands."""

    __tablename__ = "synonym_group"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(sa.String(14), unique=True, default=new_public_id)
    words: Mapped[list[str]]
    one_way: Mapped[bool]
    is_on: Mapped[bool]
    replaces: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def group(self) -> WordGroup:
        """The words as a value."""
        return WordGroup(tuple(self.words), self.one_way)


class SynonymEdition(Base):
    """One row, number 1: how often the synonyms were changed.

    Processes look at it to notice a change; whoever changes synonyms counts it up first, and so
    waits for whoever is changing them.
    """

    __tablename__ = "synonym_edition"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
