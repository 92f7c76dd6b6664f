"""Which of the other side's listings are looked at closely.

All pass the gates. Few are all taken; of many the union of those that an estimate of the score
puts first, the nearest in meaning, those that share the most telling words, those that fit best by
category and terms, and those that the search index finds for the listing's words.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import structlog

from exchange.kernel.act import House
from exchange.listings.indexing import sides_of
from exchange.listings.kinds import Side
from exchange.matching.columns import Columns, Rows
from exchange.matching.estimating import Estimate, Estimator, Numbers, cosines
from exchange.matching.gating import passing
from exchange.matching.readings import whole_text
from exchange.matching.rules import NEED
from exchange.matching.values import ListingFacts
from exchange.search.port import Filters, IndexUnavailable
from exchange.search.wiring import search_index

log = structlog.get_logger(__name__)
ALL_BELOW = 96  # so many are scored without a choice
TIE = np.float32(0.001)


def as_pair(one: ListingFacts, other: ListingFacts) -> tuple[ListingFacts, ListingFacts]:
    """The two as (need, offer)."""
    return (one, other) if one.side == NEED else (other, one)


@dataclass(frozen=True)
class Depth:
    """How many come from each way of looking.

    ``for_both``: a pair is written also if it is among the best of the other side alone.
    """

    estimated: int
    meaning: int
    words: int
    structure: int
    index: int
    for_both: bool = True


FRESH = Depth(estimated=64, meaning=8, words=8, structure=4, index=8)
# A refresh of everything has no time to ask the index, and comes to the other side, too; what
# stands there already is scored in any case, once.
REFRESH = Depth(estimated=44, meaning=4, words=4, structure=1, index=0, for_both=False)


@dataclass(frozen=True)
class Chosen:
    """The listings to score for one listing, by id, and how many had passed the gates."""

    ids: tuple[int, ...]
    passing: int


def choose(
    columns: Columns,
    estimator: Estimator,
    listing_ids: Sequence[int],
    today: date,
    bad_owners: Collection[int],
    depth: Depth,
    by_words: Mapping[int, Sequence[str]],
) -> dict[int, Chosen]:
    """For each of these listings, all in the columns, whom to look at.

    ``by_words`` are public ids that the index found. Listings of one side and place are quickest
    together: they are compared with the same block of others.
    """
    own = np.array([columns.row(key) for key in listing_ids], np.intp)
    open_to = [passing(columns, int(row), today, bad_owners) for row in own]
    many = [at for at, rows in enumerate(open_to) if len(rows) > ALL_BELOW]
    block, place = _together([open_to[at] for at in many], columns.size)
    near = cosines(columns, block, own[many])
    kept = dict(enumerate(open_to))
    for number, at in enumerate(many):
        rows, key = open_to[at], listing_ids[at]
        own_near: Numbers = near[:, number, place[rows]]
        estimate = estimator.estimate(int(own[at]), rows, own_near, today)
        found = np.intersect1d(columns.rows_of(by_words.get(key, ())), rows)
        kept[at] = np.union1d(rows[_best(estimate, depth)], found[: depth.index])
    return {
        key: Chosen(tuple(sorted(map(int, columns.ids[kept[at]]))), len(open_to[at]))
        for at, key in enumerate(listing_ids)
    }


def _together(parts: Sequence[Rows], size: int) -> tuple[Rows, Rows]:
    """All rows of the parts, each once, ascending; and for each row its place among them."""
    is_in = np.zeros(size, np.bool_)
    for rows in parts:
        is_in[rows] = True
    return np.flatnonzero(is_in), np.cumsum(is_in) - 1


def _best(estimate: Estimate, depth: Depth) -> Rows:
    """Places of those that are among the best in any way; what counts nothing is left out."""
    words: Numbers = np.where(estimate.words > 0, estimate.words, np.float32(-np.inf))
    by_structure: Numbers = estimate.structure + estimate.logit * TIE
    ways: list[tuple[Numbers, int]] = [
        (estimate.logit, depth.estimated),
        (estimate.meaning, depth.meaning),
        (words, depth.words),
        (by_structure, depth.structure),
    ]
    return np.unique(np.concatenate([greatest(values, count) for values, count in ways]))


def greatest(values: Numbers, count: int) -> Rows:
    """Places of the ``count`` greatest, in no order; minus infinity is never among them."""
    if 0 < count < len(values):
        at = np.argpartition(values, len(values) - count)[len(values) - count :]
    else:
        at = np.arange(len(values) if count else 0)
    return at[np.isfinite(values[at])]


def sharing_words(
    house: House, listing: ListingFacts, today: date, most: int
) -> tuple[str, ...]:
    """Public ids that the search index finds for the words; none while it cannot answer."""
    wanted = Side(listing.side).other
    filters = Filters(kinds=("listing",), sides=sides_of(wanted), open_on=today)
    try:
        found = search_index(house).candidates(whole_text(listing), filters, most)
    except IndexUnavailable as error:
        log.warning("matching without the index", reason=error.params.get("reason"))
        return ()
    return tuple(candidate.key.partition(":")[2] for candidate in found)
