"""What can be found: each room that has something describes it; search knows no such room."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from exchange.kernel.act import House
from exchange.search.port import Document

SOURCES = "search.sources"


@dataclass(frozen=True)
class Subject:
    """One thing that may stand in the index: its row id and the key of its document."""

    id: int
    key: str


@dataclass(frozen=True)
class Census:
    """What the index should hold: how many documents, and the greatest version among them."""

    documents: int
    high_water: int


@dataclass(frozen=True)
class Source:
    """A kind of documents.

    ``build`` makes the documents of these ids from the present state of the database, in a number
    of queries that does not grow with the ids; what does not belong in the index is left out.
    ``walk`` gives at most ``limit`` of them with an id above ``after``, by id, in or out of the
    index; with ``since`` only those that changed at or after that moment. ``census`` counts what
    ``build`` would make.
    """

    kind: str
    build: Callable[[Session, Sequence[int]], list[Document]]
    walk: Callable[[Session, int, int, datetime | None], list[Subject]]
    census: Callable[[Session], Census]


def register_source(house: House, source: Source) -> None:
    """Make a kind of things findable. Raises ValueError when the kind is taken."""
    sources = house.resources.setdefault(SOURCES, {})
    if source.kind in sources:
        raise ValueError(f"two sources are called {source.kind}")
    sources[source.kind] = source


def sources_of(house: House) -> dict[str, Source]:
    """The registered sources by kind."""
    return cast("dict[str, Source]", house.resources.get(SOURCES, {}))
