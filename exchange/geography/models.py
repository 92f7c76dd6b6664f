"""The administrative divisions."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from exchange.geography.rules import Level, display_name, is_group
from exchange.kernel.database import Base, str_enum


def _ordered_text(length: int) -> sa.types.TypeEngine[Any]:
    """Text compared by code point on every database, so that prefix ranges use the index."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


class Division(Base):
    """A place with its official code. Codes are never reused or deleted: a division is retired.

    ``parent_code`` is always the code's own prefix. Centroids stand at county level and above,
    in micro-degrees; finer levels take their county's.
    """

    __tablename__ = "division"
    __table_args__ = (
        sa.Index("ix_division_level_name", "level", "name", "code"),
        sa.Index("ix_division_level_initials", "level", "initials", "code"),
        sa.Index(
            "ix_division_level_pinyin",
            "level",
            "pinyin",
            sqlite_where=sa.text("pinyin IS NOT NULL"),
            postgresql_where=sa.text("pinyin IS NOT NULL"),
        ),
    )

    code: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    name: Mapped[str] = mapped_column(_ordered_text(80))
    level: Mapped[Level] = mapped_column(str_enum(Level))
    parent_code: Mapped[str | None] = mapped_column(sa.String(12), index=True)
    initials: Mapped[str] = mapped_column(_ordered_text(80))
    pinyin: Mapped[str | None] = mapped_column(_ordered_text(240))
    latitude: Mapped[int | None]
    longitude: Mapped[int | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor_code: Mapped[str | None] = mapped_column(sa.ForeignKey("division.code"))

    def label(self, locale: str) -> str:
        """The division's own name for a reader of the locale."""
        return display_name(self.name, self.level, locale)

    @property
    def is_group(self) -> bool:
        """Whether the row only groups others (市辖区) and is left out of labels and choices."""
        return is_group(self.code, self.name)
