"""Which of the other side's listings are looked at closely: by meaning, words and structure.

Where few pass the gates all of them are scored. Where many do, the union of the nearest in
meaning, those that share the most telling words, and those of the same kind is scored.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import structlog

from exchange.kernel.act import House
from exchange.matching.categories import fit_of
from exchange.matching.features import nearness
from exchange.matching.readings import VectorPair, whole_text
from exchange.matching.rules import NEED, may_match
from exchange.matching.values import ListingFacts
from exchange.search.port import Filters, IndexUnavailable
from exchange.search.wiring import search_index

log = structlog.get_logger(__name__)
ALL_BELOW = 600  # so many are scored without a choice
EACH_WAY = 150


def as_pair(one: ListingFacts, other: ListingFacts) -> tuple[ListingFacts, ListingFacts]:
    """The two as (need, offer)."""
    return (one, other) if one.side == NEED else (other, one)


def candidates(
    house: House,
    listing: ListingFacts,
    others: Mapping[int, ListingFacts],
    vectors: Mapping[int, VectorPair],
    today: date,
) -> list[int]:
    """Ids of the listings to score for this one, ascending; all of them pass the gates."""
    passing = [
        other.id
        for other in others.values()
        if other.id in vectors and may_match(*as_pair(listing, other), today)
    ]
    if len(passing) <= ALL_BELOW:
        return sorted(passing)
    own = vectors[listing.id]
    chosen = set(nearest(own, passing, vectors))
    chosen.update(same_kind(listing, passing, others))
    by_public_id = {others[key].public_id: key for key in passing}
    chosen.update(sharing_words(house, listing, by_public_id, today))
    return sorted(chosen)


def nearest(own: VectorPair, ids: Sequence[int], vectors: Mapping[int, VectorPair]) -> list[int]:
    """The nearest in meaning, by title and by text."""
    found: set[int] = set()
    for mine, theirs in (
        (own.title, [vectors[key].title for key in ids]),
        (own.text, [vectors[key].text for key in ids]),
    ):
        order = np.argsort(-(np.stack(theirs) @ mine), kind="stable")[:EACH_WAY]
        found.update(ids[int(at)] for at in order)
    return sorted(found)


def same_kind(
    listing: ListingFacts, ids: Iterable[int], others: Mapping[int, ListingFacts]
) -> list[int]:
    """Those whose category answers best, the nearer first."""

    def rank(key: int) -> tuple[float, float, int]:
        need, offer = as_pair(listing, others[key])
        fit, _ = fit_of(need.category, offer.category)
        return -fit, -(nearness(need, offer).value or 0.0), key

    return [key for key in sorted(ids, key=rank) if rank(key)[0] < 0][:EACH_WAY]


def sharing_words(
    house: House, listing: ListingFacts, by_public_id: Mapping[str, int], today: date
) -> list[int]:
    """Those that the search index finds for the listing's words; none while it cannot answer."""
    wanted = "offer" if listing.side == NEED else NEED
    filters = Filters(kinds=("listing",), sides=(wanted,), open_on=today)
    try:
        found = search_index(house).candidates(whole_text(listing), filters, EACH_WAY)
    except IndexUnavailable as error:
        log.warning("matching without the index", reason=error.params.get("reason"))
        return []
    keys = [candidate.key.partition(":")[2] for candidate in found]
    return [by_public_id[key] for key in keys if key in by_public_id]
