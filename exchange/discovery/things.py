"""What is searched beside listings: one kind of thing through the one index, looked at again in the
database.

While the index cannot answer, the database finds those with the words in title or text.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Generic, TypeVar

import structlog
from sqlalchemy.orm import Session

from exchange.discovery.rules import rough
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.listings.permissions import audience_tokens
from exchange.search.meaning import meaning_of
from exchange.search.port import Filters, IndexUnavailable, InvalidCursor, Query, Segment
from exchange.search.synonyms.wiring import synonyms_of
from exchange.search.tables import public_id_of
from exchange.search.wiring import search_index

log = structlog.get_logger(__name__)
PAGE = 20
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Kind(Generic[Thing]):
    """How things of a kind are searched; ``seen`` and ``plainly`` give what the actor may see."""

    name: str
    filters: Filters
    seen: Callable[[Session, Actor, Sequence[str]], Mapping[str, Thing]]
    plainly: Callable[[Session, Actor], Sequence[Thing]]
    words: Callable[[Thing], tuple[str, str]]
    """Title and text as they are now."""


@dataclass(frozen=True)
class Found(Generic[Thing]):
    """A thing, and the pieces of its title and its text that were asked for, as far as it still
    says them.
    """

    thing: Thing
    title: tuple[Segment, ...] = ()
    snippet: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class FoundPage(Generic[Thing]):
    """One page; ``total`` is rounded where there are more, ``full`` have all of the words."""

    found: tuple[Found[Thing], ...]
    total: int
    full: int
    next_cursor: str | None = None
    cursor_refused: bool = False

    @property
    def with_all_words(self) -> "FoundPage[Thing]":
        """Only those that have all of the words."""
        return replace(self, found=self.found[: self.full])


def find(
    session: Session,
    house: House,
    actor: Actor,
    kind: Kind[Thing],
    words: str,
    today: date,
    cursor: str | None = None,
    limit: int = PAGE,
) -> FoundPage[Thing]:
    """The things of a kind that answer the words; nothing in it raises."""
    query = Query(
        text=words,
        filters=kind.filters,
        cursor=cursor,
        limit=limit,
        audience=audience_tokens(actor),
        vector=meaning_of(house, words),
        synonyms=synonyms_of(house),
        day=today,
    )
    try:
        return _by_index(session, house, actor, kind, query)
    except InvalidCursor:
        first = find(session, house, actor, kind, words, today, None, limit)
        return replace(first, cursor_refused=True)
    except IndexUnavailable as error:
        reason = error.params.get("reason")
        log.warning("searched without the index", kind=kind.name, reason=reason)
        return _plainly(session, actor, kind, words, limit)


def _by_index(
    session: Session, house: House, actor: Actor, kind: Kind[Thing], query: Query
) -> FoundPage[Thing]:
    answer = search_index(house).search(query)
    ids = [public_id_of(hit.key) for hit in answer.hits]
    things = kind.seen(session, actor, ids) if ids else {}
    found = []
    for key, hit in zip(ids, answer.hits, strict=True):
        if key in things:
            title, text = kind.words(things[key])
            is_same = "".join(piece.text for piece in hit.title) == title
            found.append(
                Found(things[key], hit.title if is_same else (), _if_said(hit.snippet, text))
            )
    whole = answer.next_cursor is None and query.cursor is None
    total = len(found) if whole else rough(answer.total)
    return FoundPage(tuple(found), total, answer.full, answer.next_cursor)


def _plainly(
    session: Session, actor: Actor, kind: Kind[Thing], words: str, limit: int
) -> FoundPage[Thing]:
    wanted = words.casefold().split()
    fitting = [
        thing for thing in kind.plainly(session, actor)
        if all(word in " ".join(kind.words(thing)).casefold() for word in wanted)
    ][:limit]  # fmt: skip
    found = tuple(Found(thing) for thing in fitting)
    return FoundPage(found, len(found), len(found))


def _if_said(pieces: tuple[Segment, ...], text: str) -> tuple[Segment, ...]:
    """The pieces if the text as it is now still says them."""
    words = "".join(piece.text for piece in pieces).strip("… ")
    return pieces if words and words in " ".join(text.split()) else ()
