"""What matching needs of a generated site besides rows and an index: vectors, and exact answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from benchmarks.generator import Generated, Generator
from benchmarks.meanings import DrawnMeanings
from exchange.jobs.registry import Run
from exchange.listings.kinds import OPEN_STATES
from exchange.matching.facts import centroids_of, load_known, load_with_ids, with_ids
from exchange.matching.gating import passing
from exchange.matching.openings import EVER, openings_of
from exchange.matching.readings import VectorPair, known_vectors, store_vectors
from exchange.matching.recall import Depth, choose, sharing_words
from exchange.matching.service import KEEP
from exchange.matching.suggesting import Pool, bad_owners, suggest
from exchange.search.meaning import encoder_of

BATCH = 500


@dataclass(frozen=True)
class Compared:
    """For one listing: how many pass the gates, how many were chosen to be scored, and the share
    of the best (at most twenty) of all that pass that are among the chosen, by score."""

    passing: int
    chosen: int
    recall: float


def fill_vectors(run: Run, generator: Generator, seed: int) -> int:
    """Store vectors of every open listing, drawn near those of its goods; returns how many."""
    meanings = DrawnMeanings(encoder_of(run.house), seed)
    done = 0
    for some in _batches(one for one in generator if one.row["state"] in OPEN_STATES):
        titles, texts = (meanings.vectors([one.goods for one in some]) for _ in range(2))
        made = {
            one.row["id"]: VectorPair(title, text)
            for one, title, text in zip(some, titles, texts, strict=True)
        }
        session = run.read()
        centroids = centroids_of(run.house, session)
        facts = load_known(session, centroids, with_ids(set(made)) & EVER).facts
        session.rollback()
        with run.act() as act:
            store_vectors(act, facts, {key: made[key] for key in facts})
        done += len(facts)
    return done


def _batches(listings: Iterable[Generated]) -> Iterator[list[Generated]]:
    waiting = iter(listings)
    while some := list(islice(waiting, BATCH)):
        yield some


def compare(run: Run, listing_id: int, today: date, depth: Depth) -> Compared | None:
    """Choose as the pipeline does, and score everybody who passes the gates instead.

    None where nobody passes, or nobody is worth a row.
    """
    session, openings = run.read(), openings_of(run.house)
    openings.catch_up(session)
    columns, bad = openings.columns, bad_owners(session)
    centroids = centroids_of(run.house, session)
    own = load_with_ids(session, centroids, [listing_id], EVER).facts[listing_id]
    found = sharing_words(run.house, own, today, depth.index) if depth.index else ()
    chosen = choose(
        columns, openings.estimator, [listing_id], today, bad, depth, {listing_id: found}
    )[listing_id]
    rows = passing(columns, columns.row(listing_id), today, bad)
    everybody = {int(key) for key in columns.ids[rows]}
    known = load_with_ids(session, centroids, everybody | {listing_id}, EVER)
    vectors = known_vectors(run.house, session, known.facts)
    pool = Pool(known, vectors, {listing_id: everybody}, frozenset())
    pairs = suggest(run.house, pool, listing_id, today)
    if not pairs:
        return None
    best = pairs[:KEEP]
    # Where several score the same as the last of the best, any of them will do.
    good = {p.other(listing_id) for p in pairs if p.score_micro >= best[-1].score_micro}
    hits = min(len(best), len(good & set(chosen.ids)))
    return Compared(len(everybody), len(chosen.ids), hits / len(best))
