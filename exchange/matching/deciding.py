"""The features of a pair at the moment somebody decides about it.

No text is encoded here, because the caller holds locks: where a listing's vectors are not there
yet, what they would say is unknown.
"""

import numpy as np

from exchange.kernel.act import Act
from exchange.matching.facts import centroids_of, load_facts, with_ids
from exchange.matching.features import features
from exchange.matching.readings import VectorPair, known_vectors, portrait, read
from exchange.matching.values import ListingFacts, Portrait
from exchange.search.meaning import encoder_of
from exchange.search.wiring import shared_analyzer

OF_VECTORS = frozenset({"title_meaning", "text_meaning"})
DECIMALS = 6


def pair_values(act: Act, need_id: int, offer_id: int) -> dict[str, float]:
    """Name → value of every feature that is known, of the listings as they are in this act."""
    act.session.flush()
    facts = load_facts(
        act.session, centroids_of(act.house, act.session), with_ids({need_id, offer_id})
    )
    vectors = known_vectors(act.house, act.session, facts)
    need, offer = (_portrait(act, facts[key], vectors.get(key)) for key in (need_id, offer_id))
    unknown = frozenset() if len(vectors) == len(facts) else OF_VECTORS
    return {
        item.name: round(float(item.value), DECIMALS)
        for item in features(need, offer, act.today)
        if item.value is not None and item.name not in unknown
    }


def _portrait(act: Act, facts: ListingFacts, vectors: VectorPair | None) -> Portrait:
    """Without vectors it is not remembered: the next reader will have them."""
    if vectors is not None:
        return portrait(act.house, facts, vectors)
    silent = np.zeros(encoder_of(act.house).dimensions, np.float32)
    return Portrait(facts, read(shared_analyzer(), facts, VectorPair(silent, silent)))
