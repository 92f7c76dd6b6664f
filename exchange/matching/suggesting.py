"""From published listings to stored suggestions; the one pipeline that serves and is evaluated.

Vectors are committed before the other side is looked at: of two listings that are matched at the
same moment at least one sees the other. A listing without present vectors is left to its own job.
Columns only choose; scores are made of what the database says now, and what has changed until they
are written is not written.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.models import Organisation
from exchange.jobs.registry import Run
from exchange.kernel.act import House
from exchange.kernel.clock import civil_date
from exchange.matching.facts import (
    BAD_STANDING,
    Known,
    centroids_of,
    is_open_on,
    load_with_ids,
)
from exchange.matching.features import features
from exchange.matching.fingerprint import engine_with
from exchange.matching.learning.queries import weights_in_force
from exchange.matching.learning.service import is_in_force
from exchange.matching.models import MILLION, Suggestion
from exchange.matching.openings import openings_of, parts
from exchange.matching.readings import (
    VectorPair,
    encode,
    forget_vectors,
    known_vectors,
    portrait,
    stale,
    store_vectors,
)
from exchange.matching.recall import FRESH, Depth, as_pair, choose, sharing_words
from exchange.matching.refresh.queries import matched_in_present_round
from exchange.matching.rules import NEED, may_match
from exchange.matching.scoring import Weights, score_of, shipped_weights
from exchange.matching.service import (
    KEEP,
    Computed,
    Scored,
    best_first,
    by_listing,
    drop_suggestions,
    replace_suggestions,
)
from exchange.matching.values import Portrait

FLOOR_MICRO = 500  # what scores below one in two thousand is not worth a row
TRIES = 3
WRITTEN_AT_ONCE = 10  # listings whose suggestions are put in place in one act
ENCODED_AT_ONCE = 200


@dataclass(frozen=True)
class Pool:
    """What is scored for some listings: everybody's facts and vectors, who with whom, and by
    which weights; and the pairs that need no score, because they have a present one.
    """

    known: Known
    vectors: Mapping[int, VectorPair]
    others: Mapping[int, Collection[int]]
    before: frozenset[tuple[int, int]]
    weights: Weights = field(default_factory=shipped_weights)
    standing: Sequence[Scored] = ()

    @property
    def targets(self) -> list[int]:
        """The listings that can be matched, by id."""
        return sorted(set(self.others) & set(self.vectors))


def match_listings(run: Run, listing_ids: Sequence[int], depth: Depth = FRESH) -> int:
    """Compute and store the suggestions of these listings; returns how many rows changed.

    What is not open loses its suggestions. Running it again changes nothing. Where another
    listing changes meanwhile, those that it was chosen for are matched once more.
    """
    wanted, changed = set(listing_ids), 0
    for _ in range(TRIES):
        done, wanted = _match(run, wanted, depth)
        changed += done
        if not wanted:
            break
    return changed


def _match(run: Run, wanted: set[int], depth: Depth) -> tuple[int, set[int]]:
    """Match once; returns how many rows changed, and whom to match again."""
    today = civil_date(run.house.clock.now(), run.house.settings.time_zone)
    _store_missing_vectors(run, wanted, today)
    pool = _read_pool(run.house, run.read(), wanted, today, depth)
    engine, changed, again = engine_with(run.house, pool.weights), 0, set[int]()
    pairs = {key: suggest(run.house, pool, key, today) for key in pool.targets}
    for key, standing in by_listing(pool.standing, pairs).items():
        pairs[key] = sorted(pairs[key] + standing, key=best_first)
    if not depth.for_both:
        pairs = {key: _own_best(some, pool.before) for key, some in pairs.items()}
    for some in parts(pool.targets, WRITTEN_AT_ONCE):
        scored = {pair.ids: pair for key in some for pair in pairs[key]}
        stamps, before = pool.known.stamps, pool.before
        computed = Computed(
            frozenset(some), list(scored.values()), stamps, before, engine, pool.weights,
            frozenset(pair.ids for pair in pool.standing),
        )  # fmt: skip
        with run.act() as act:
            if not is_in_force(act, pool.weights):
                again |= set(some)
                continue
            # Listings are locked before any pair, by everybody: nobody waits in a circle.
            replaced = replace_suggestions(act, computed)
        changed += replaced.changed
        again |= replaced.again
    return changed + _drop_ended(run, wanted - set(pool.others), today), again


def _own_best(
    pairs: Sequence[Scored], before: Collection[tuple[int, int]]
) -> list[Scored]:
    """The best of one listing, and the pairs that stand there already."""
    return [pair for rank, pair in enumerate(pairs) if rank < KEEP or pair.ids in before]


def _drop_ended(run: Run, ids: set[int], today: date) -> int:
    """Of these the listings that are not open lose their pairs."""
    if not ids:
        return 0
    changed, session = 0, run.read()
    centroids = centroids_of(run.house, session)
    ended = ids - set(load_with_ids(session, centroids, ids, is_open_on(today)).facts)
    with run.act() as act:
        for listing_id in sorted(ended):
            changed += len(drop_suggestions(act, listing_id))
    return changed


def _store_missing_vectors(run: Run, ids: set[int], today: date) -> None:
    """Encode outside of any writing transaction, then store in short ones."""
    session = run.read()
    centroids = centroids_of(run.house, session)
    facts = load_with_ids(session, centroids, ids, is_open_on(today)).facts
    known = known_vectors(run.house, session, facts)
    missing = [key for key in facts if key not in known]
    session.rollback()
    for some in parts(missing, ENCODED_AT_ONCE):
        made = encode(run.house, [facts[key] for key in some])
        with run.act() as act:
            store_vectors(act, facts, made)
    # Their vectors are good, but what was read beside them is not, by today's tables or category.
    again = stale(facts, known)
    forget_vectors(run.house, again)
    for some in parts(again, ENCODED_AT_ONCE):
        with run.act() as act:
            store_vectors(act, facts, {key: known[key] for key in some})


def _read_pool(
    house: House, session: Session, ids: set[int], today: date, depth: Depth
) -> Pool:
    """Choose, then read everybody who was chosen as they are now."""
    centroids = centroids_of(house, session)
    own = load_with_ids(session, centroids, ids, is_open_on(today))
    by_words = {
        key: sharing_words(house, one, today, depth.index) if depth.index else ()
        for key, one in own.facts.items()
    }
    present = _present_pairs(session, sorted(own.facts))
    before, weights = frozenset(present), weights_in_force(house, session)
    standing = (
        [] if depth.for_both else _still_good(house, session, present, own.facts, weights)
    )
    openings = openings_of(house)
    with openings.lock:
        openings.catch_up(session, ids)
        there = [key for key in sorted(own.facts) if key in openings.columns]
        bad = bad_owners(session)
        chosen = choose(
            openings.columns, openings.estimator, there, today, bad, depth, by_words
        )
    others = {key: set(one.ids) for key, one in chosen.items()}
    for need_id, offer_id in before:
        for key, other in ((need_id, offer_id), (offer_id, need_id)):
            if key in others:
                others[key].add(other)
    for pair in standing:
        for key in pair.ids:
            if key in others:
                others[key].discard(pair.other(key))
    wanted = {*own.facts, *(key for some in others.values() for key in some)}
    known = load_with_ids(session, centroids, wanted, is_open_on(today))
    vectors = known_vectors(house, session, known.facts)
    chosen_for = {key: others.get(key, ()) for key in own.facts}
    return Pool(known, vectors, chosen_for, before, weights, standing)


def _present_pairs(
    session: Session, ids: Sequence[int]
) -> dict[tuple[int, int], tuple[int, str]]:
    """The pairs of these listings, each with its score in millionths and its engine."""
    query = sa.select(
        Suggestion.need_id, Suggestion.offer_id, Suggestion.score_micro, Suggestion.engine
    )
    found = dict[tuple[int, int], tuple[int, str]]()
    for column in (Suggestion.need_id, Suggestion.offer_id):
        for some in parts(ids):
            for need_id, offer_id, score, engine in session.execute(query.where(column.in_(some))):
                found[need_id, offer_id] = score, engine
    return found


def _still_good(
    house: House,
    session: Session,
    present: Mapping[tuple[int, int], tuple[int, str]],
    own: Collection[int],
    weights: Weights,
) -> list[Scored]:
    """Pairs that the refresh which runs has scored from their other side already."""
    engine = engine_with(house, weights)
    pairs = [
        Scored(*ids, score, ()) for ids, (score, made_by) in present.items() if made_by == engine
    ]
    others = {key for pair in pairs for key in pair.ids if key not in own}
    done = matched_in_present_round(session, others, engine)
    return [pair for pair in pairs if not done.isdisjoint(pair.ids)]


def bad_owners(session: Session) -> frozenset[int]:
    """Organisations that were refused or suspended."""
    query = sa.select(Organisation.id).where(Organisation.verification.in_(BAD_STANDING))
    return frozenset(session.scalars(query))


def suggest(house: House, pool: Pool, listing_id: int, today: date) -> list[Scored]:
    """Score a listing against those that were chosen for it, best first, ties by id."""
    facts = pool.known.facts
    own = facts[listing_id]
    me = portrait(house, own, pool.vectors[listing_id])
    found = []
    for key in sorted(set(pool.others[listing_id]) & set(pool.vectors)):
        if not may_match(*as_pair(own, facts[key]), today):
            continue
        other = portrait(house, facts[key], pool.vectors[key])
        need, offer = (me, other) if own.side == NEED else (other, me)
        pair = score_pair(need, offer, today, pool.weights)
        if pair.score_micro >= FLOOR_MICRO:
            found.append(pair)
    return sorted(found, key=best_first)


def score_pair(need: Portrait, offer: Portrait, today: date, weights: Weights) -> Scored:
    """The score of a pair that passes the gates."""
    found = features(need, offer, today)
    score = round(MILLION * score_of(found, weights))
    return Scored(need.facts.id, offer.facts.id, score, found)
