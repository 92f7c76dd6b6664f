"""Full matches in a plain order: newest first, or nearest first.

Both go through groups of documents with one value; within a group the keys decide. Documents lie
at far fewer places than there are documents, so nearest first goes from place to place.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exchange.search.backends.tantivy_queries import MUST, MUST_NOT, Clause
from exchange.search.backends.tantivy_reading import View
from exchange.search.backends.tantivy_schema import (
    KEY,
    LATITUDE,
    LONGITUDE,
    PUBLISHED,
    SPOT,
    library,
    read_spots,
    spot_token,
)
from exchange.search.corpus import FACTS
from exchange.search.distances import NO_DISTANCE, place_value
from exchange.search.engine import After
from exchange.search.port import Point, Sort
from exchange.search.staged import Stored

FEW = 2_000  # matches that are put in order one by one
LEAST = 32  # asked for at once
GROUP = 64  # likewise of one value
SPOTS_AT_ONCE, MOST_SPOTS = 64, 1_024
LATEST = 2**62
NOWHERE: Clause = (MUST_NOT, library.Query.exists_query(LATITUDE))
Found = tuple[float, str, Any]  # value, key, address


def in_order(
    view: View,
    clauses: list[Clause],
    total: int,
    sort: Sort,
    origin: Point | None,
    after: After | None,
    limit: int,
    without: Collection[str],
) -> list[Stored]:
    """At most ``limit`` matches behind ``after``, leaving out the keys of ``without``."""
    if sort is Sort.NEAREST and origin is not None:
        found = _nearest(view, clauses, total, origin, after)
    else:
        found = _newest(view, clauses, after, limit + len(without))
    hidden = set(without)
    chosen: list[Found] = []
    for one in found:
        if len(chosen) >= limit:
            break
        if one[1] not in hidden and _is_behind(one, after):
            chosen.append(one)
    rows = view.stored([address for _, _, address in chosen])
    return [replace(row, place=one[0]) for row, one in zip(rows, chosen, strict=True)]


def _is_behind(one: Found, after: After | None) -> bool:
    return after is None or (-one[0], one[1]) > (-after.value, after.key)


def _group(view: View, clauses: list[Clause], value: float) -> Iterator[Found]:
    """All that match, in the order of their keys."""
    size, seen = GROUP, 0
    while True:
        found = view.by(KEY, clauses, size, falling=False)
        yield from ((value, key, address) for key, address in found[seen:])
        if len(found) < size:
            return
        seen, size = size, size * 4


def _newest(view: View, clauses: list[Clause], after: After | None, size: int) -> Iterator[Found]:
    latest = LATEST if after is None else int(max(-LATEST, min(after.value, LATEST)))
    size = max(size, LEAST)
    while True:
        found = view.by(PUBLISHED, _published(view, clauses, None, latest), size, falling=True)
        for moment, some in groupby(found, key=itemgetter(0)):
            if len(found) == size and moment == found[-1][0]:  # more may be of this moment
                exactly = _published(view, clauses, moment, moment)
                yield from _group(view, exactly, float(moment))
            else:
                yield from _by_key(view, float(moment), [address for _, address in some])
        if len(found) < size:
            return
        latest = found[-1][0] - 1


def _published(
    view: View, clauses: list[Clause], least: int | None, most: int | None
) -> list[Clause]:
    kind = library.FieldType.Integer
    return [*clauses, (MUST, view.queries.between(PUBLISHED, kind, least, most))]


def _by_key(view: View, value: float, addresses: list[Any]) -> list[Found]:
    rows = view.stored(addresses)
    found = [(value, row.key, address) for row, address in zip(rows, addresses, strict=True)]
    return sorted(found, key=itemgetter(1))


def _nearest(
    view: View, clauses: list[Clause], total: int, origin: Point, after: After | None
) -> Iterator[Found]:
    if total <= FEW:
        yield from _few_nearest(view, clauses, total, origin)
        return
    tokens, values = _spots(view, origin)
    if after is not None:
        at = int(np.searchsorted(-values, -after.value, side="left"))
        tokens, values = tokens[at:], values[at:]
    first, size = 0, SPOTS_AT_ONCE
    while first < len(tokens):
        end = _whole(values, first + size)
        yield from _around(view, clauses, tokens[first:end], values[first:end], origin)
        first, size = end, min(2 * size, MOST_SPOTS)
    yield from _group(view, [*clauses, NOWHERE], -NO_DISTANCE)


def _whole(values: NDArray[np.float64], end: int) -> int:
    """The first place from ``end`` on that is not as far away as the one before it."""
    if end >= len(values):
        return len(values)
    return int(np.searchsorted(-values, -values[end - 1], side="right"))


def _around(
    view: View,
    clauses: list[Clause],
    tokens: list[str],
    values: NDArray[np.float64],
    origin: Point,
) -> Iterator[Found]:
    """The matches at some places, which come with the nearest first."""
    here = [*clauses, (MUST, view.queries.any_of(SPOT, tokens))]
    count = view.count(here)
    if count <= FEW:
        yield from _few_nearest(view, here, count, origin) if count else ()
    elif values[0] == values[-1]:
        yield from _group(view, here, float(values[0]))
    else:
        middle = _whole(values, len(tokens) // 2)
        if middle == len(tokens):
            middle = int(np.searchsorted(-values, -values[-1], side="left"))
        yield from _around(view, clauses, tokens[:middle], values[:middle], origin)
        yield from _around(view, clauses, tokens[middle:], values[middle:], origin)


def _few_nearest(view: View, clauses: list[Clause], limit: int, origin: Point) -> Iterator[Found]:
    addresses = view.best(clauses, limit)
    facts = np.zeros(len(addresses), FACTS)
    for name, field in (("latitude", LATITUDE), ("longitude", LONGITUDE)):
        facts[name] = [np.nan if v is None else v for v in view.column(field, addresses)]
    values = place_value(facts, Sort.NEAREST, origin)
    order = np.argsort(-values, kind="stable")
    for value, some in groupby(order, key=lambda number: float(values[number])):
        numbers = list(some)
        if len(numbers) <= GROUP:
            yield from _by_key(view, value, [addresses[number] for number in numbers])
        elif value == -NO_DISTANCE:
            yield from _group(view, [*clauses, NOWHERE], value)
        else:
            here = {spot_token(*facts[["latitude", "longitude"]][number]) for number in numbers}
            yield from _group(view, [*clauses, (MUST, view.queries.any_of(SPOT, here))], value)


def _spots(view: View, origin: Point) -> tuple[list[str], NDArray[np.float64]]:
    """The places there are, nearest first, and what ``place_value`` says of them."""

    def read() -> tuple[list[str], Any]:
        tokens = [token for token, _ in view.searcher.terms_with_prefix(SPOT, "")]
        return tokens, read_spots(tokens)

    tokens, spots = view.counts.get("spots", view.mark, read, lambda _: 0)
    values = place_value(spots, Sort.NEAREST, origin)
    order = np.argsort(-values, kind="stable")
    return [tokens[number] for number in order], values[order]
