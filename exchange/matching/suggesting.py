"""From published listings to stored suggestions; the one pipeline that serves and is evaluated.

Vectors are committed before the other side is read: of two listings that are matched at the same
moment at least one sees the other. A listing without present vectors is left to its own job.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from exchange.jobs.registry import Run
from exchange.kernel.act import House
from exchange.kernel.clock import civil_date
from exchange.listings.kinds import Side
from exchange.matching.explanation import reasons
from exchange.matching.facts import centroids_of, is_open_on, load_facts, of_side, with_ids
from exchange.matching.features import features
from exchange.matching.models import MILLION
from exchange.matching.readings import (
    VectorPair,
    encode,
    known_vectors,
    portrait,
    store_vectors,
)
from exchange.matching.recall import candidates
from exchange.matching.scoring import score_of, shipped_weights
from exchange.matching.service import Scored, drop_suggestions, replace_suggestions
from exchange.matching.values import ListingFacts, Portrait
from exchange.search.meaning import encoder_of

FLOOR_MICRO = 500  # what scores below one in two thousand is not worth a row


@dataclass(frozen=True)
class Pool:
    """The open listings at one moment, and the vectors of those that have them."""

    facts: Mapping[int, ListingFacts]
    vectors: Mapping[int, VectorPair]


def engine_name(house: House) -> str:
    """Which weights and which encoder a score comes from."""
    return f"{shipped_weights().version}+{encoder_of(house).name}"


def match_listings(run: Run, listing_ids: Sequence[int]) -> int:
    """Compute and store the suggestions of these listings; returns how many rows changed.

    What is not open loses its suggestions. Running it again changes nothing.
    """
    wanted = set(listing_ids)
    today = civil_date(run.house.clock.now(), run.house.settings.time_zone)
    _store_missing_vectors(run, wanted, today)
    pool = _read_pool(run.house, run.read(), wanted, today)
    scored: dict[tuple[int, int], Scored] = {}
    for listing_id in sorted(wanted & set(pool.vectors)):
        for pair in suggest(run.house, pool, listing_id, today):
            scored[pair.ids] = pair
    changed = 0
    with run.act() as act:
        # Listings are locked before any pair, by everybody: nobody waits in a circle.
        present = wanted & set(pool.vectors)
        changed += replace_suggestions(act, present, list(scored.values()), engine_name(run.house))
        for listing_id in sorted(wanted - set(pool.facts)):
            changed += len(drop_suggestions(act, listing_id))
    return changed


def _store_missing_vectors(run: Run, ids: set[int], today: date) -> None:
    """Encode outside of any writing transaction, then store in a short one."""
    session = run.read()
    centroids = centroids_of(run.house, session)
    facts = load_facts(session, centroids, with_ids(ids) & is_open_on(today))
    known = known_vectors(run.house, session, facts)
    missing = [one for key, one in facts.items() if key not in known]
    session.rollback()
    if missing:
        made = encode(run.house, missing)
        with run.act() as act:
            store_vectors(act, facts, made)


def _read_pool(house: House, session: Session, ids: set[int], today: date) -> Pool:
    centroids = centroids_of(house, session)
    targets = load_facts(session, centroids, with_ids(ids) & is_open_on(today))
    facts = dict(targets)
    for side in {Side(one.side).other for one in targets.values()}:
        facts |= load_facts(session, centroids, of_side(side) & is_open_on(today))
    return Pool(facts, known_vectors(house, session, facts))


def suggest(house: House, pool: Pool, listing_id: int, today: date) -> list[Scored]:
    """Score a listing against the candidates of the other side, best first, ties by id."""
    own = pool.facts[listing_id]
    others = {key: one for key, one in pool.facts.items() if one.side != own.side}
    me = portrait(house, own, pool.vectors[listing_id])
    found = []
    for key in candidates(house, own, others, pool.vectors, today):
        other = portrait(house, others[key], pool.vectors[key])
        need, offer = (me, other) if own.side == Side.NEED else (other, me)
        pair = score_pair(need, offer, today)
        if pair.score_micro >= FLOOR_MICRO:
            found.append(pair)
    return sorted(found, key=lambda pair: (-pair.score_micro, pair.ids))


def score_pair(need: Portrait, offer: Portrait, today: date) -> Scored:
    """The score and the reasons of a pair that passes the gates."""
    weights, found = shipped_weights(), features(need, offer, today)
    score = round(MILLION * score_of(found, weights))
    return Scored(need.facts.id, offer.facts.id, score, reasons(found, weights))
