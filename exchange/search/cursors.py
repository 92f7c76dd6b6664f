"""Cursors: where the next page of an answer begins.

The first part of an answer by relevance is chosen once, so its cursor carries the keys that are
still to be shown. What follows in a plain order (full matches behind the chosen, newest, nearest)
goes on behind the last document shown. Nothing in a cursor is believed: keys are looked at again
under the asker's filters and rights.
"""

import base64
import binascii
import json
import math
import zlib
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from exchange.search.engine import After
from exchange.search.port import InvalidCursor, Query

MAX_CURSOR = 12_000
MAX_PACKED = 40_000
MOST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """``keys`` still to be shown, in order; then ``after``, leaving out ``shown``, if ``goes_on``.

    ``total`` and ``full`` are the counts of the first page, ``relaxed`` its note.
    """

    keys: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    goes_on: bool = False
    after: After | None = None
    total: int = 0
    full: int = 0
    relaxed: bool = False


def write_cursor(query: Query, place: Place) -> str:
    """An opaque string that is safe in a URL."""
    content = [
        _fingerprint(query),
        " ".join(place.keys),
        " ".join(place.shown),
        int(place.goes_on),
        None if place.after is None else [place.after.value, place.after.key],
        place.total,
        place.full,
        int(place.relaxed),
    ]
    packed = zlib.compress(json.dumps(content, separators=(",", ":")).encode(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(query: Query) -> Place | None:
    """The place a query goes on from. Raises InvalidCursor for anything but its own cursor."""
    if query.cursor is None:
        return None
    try:
        return _parse(query, query.cursor)
    except (
        ValueError,
        TypeError,
        LookupError,
        OverflowError,
        RecursionError,
        binascii.Error,
        zlib.error,
    ) as error:
        raise InvalidCursor from error


def _parse(query: Query, cursor: str) -> Place:
    if len(cursor) > MAX_CURSOR or not cursor.isascii():
        raise InvalidCursor
    packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    unpacker = zlib.decompressobj()
    content: Any = json.loads(unpacker.decompress(packed, MAX_PACKED))
    mark, keys, shown, goes_on, after, total, full, relaxed = content
    if mark != _fingerprint(query) or not isinstance(keys, str) or not isinstance(shown, str):
        raise InvalidCursor
    counts = (int(total), int(full))
    if not all(0 <= count <= MOST for count in counts):
        raise InvalidCursor
    f"{keys}{shown}{after}".encode()  # half a surrogate pair is in no key
    place = None if after is None else After(float(after[0]), str(after[1]))
    if place is not None and not math.isfinite(place.value):
        raise InvalidCursor
    return Place(
        tuple(keys.split()), tuple(shown.split()), bool(goes_on), place, *counts, bool(relaxed)
    )


def _fingerprint(query: Query) -> str:
    asked = repr((query.text, query.filters, query.sort.value, query.origin))
    return blake2b(asked.encode(errors="replace"), digest_size=6).hexdigest()
