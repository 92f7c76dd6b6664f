"""Reading the synonyms: what counts, and what administrators see."""

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.search.synonyms.groups import WordGroup, plain
from exchange.search.synonyms.models import SynonymEdition, SynonymGroup
from exchange.search.synonyms.shipped import keys_by_reference, reference_of, shipped_groups
from exchange.search.wiring import shared_analyzer

ONLY_EDITION = 1


class Origin(StrEnum):
    """Where a group comes from."""

    OWN = "own"
    CHANGED = "changed"
    SHIPPED = "shipped"


@dataclass(frozen=True)
class Entry:
    """A group as administrators see it. ``version`` is 0 while the site has not touched it."""

    reference: str
    group: WordGroup
    is_on: bool
    origin: Origin
    version: int
    key: str | None = None

    @property
    def is_deletable(self) -> bool:
        """Whether the site has something of its own to give up."""
        return self.origin is not Origin.SHIPPED


def edition(session: Session) -> int:
    """The number that grows with every change; 0 before the first."""
    found = session.scalar(
        sa.select(SynonymEdition.number).where(SynonymEdition.id == ONLY_EDITION)
    )
    return found or 0


def entries(session: Session) -> list[Entry]:
    """All groups: the site's own, the newest first, then the shipped ones in their order."""
    rows = list(session.scalars(sa.select(SynonymGroup).order_by(SynonymGroup.id.desc())))
    shipped = shipped_groups()
    standing_in = {row.replaces: row for row in rows if row.replaces in shipped}
    own = [_own_entry(row) for row in rows if row.replaces not in shipped]
    return own + [_shipped_entry(key, standing_in.get(key)) for key in shipped]


def entry(session: Session, reference: str) -> Entry | None:
    """The group that an address names."""
    key = keys_by_reference().get(reference)
    if key is not None:
        condition = SynonymGroup.replaces == key
        return _shipped_entry(
            key, session.scalars(sa.select(SynonymGroup).where(condition)).first()
        )
    if not (reference.isascii() and reference.isalnum()):
        return None
    condition = SynonymGroup.public_id == reference
    row = session.scalars(sa.select(SynonymGroup).where(condition)).first()
    if row is None:
        return None
    if row.replaces is not None and row.replaces in shipped_groups():
        return _shipped_entry(row.replaces, row)
    return _own_entry(row)


def groups_that_count(session: Session) -> list[WordGroup]:
    """The groups that are switched on."""
    return [one.group for one in entries(session) if one.is_on]


def matching(found: list[Entry], text: str, origin: str = "") -> list[Entry]:
    """The entries with a word that holds the text, of one origin or "off" for switched-off ones."""
    wanted = plain(text, shared_analyzer().normalize)
    return [
        one
        for one in found
        if (not origin or (not one.is_on if origin == "off" else one.origin == origin))
        and (not wanted or any(wanted in _plain(word) for word in one.group.words))
    ]


def _plain(word: str) -> str:
    return plain(word, shared_analyzer().normalize)


def _own_entry(row: SynonymGroup) -> Entry:
    return Entry(row.public_id, row.group, row.is_on, Origin.OWN, row.version)


def _shipped_entry(key: str, row: SynonymGroup | None) -> Entry:
    group = shipped_groups()[key]
    if row is None:
        return Entry(reference_of(key), group, True, Origin.SHIPPED, 0, key)
    changed = row.group != group
    origin = Origin.CHANGED if changed else Origin.SHIPPED
    return Entry(reference_of(key), row.group, row.is_on, origin, row.version, key)
