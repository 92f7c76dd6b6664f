"""The verbs of suggestions: put what was computed in place, and take away what no longer holds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.upserts import upsert
from exchange.listings.models import Listing
from exchange.matching.explanation import reasons
from exchange.matching.facts import STAMPED, Stamp, is_open_on, stamp_of, with_ids
from exchange.matching.models import ListingMatched, Refresh, Suggestion
from exchange.matching.scoring import Weights
from exchange.matching.values import Feature

KEEP = 20  # the best of each listing are kept; what is among the best of neither is not
CHUNK = 400


@dataclass(frozen=True)
class Scored:
    """A pair with its score in millionths and the features it comes from; none where it stands
    in the database as it is.
    """

    need_id: int
    offer_id: int
    score_micro: int
    features: tuple[Feature, ...]

    @property
    def ids(self) -> tuple[int, int]:
        return self.need_id, self.offer_id

    def other(self, listing_id: int) -> int:
        """The other listing of the pair."""
        return self.offer_id if listing_id == self.need_id else self.need_id


@dataclass(frozen=True)
class Computed:
    """What was computed for some listings, and from what.

    ``stamps`` are those of every listing as it was read; ``before`` the pairs there were then;
    ``weights`` those that the scores were made with. Pairs that are ``standing`` have their row
    already: they count among the best, and are never written.
    """

    targets: frozenset[int]
    pairs: Sequence[Scored]
    stamps: Mapping[int, Stamp]
    before: frozenset[tuple[int, int]]
    engine: str
    weights: Weights
    standing: frozenset[tuple[int, int]] = frozenset()


def best_first(pair: Scored) -> tuple[int, tuple[int, int]]:
    """What pairs are sorted by: score, and of equals the lower ids."""
    return -pair.score_micro, pair.ids


def by_listing(pairs: Iterable[Scored], ids: Collection[int]) -> dict[int, list[Scored]]:
    """The pairs of each of these listings, in the order given."""
    found: dict[int, list[Scored]] = defaultdict(list)
    for pair in pairs:
        for key in pair.ids:
            if key in ids:
                found[key].append(pair)
    return found


@dataclass(frozen=True)
class Replaced:
    """How many rows changed; which targets lost a pair because its other listing had changed."""

    changed: int
    again: frozenset[int]


def drop_suggestions(act: Act, listing_id: int) -> list[int]:
    """Take away every pair of a listing; returns the other listings of those pairs, by id.

    A pair that somebody else takes away at this moment is left to them: two acts that each end
    both listings of a pair would otherwise wait for each other.
    """
    rows = act.session.execute(
        sa.select(Suggestion.id, Suggestion.need_id, Suggestion.offer_id)
        .where(_of(listing_id))
        .order_by(Suggestion.id)
        .with_for_update(skip_locked=True)
    ).all()
    for start in range(0, len(rows), CHUNK):
        ids = [row.id for row in rows[start : start + CHUNK]]
        act.session.execute(
            sa.delete(Suggestion)
            .where(Suggestion.id.in_(ids))
            .execution_options(synchronize_session=False)
        )
    gone = [(row.need_id, row.offer_id) for row in rows]
    return sorted({offer if need == listing_id else need for need, offer in gone})


def replace_suggestions(act: Act, computed: Computed) -> Replaced:
    """Make the pairs of these listings be the best of the scored. Doing it again changes nothing.

    A pair stays while it is among the best of either side. Whatever has changed since it was read
    is left out, a target altogether: its own change has it matched. Pairs that somebody else has
    found since stay.
    """
    chosen = _best(act, sorted(computed.targets), computed.pairs)
    standing = computed.standing
    wanted = {key for ids in chosen if ids not in standing for key in ids} | computed.targets
    same = _lock_unchanged(act, wanted, computed.stamps)
    targets = sorted(computed.targets & same)
    kept = {
        ids: pair for ids, pair in chosen.items() if ids in standing or same.issuperset(ids)
    }
    shaken = {key for ids in chosen if ids not in kept for key in ids}
    mark_matched(act, targets, computed.engine)
    changed = _put(act, targets, kept, computed)
    return Replaced(changed, frozenset(shaken & set(targets)))


def mark_matched(act: Act, listing_ids: Sequence[int], engine: str) -> None:
    """Note that these were matched now; who matches one of them too waits until this act ends."""
    number = act.session.scalar(sa.select(Refresh.round)) or 0
    common = {"engine": engine, "round": number, "matched_at": act.now}
    rows = [{"listing_id": key, **common} for key in sorted(listing_ids)]
    upsert(act.session, ListingMatched, rows, ("listing_id",))


def _put(
    act: Act,
    targets: Sequence[int],
    kept: Mapping[tuple[int, int], Scored],
    computed: Computed,
) -> int:
    """Write what differs, in one order of pairs for everybody; returns how many rows did."""
    before = _present(act, targets)
    columns = {
        ids: _columns(pair, computed)
        for ids, pair in sorted(kept.items())
        if ids not in computed.standing
    }
    fresh = [row for ids, row in columns.items() if row != before.get(ids)]
    gone = sorted(ids for ids in before if ids not in kept and ids in computed.before)
    _lock_pairs(act, [*((row["need_id"], row["offer_id"]) for row in fresh), *gone])
    upsert(
        act.session, Suggestion, [row | {"computed_at": act.now} for row in fresh],
        ("need_id", "offer_id"),
    )  # fmt: skip
    for some in _chunks(gone):
        act.session.execute(
            sa.delete(Suggestion)
            .where(sa.tuple_(Suggestion.need_id, Suggestion.offer_id).in_(some))
            .execution_options(synchronize_session=False)
        )
    return len(fresh) + len(gone)


def _lock_pairs(act: Act, pairs: Sequence[tuple[int, int]]) -> None:
    """In one order, so that two who change the same pairs do not wait for each other."""
    for some in _chunks(sorted(pairs)):
        act.session.execute(
            sa.select(Suggestion.id)
            .where(sa.tuple_(Suggestion.need_id, Suggestion.offer_id).in_(some))
            .order_by(Suggestion.need_id, Suggestion.offer_id)
            .with_for_update()
        ).all()


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def _of(listing_id: int) -> sa.ColumnElement[bool]:
    return sa.or_(Suggestion.need_id == listing_id, Suggestion.offer_id == listing_id)


def _lock_unchanged(act: Act, ids: set[int], stamps: Mapping[int, Stamp]) -> set[int]:
    """Those that are open now and as they were read, and stay so until this act commits."""
    found = set[int]()
    for some in _chunks(sorted(ids)):
        query = (
            sa.select(Listing.id, *STAMPED)
            .where(with_ids(set(some)), is_open_on(act.today))
            .order_by(Listing.id)
            .with_for_update(read=True)
        )
        for key, *values in act.session.execute(query):
            if stamp_of(values) == stamps.get(key):
                found.add(key)
    return found


def _present(act: Act, targets: Sequence[int]) -> dict[tuple[int, int], dict[str, Any]]:
    query = sa.select(
        Suggestion.need_id, Suggestion.offer_id, Suggestion.score_micro, Suggestion.reasons,
        Suggestion.engine,
    ).where(sa.or_(Suggestion.need_id.in_(targets), Suggestion.offer_id.in_(targets)))  # fmt: skip
    rows = act.session.execute(query).mappings() if targets else ()
    return {(row["need_id"], row["offer_id"]): dict(row) for row in rows}


def _best(
    act: Act, targets: Sequence[int], scored: Sequence[Scored]
) -> dict[tuple[int, int], Scored]:
    """Of all scored pairs those that are among the best of a target or of its counterpart."""
    by_target = by_listing(sorted(scored, key=best_first), set(targets))
    behind = {pair.other(key) for key, pairs in by_target.items() for pair in pairs[KEEP:]}
    least = _least_kept(act, sorted(behind), set(targets))
    kept: dict[tuple[int, int], Scored] = {}
    for key, pairs in by_target.items():
        for rank, pair in enumerate(pairs):
            if rank < KEEP or pair.score_micro >= least.get(pair.other(key), 0):
                kept[pair.ids] = pair
    return kept


def _least_kept(act: Act, ids: Sequence[int], targets: set[int]) -> dict[int, int]:
    """For each listing that has its fill without the targets' pairs: the score that gets in."""
    found: dict[int, int] = {}
    sides = (Suggestion.need_id, Suggestion.offer_id), (Suggestion.offer_id, Suggestion.need_id)
    for own, other in sides:
        for some in _chunks(sorted(set(ids))):
            place = sa.func.row_number().over(
                partition_by=own, order_by=Suggestion.score_micro.desc()
            )
            ranked = (
                sa.select(own.label("listing_id"), Suggestion.score_micro, place.label("place"))
                .where(own.in_(some), other.not_in(targets))
                .subquery()
            )
            query = sa.select(ranked.c.listing_id, ranked.c.score_micro)
            rows = act.session.execute(query.where(ranked.c.place == KEEP))
            found.update((key, score) for key, score in rows)
    return found


def _columns(pair: Scored, computed: Computed) -> dict[str, Any]:
    return {
        "need_id": pair.need_id,
        "offer_id": pair.offer_id,
        "score_micro": pair.score_micro,
        "reasons": [
            {"code": item.code, "params": dict(item.params), "contribution": item.contribution}
            for item in reasons(pair.features, computed.weights)
        ],
        "engine": computed.engine,
    }
