"""Finding listings through the index, and looking at each once more in the database.

The index may lag behind by a moment. What it finds is shown only where the database says that the
reader may see it now; counts beyond one page are rounded, so that they tell of nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import structlog
from sqlalchemy.orm import Session

from exchange.discovery.plain_queries import plainly_found
from exchange.discovery.queries import projects_seen_by, seen_by
from exchange.discovery.rules import SOON_DAYS, Asked, rough
from exchange.kernel.act import House
from exchange.kernel.actor import Actor
from exchange.listings.cards import shown_text, shown_title
from exchange.listings.indexing import INDEXED_STATES, KIND
from exchange.listings.kinds import OPEN_STATES, Urgency
from exchange.listings.models import Listing
from exchange.listings.permissions import audience_tokens
from exchange.projects.indexing import KIND as PROJECT
from exchange.projects.models import Project
from exchange.search.analysis import is_small_word
from exchange.search.meaning import meaning_of
from exchange.search.port import (
    Answer,
    Facet,
    Filters,
    Hit,
    IndexUnavailable,
    InvalidCursor,
    Point,
    Query,
    SearchIndex,
    Segment,
    Sort,
)
from exchange.search.reading.asking import side_meant, without_asking
from exchange.search.synonyms.groups import Synonyms
from exchange.search.synonyms.wiring import synonyms_of
from exchange.search.tables import public_id_of
from exchange.search.wiring import search_index, shared_analyzer

log = structlog.get_logger(__name__)
PAGE = 20
URGENT_ONES = (Urgency.HIGH.value, Urgency.CRITICAL.value)
EVERY_KIND = (KIND, PROJECT)
TRIES = 3  # pages looked at until one holds something to show
# What the state may be: open today, any, or one of those in the index.
STATES = ("open", "all", *(state.value for state in INDEXED_STATES))


@dataclass(frozen=True)
class FoundListing:
    """A listing and the marked pieces it is shown with; no pieces where they may be out of date."""

    listing: Listing
    title: tuple[Segment, ...]
    snippet: tuple[Segment, ...]
    score: float = 0.0


@dataclass(frozen=True)
class FoundProject:
    """A project likewise. ``after``: how many of the page's listings stand before it."""

    project: Project
    title: tuple[Segment, ...]
    snippet: tuple[Segment, ...]
    after: int


@dataclass(frozen=True)
class Found:
    """One page. ``total`` is exact when ``is_exact``, else there are more than that."""

    listings: tuple[FoundListing, ...]
    total: int
    is_exact: bool
    next_cursor: str | None
    relaxed: bool
    cursor_refused: bool = False
    full: int = 0
    is_plain: bool = False
    facets: Mapping[Facet, Mapping[str, int]] = field(default_factory=dict)
    projects: tuple[FoundProject, ...] = ()

    @property
    def shown(self) -> int:
        """How many the page shows, listings and projects."""
        return len(self.listings) + len(self.projects)


@dataclass(frozen=True)
class How:
    """How to answer: where distances are measured from, the day, which page, what to count.

    ``where`` are words of a place, whose own listings come before those that only reach it.
    ``kinds``: listings alone, or projects beside them.
    """

    origin: Point | None
    today: date
    cursor: str | None = None
    limit: int = PAGE
    facets: tuple[Facet, ...] = ()
    where: str = ""
    kinds: tuple[str, ...] = (KIND,)


def find(session: Session, house: House, actor: Actor, asked: Asked, how: How) -> Found:
    """Answer the question for the actor; nothing in ``asked`` raises.

    A cursor that belongs to another question gives the first page and ``cursor_refused``. While
    the index cannot answer, the database does, plainly, and ``is_plain`` says so.
    """
    try:
        return _find_by_index(session, house, actor, asked, how)
    except IndexUnavailable as error:
        log.warning("searched without the index", reason=error.params.get("reason"))
        return _find_plainly(session, actor, asked, how)


def plain_rows(
    session: Session, actor: Actor, asked: Asked, today: date, limit: int
) -> list[Listing]:
    """What the database finds without the index."""
    if asked.side == PROJECT:
        return []
    words = [word for word in shared_analyzer().cut(asked.q) if not is_small_word(word)]
    return plainly_found(session, actor, asked, words, today, limit)


def _find_plainly(session: Session, actor: Actor, asked: Asked, how: How) -> Found:
    rows = plain_rows(session, actor, asked, how.today, how.limit)
    listings = tuple(FoundListing(row, (), ()) for row in rows)
    return Found(
        listings,
        len(rows),
        is_exact=len(rows) < how.limit,
        next_cursor=None,
        relaxed=False,
        full=len(rows),
        is_plain=True,
    )


def _find_by_index(session: Session, house: House, actor: Actor, asked: Asked, how: How) -> Found:
    index, cursor, today = search_index(house), how.cursor, how.today
    query = replace(
        _query(actor, asked, how, synonyms_of(house)),
        vector=meaning_of(house, without_asking(asked.q)),
    )
    answer, refused = _ask(index, query)
    first = answer
    found, projects = _look_again(session, actor, asked, today, answer.hits)
    shown = len(found) + len(projects)
    # Else counts might tell of what was hidden since.
    is_current = bool(shown) and shown == len(answer.hits)
    for _ in range(TRIES - 1):
        if found or projects or answer.next_cursor is None:
            break
        answer, _ = _ask(index, replace(query, cursor=answer.next_cursor))
        found, projects = _look_again(session, actor, asked, today, answer.hits)
    whole = answer.next_cursor is None and (cursor is None or refused)
    return Found(
        listings=found,
        total=len(found) + len(projects) if whole else rough(answer.total),
        is_exact=whole,
        next_cursor=answer.next_cursor,
        relaxed=answer.relaxed,
        cursor_refused=refused,
        full=first.full,
        facets=first.facets if is_current else {},
        projects=projects,
    )


def _ask(index: SearchIndex, query: Query) -> tuple[Answer, bool]:
    try:
        return index.search(query), False
    except InvalidCursor:
        return index.search(replace(query, cursor=None)), True


def _query(actor: Actor, asked: Asked, how: How, synonyms: Synonyms) -> Query:
    sort = Sort(asked.sort)
    return Query(
        text=asked.q,
        filters=replace(filters_of(asked, how.today), kinds=how.kinds),
        sort=Sort.NEWEST if sort is Sort.NEAREST and how.origin is None else sort,
        origin=how.origin,
        cursor=how.cursor,
        limit=how.limit,
        audience=audience_tokens(actor),
        prefer_side="" if asked.side else side_meant(asked.q),
        also=how.where,
        synonyms=synonyms,
        day=how.today,
        facets=how.facets,
    )


def filters_of(asked: Asked, today: date) -> Filters:
    """What a listing must be to answer the question, whatever its words."""
    return Filters(
        kinds=(KIND,),
        sides=(asked.side,) if asked.side else (),
        categories=(asked.category,) if asked.category else (),
        division=asked.division,
        terms=asked.terms,
        beneficiaries=asked.beneficiaries,
        urgencies=URGENT_ONES if asked.urgency else (),
        states=_states(asked.state),
        open_on=today if asked.state == "open" or asked.ending else None,
        ends_by=today + timedelta(days=SOON_DAYS) if asked.ending else None,
    )


def _states(asked: str) -> tuple[str, ...]:
    if asked == "open":
        return tuple(state.value for state in OPEN_STATES)
    return () if asked == "all" else (asked,)


def _look_again(
    session: Session, actor: Actor, asked: Asked, today: date, hits: Sequence[Hit]
) -> tuple[tuple[FoundListing, ...], tuple[FoundProject, ...]]:
    ids = [public_id_of(hit.key) for hit in hits]
    are_projects = [hit.key.startswith(f"{PROJECT}:") for hit in hits]
    of_listings = [one for one, other in zip(ids, are_projects, strict=True) if not other]
    of_projects = [one for one, other in zip(ids, are_projects, strict=True) if other]
    rows = seen_by(session, actor, of_listings, asked.state, today) if of_listings else {}
    seen = projects_seen_by(session, actor, of_projects, asked.state) if of_projects else {}
    found: list[FoundListing] = []
    projects: list[FoundProject] = []
    for public_id, other, hit in zip(ids, are_projects, hits, strict=True):
        if other and public_id in seen:
            projects.append(_project(seen[public_id], hit, len(found)))
        elif not other and public_id in rows:
            found.append(_listing(actor, rows[public_id], hit))
    return tuple(found), tuple(projects)


def _listing(actor: Actor, row: Listing, hit: Hit) -> FoundListing:
    return FoundListing(
        listing=row,
        title=_if_said(hit.title, shown_title(actor, row)),
        snippet=_if_said(hit.snippet, shown_text(actor, row)),
        score=hit.score,
    )


def _project(row: Project, hit: Hit, after: int) -> FoundProject:
    return FoundProject(
        project=row,
        title=_if_said(hit.title, row.title),
        snippet=_if_said(hit.snippet, f"{row.aim}\n{row.plan}"),
        after=after,
    )


def _if_said(pieces: tuple[Segment, ...], text: str) -> tuple[Segment, ...]:
    """The pieces if the text as it is now still says them."""
    words = "".join(piece.text for piece in pieces).strip("… ")
    return pieces if words and words in " ".join(text.split()) else ()
