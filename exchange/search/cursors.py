"""Cursors: the place of the last hit shown, and the counts its score was made with.

With the same counts a document that did not change gets the same score on every page, so paging
neither repeats nor skips it. Only counts over what the asker may see are inside.
"""

import base64
import binascii
import json
import math
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from exchange.search.port import InvalidCursor, Query
from exchange.search.ranking import Statistics

MAX_CURSOR = 8_000
MOST_DOCUMENTS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next page begins: behind (full match, value, key), values descending."""

    relaxed: bool
    full: bool
    value: float
    key: str
    statistics: Statistics


def write_cursor(query: Query, place: Place) -> str:
    """An opaque string that is safe in a URL."""
    numbers = place.statistics
    content = [
        _fingerprint(query),
        int(place.relaxed),
        int(place.full),
        place.value,
        place.key,
        numbers.documents,
        numbers.lengths,
        numbers.frequencies,
    ]
    packed = json.dumps(content, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(query: Query, terms: int) -> Place | None:
    """The place a query goes on from. Raises InvalidCursor for anything but its own cursor."""
    if query.cursor is None:
        return None
    try:
        place = _parse(query, query.cursor)
    except (ValueError, TypeError, binascii.Error, OverflowError, RecursionError) as error:
        raise InvalidCursor from error
    numbers = place.statistics
    sound = (
        len(numbers.frequencies) == terms
        and math.isfinite(place.value)
        and 0 <= numbers.documents <= MOST_DOCUMENTS
        and all(length >= 0 and math.isfinite(length) for length in numbers.lengths)
        and all(0 <= count <= numbers.documents for count in numbers.frequencies)
    )
    if not sound:
        raise InvalidCursor
    return place


def _parse(query: Query, cursor: str) -> Place:
    if len(cursor) > MAX_CURSOR or not cursor.isascii():
        raise InvalidCursor
    packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    content: Any = json.loads(packed)
    mark, relaxed, full, value, key, documents, lengths, frequencies = content
    if mark != _fingerprint(query) or not isinstance(key, str) or len(lengths) != 5:
        raise InvalidCursor
    statistics = Statistics(
        int(documents), tuple(float(v) for v in lengths), tuple(int(v) for v in frequencies)
    )
    return Place(bool(relaxed), bool(full), float(value), key, statistics)


def _fingerprint(query: Query) -> str:
    asked = repr((query.text, query.filters, query.sort.value, query.origin))
    return blake2b(asked.encode(errors="replace"), digest_size=6).hexdigest()
