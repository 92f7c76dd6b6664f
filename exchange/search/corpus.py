"""What an embedded engine keeps of a document, and the view of it that ``finding`` works on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from exchange.search.analysis import Analyzer
from exchange.search.encoder import Vectors
from exchange.search.port import Document, Filters, InvalidDocument, division_query, division_tokens

KEY_BYTES = 48
SCORED_FIELDS = ("title", "names", "places", "categories", "text")
CHARACTERS = "characters"
FILTER = "filter"
OPEN_END = 0
NOWHERE = np.float32(np.nan)

FACTS = np.dtype(
    [
        ("key", f"S{KEY_BYTES}"),
        ("version", "<i8"),
        ("published", "<i8"),  # microseconds since 1970 in UTC, 0 when never
        ("ends", "<i4"),  # ordinal of the last day, OPEN_END when open
        ("latitude", "<f4"),
        ("longitude", "<f4"),
        *((name, "<u4") for name in SCORED_FIELDS),  # lengths in terms
    ]
)

Postings = tuple[NDArray[np.int32], NDArray[np.float32]]
NO_POSTINGS: Postings = (np.empty(0, np.int32), np.empty(0, np.float32))


@dataclass(frozen=True, slots=True)
class Shown:
    """The stored words a hit is shown with."""

    title: str
    text: str


class Corpus(Protocol):
    """An unchanging view of an index. Numbers of documents are valid within it only."""

    @property
    def facts(self) -> NDArray[np.void]:
        """One row of FACTS for each number, deleted documents among them."""
        ...

    @property
    def live(self) -> NDArray[np.bool_]:
        """False where the document was deleted."""
        ...

    def postings(self, field: str, term: str) -> Postings:
        """Ascending numbers of documents with the term, and how often each has it."""
        ...

    def shown(self, number: int) -> Shown:
        """The stored words of one document."""
        ...

    def numbers_of(self, keys: Collection[str]) -> NDArray[np.intp]:
        """Numbers of the living documents with these keys."""
        ...

    def filter_tokens(self, begin: str) -> Iterable[str]:
        """The filter tokens that begin like this, in no order."""
        ...

    def nearness(self, vector: Vectors, numbers: NDArray[np.intp]) -> NDArray[np.float64]:
        """The cosine of these documents' meanings with the vector, NaN where one has none."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A document taken apart: rows of facts, terms of each field, and filter tokens."""

    key: str
    facts: bytes
    fields: dict[str, list[str]]
    characters: frozenset[str]
    filters: frozenset[str]
    shown: Shown
    vector: bytes = b""  # little-endian float32; empty where there is none


def take_apart(document: Document, analyzer: Analyzer) -> Entry:
    """Analyse one document. Raises InvalidDocument for an unusable key."""
    key = document.key.encode()
    if not key or len(key) > KEY_BYTES or b"\0" in key or len(key.split()) != 1:
        raise InvalidDocument(key=document.key)
    texts = field_texts(document)
    fields = {name: analyzer.index_terms(text) for name, text in texts.items()}
    return Entry(
        document.key,
        _facts(document, key, fields),
        fields,
        frozenset(analyzer.characters("\n".join(texts.values()))),
        filter_tokens(document),
        Shown(document.title, document.text),
        b"" if document.vector is None else np.asarray(document.vector, "<f4").tobytes(),
    )


def field_texts(document: Document) -> dict[str, str]:
    """The words of each of SCORED_FIELDS."""
    return {
        "title": document.title,
        "names": _join(document.names),
        "places": _join(document.place_words),
        "categories": _join(document.category_words),
        "text": document.text,
    }


def _join(words: tuple[str, ...]) -> str:
    return "\n".join(words)


def _facts(document: Document, key: bytes, fields: dict[str, list[str]]) -> bytes:
    point = document.point
    row = (
        key,
        document.version,
        microseconds(document.published_at),
        document.to_date.toordinal() if document.to_date else OPEN_END,
        point.latitude if point else NOWHERE,
        point.longitude if point else NOWHERE,
        *(len(fields[name]) for name in SCORED_FIELDS),
    )
    return np.array([row], dtype=FACTS).tobytes()


def microseconds(moment: datetime | None) -> int:
    """Microseconds since 1970; 0 for None. Raises InvalidDocument for a naive moment."""
    if moment is None:
        return 0
    if moment.tzinfo is None:
        raise InvalidDocument(reason="naive_time")
    span = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def filter_tokens(document: Document) -> frozenset[str]:
    """Everything a filter or an audience may ask for, each as "name:value"."""
    many = {
        "audience": document.audience,
        "kind": (document.kind,),
        "side": (document.side,),
        "category": document.categories,
        "terms": (document.terms,),
        "state": (document.state,),
        "beneficiary": document.beneficiaries,
        "urgency": (document.urgency,),
        "organisation": (document.organisation,),
        "external": document.external_ids,
    }
    tokens = {f"{name}:{value}" for name, values in many.items() for value in values if value}
    return division_tokens(document) | tokens


def filter_questions(filters: Filters) -> list[frozenset[str]]:
    """Sets of filter tokens: a document must have one of each set."""
    asked = {
        "kind": filters.kinds,
        "side": filters.sides,
        "category": filters.categories,
        "terms": filters.terms,
        "state": filters.states,
        "beneficiary": filters.beneficiaries,
        "urgency": filters.urgencies,
        "organisation": filters.organisations,
        "external": filters.external_ids,
    }
    questions = [
        frozenset(f"{name}:{value}" for value in values) for name, values in asked.items() if values
    ]
    division = division_query(filters.division)
    return [*questions, division] if division else questions


def has_any(corpus: Corpus, tokens: frozenset[str]) -> NDArray[np.bool_]:
    """Which documents carry at least one of the filter tokens."""
    mask = np.zeros(len(corpus.live), np.bool_)
    for token in sorted(tokens):
        mask[corpus.postings(FILTER, token)[0]] = True
    return mask


def visible_mask(corpus: Corpus, audience: frozenset[str] | None) -> NDArray[np.bool_]:
    """Which documents exist for this audience; for None all that are not deleted."""
    if audience is None:
        return corpus.live.copy()
    return corpus.live & has_any(corpus, frozenset(f"audience:{token}" for token in audience))


def allowed_mask(corpus: Corpus, visible: NDArray[np.bool_], filters: Filters) -> NDArray[np.bool_]:
    """Which of the visible documents pass the filters."""
    mask = visible
    for tokens in filter_questions(filters):
        mask = mask & has_any(corpus, tokens)
    if filters.open_on:
        mask = mask & _open_on(corpus, filters.open_on)
    if filters.ends_by:
        ends = corpus.facts["ends"]
        mask = mask & (ends != OPEN_END) & (ends <= filters.ends_by.toordinal())
    return mask


def find_keys(
    column: NDArray[np.bytes_],
    order: NDArray[np.intp],
    live: NDArray[np.bool_],
    keys: Collection[str],
) -> NDArray[np.intp]:
    """Where the living rows with these keys are. ``order`` sorts the column."""
    wanted = np.array([key.encode() for key in keys], dtype=column.dtype)
    first = np.searchsorted(column, wanted, "left", order)
    last = np.searchsorted(column, wanted, "right", order)
    spans = [order[a:b] for a, b in zip(first, last, strict=True) if b > a]
    numbers = np.concatenate(spans) if spans else np.empty(0, np.intp)
    return np.sort(numbers[live[numbers]])


def cosines(rows: NDArray[np.float32], vector: Vectors) -> NDArray[np.float64]:
    """The products of rows of unit length with a vector; NaN for rows of zeros."""
    found = (rows @ vector).astype(np.float64)
    found[~rows[:, :8].any(axis=1)] = np.nan
    return found


def _open_on(corpus: Corpus, day: date) -> NDArray[np.bool_]:
    ends = corpus.facts["ends"]
    still_open: NDArray[np.bool_] = (ends == OPEN_END) | (ends >= day.toordinal())
    return still_open
