"""The port of search: what a room hands in, what it asks, and what every engine promises.

Visibility is part of the question: a document carries audience tokens, an actor carries tokens,
and a document exists for the actor only where the two sets meet. Totals, facets and cursors are
made from documents the actor may see, and term statistics from those that everybody may see, so
none of them tells of the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, Self, runtime_checkable

from exchange.kernel.errors import ExchangeError, Invalid
from exchange.search.encoder import Vectors
from exchange.search.synonyms.groups import NO_SYNONYMS, Synonyms

PUBLIC = "all"  # the audience token that everybody carries


class IndexUnavailable(ExchangeError):
    """The index is missing or damaged; it must be built anew. ``reason`` is among the params."""

    status = 503
    code = "search_index_unavailable"


class IndexBusy(ExchangeError):
    """Another writer held the index for longer than the time allowed; try again later."""

    status = 503
    code = "search_index_busy"


class InvalidCursor(Invalid):
    """The cursor was not made by this index for this query."""

    code = "invalid_cursor"


class InvalidDocument(Invalid):
    """The document cannot be stored, for example because its key is too long."""

    code = "invalid_search_document"


class Sort(StrEnum):
    """The order of hits; ties are broken by key."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    NEAREST = "nearest"


class Facet(StrEnum):
    """What answers can be counted by. CATEGORY counts own codes and their ancestors. DIVISION
    counts the parts of the filter's division (provinces without one) in which a found document
    lies or whose parts it serves, each by what a filter on the part would find.
    """

    KIND = "kind"
    SIDE = "side"
    CATEGORY = "category"
    DIVISION = "division"
    TERMS = "terms"
    BENEFICIARY = "beneficiary"
    URGENCY = "urgency"


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Document:
    """What can be found. A later document with the same key replaces the earlier one.

    ``key`` is "kind:public id" (at most 48 bytes of UTF-8). ``categories`` and ``divisions`` hold
    the own code and all its ancestors. ``reach`` holds the prefixes an offer serves, or "CN".
    ``version`` only grows for one key; see ``SearchIndex.high_water``. Dates are inclusive.
    ``vector`` is the meaning of title and text, of unit length and of the index's dimensions.
    """

    key: str
    kind: str
    title: str
    text: str
    audience: frozenset[str]
    side: str = ""
    names: tuple[str, ...] = ()
    organisation: str = ""
    categories: tuple[str, ...] = ()
    category_words: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()
    place_words: tuple[str, ...] = ()
    reach: tuple[str, ...] = ()
    terms: str = ""
    state: str = ""
    beneficiaries: tuple[str, ...] = ()
    urgency: str = ""
    from_date: date | None = None
    to_date: date | None = None
    published_at: datetime | None = None
    point: Point | None = None
    external_ids: tuple[str, ...] = ()
    version: int = 0
    vector: Vectors | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Filters:
    """Hard conditions. Within one field any value suffices; between fields all must hold.

    ``categories``, like all codes, match a document's own code and its ancestors, so a top code
    finds everything below it. ``division``: see ``matches_division``. ``open_on`` keeps what has
    not ended before that day (what starts later still counts as open); ``ends_by`` what has a last
    day and that not after the day.
    """

    kinds: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    division: str = ""
    terms: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    beneficiaries: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    external_ids: tuple[str, ...] = ()
    open_on: date | None = None
    ends_by: date | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One question. ``audience`` holds the actor's tokens; None is for jobs that act for nobody.

    An empty text asks for everything the filters let through; by relevance it then comes newest
    first. ``origin`` is needed for NEAREST; documents without a place come last. ``vector`` is the
    meaning of the text; without it words alone decide. ``prefer_side`` is a hint for the order by
    relevance, and so are ``also``, words that raise a document without being asked for, and
    ``day``: what has ended before comes later. ``facets`` are counted for the first page only.
    """

    text: str = ""
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    origin: Point | None = None
    cursor: str | None = None
    limit: int = 20
    audience: frozenset[str] | None = frozenset()
    vector: Vectors | None = field(default=None, compare=False, repr=False)
    prefer_side: str = ""
    also: str = ""
    synonyms: Synonyms = field(default=NO_SYNONYMS, compare=False, repr=False)
    day: date | None = None
    facets: tuple[Facet, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of shown text; escaping is the template's job."""

    text: str
    is_match: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One found document. ``score`` compares hits of one answer only; it is not a probability."""

    key: str
    score: float
    title: tuple[Segment, ...] = ()
    snippet: tuple[Segment, ...] = ()
    distance_km: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One page of hits. ``full`` counts the documents that have all of the words; ``relaxed`` says
    that there are others among the hits: with some of the words, or with the same meaning.
    """

    hits: tuple[Hit, ...]
    total: int
    next_cursor: str | None = None
    relaxed: bool = False
    full: int = 0
    facets: Mapping[Facet, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that shares words with a long text."""

    key: str
    score: float


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the index for ``doctor``; ``problems`` are codes, empty when all is well."""

    documents: int
    generation: str
    segments: int
    high_water: int
    problems: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether searches can be answered from it."""
        return not self.problems


class Generation(Protocol):
    """A fresh index that is being filled while the present one goes on answering."""

    def index(self, documents: Iterable[Document]) -> int:
        """Add documents; returns how many. All of them are durable when ``switch`` returns."""
        ...

    def switch(self) -> None:
        """Make this the index that answers, at one moment; the former one is removed.

        What was written to the former one since ``start_generation`` is not in this one: whoever
        rebuilds indexes those documents once more after the switch.
        """
        ...

    def abandon(self) -> None:
        """Throw the unfinished generation away."""
        ...


class SearchIndex(Protocol):
    """An engine. Any thread may ask; one process at a time writes.

    Every method raises IndexUnavailable when the index is missing or damaged, except ``check``,
    which reports it, and ``start_generation``, which repairs it.
    """

    def index(self, documents: Iterable[Document]) -> int:
        """Add or replace documents in one commit; durable and findable when the call returns.

        Returns how many were written; of two with one key the later wins. Raises IndexBusy, and
        then nothing was written.
        """
        ...

    def delete(self, keys: Iterable[str]) -> None:
        """Remove documents; unknown keys are ignored. Raises IndexBusy."""
        ...

    def search(self, query: Query) -> Answer:
        """Answer a question; no text, however odd, raises.

        Documents with all of the words come first. When these are few, documents with a good share
        of the words or near in meaning are added after them and ``relaxed`` is True. Quoted
        phrases are always required and words after a minus sign always excluded.

        A cursor keeps its place: a document that does not change while somebody pages through is
        shown exactly once, whatever is added, changed or removed around it. The first hundred of
        an order by relevance are chosen once; full matches behind them come newest first.
        Raises InvalidCursor for a cursor of another query.
        """
        ...

    def suggest(
        self, text: str, filters: Filters, limit: int, audience: frozenset[str] | None
    ) -> list[str]:
        """Titles of documents that have all of the words in the title, best first, each once."""
        ...

    def candidates(
        self, text: str, filters: Filters, limit: int, audience: frozenset[str] | None = None
    ) -> list[Candidate]:
        """Documents that share any telling word with a long text, best first, ties by key."""
        ...

    def more_like(
        self, key: str, filters: Filters, limit: int, audience: frozenset[str] | None
    ) -> list[Candidate]:
        """Documents like the stored one, without itself; empty when the key is unknown."""
        ...

    def start_generation(self) -> Generation:
        """Begin a rebuild beside the present index; works also when that is missing or damaged."""
        ...

    def count(self) -> int:
        """How many documents are stored, whoever may see them."""
        ...

    def high_water(self) -> int:
        """The greatest version stored, 0 when empty; less than the database's tells of a loss."""
        ...

    def check(self, *, whole: bool = True) -> Health:
        """Look at the whole index, opened anew; never raises because of its state.

        Not ``whole``: so little that it can be done every minute. It sees what is missing or cut
        short, and what readers have met.
        """
        ...

    def close(self) -> None:
        """Let go of files; the index may be opened again."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


@runtime_checkable
class CountsTerms(Protocol):
    """An engine whose counts of documents for each term lag behind what is written."""

    def refresh_statistics(self, *, always: bool = False) -> bool:
        """Count anew if many documents changed or a day has passed; whether that was done."""
        ...


@runtime_checkable
class TidiesUp(Protocol):
    """An engine whose writes leave parts behind that are better joined when nobody waits."""

    def tidy_up(self, most: int) -> bool:
        """Join parts, rewriting at most about so many documents; whether there was anything to do.

        Raises IndexBusy, IndexUnavailable.
        """
        ...


@runtime_checkable
class FindsMeanings(Protocol):
    """An engine that may have to do without an index of meanings."""

    def has_meaning_index(self) -> bool:
        """Whether the nearest by meaning are found among any number of documents."""
        ...


DIVISION_LENGTHS = (2, 4, 6, 9, 12)
WHOLE_COUNTRY = "CN"


def division_chain(code: str) -> tuple[str, ...]:
    """The code's province, city, county, township and village prefixes, itself last."""
    return tuple(code[:n] for n in DIVISION_LENGTHS if n < len(code)) + ((code,) if code else ())


def matches_division(document: Document, division: str) -> bool:
    """Whether the document belongs under a division filter.

    With a reach: one of its prefixes contains the division or lies in it. Without: the document's
    own division lies in it. This is the definition; engines compute it from tokens.
    """
    if not division or division == WHOLE_COUNTRY:
        return True
    if document.reach:
        return any(
            prefix == WHOLE_COUNTRY or prefix.startswith(division) or division.startswith(prefix)
            for prefix in document.reach
        )
    return any(code.startswith(division) for code in document.divisions)


def division_tokens(document: Document) -> frozenset[str]:
    """What an engine stores so that ``division_query`` finds it: "in" chains and "serves" codes."""
    places: Sequence[str] = document.reach or document.divisions
    inside = {f"in:{part}" for code in places for part in division_chain(code)}
    serves = {f"serves:{code}" for code in document.reach}
    return frozenset(inside | serves)


def division_query(division: str) -> frozenset[str]:
    """Any of these tokens lets a document through; empty when there is nothing to filter."""
    if not division or division == WHOLE_COUNTRY:
        return frozenset()
    serving = {f"serves:{part}" for part in (*division_chain(division), WHOLE_COUNTRY)}
    return frozenset(serving | {f"in:{division}"})
