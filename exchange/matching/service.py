"""The verbs of suggestions: put what was computed in place, and take away what no longer holds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.upserts import upsert
from exchange.listings.models import Listing
from exchange.matching.facts import is_open_on, with_ids
from exchange.matching.models import Suggestion
from exchange.matching.values import Reason

KEEP = 20  # the best of each listing are kept; what is among the best of neither is not
CHUNK = 400


@dataclass(frozen=True)
class Scored:
    """A pair with its score in millionths and its reasons."""

    need_id: int
    offer_id: int
    score_micro: int
    reasons: tuple[Reason, ...]

    @property
    def ids(self) -> tuple[int, int]:
        return self.need_id, self.offer_id

    def other(self, listing_id: int) -> int:
        """The other listing of the pair."""
        return self.offer_id if listing_id == self.need_id else self.need_id


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


def replace_suggestions(
    act: Act, listing_ids: Iterable[int], scored: Sequence[Scored], engine: str
) -> int:
    """Make the pairs of these listings be the best of the scored; returns how many rows changed.

    A pair stays while it is among the best of either side. Pairs of which a listing has ceased
    to be open since it was read are left out. Doing it again changes nothing.
    """
    targets = sorted(set(listing_ids))
    open_ids = _lock_open(act, {key for pair in scored for key in pair.ids} | set(targets))
    before = _present(act, targets)
    usable = [pair for pair in scored if set(pair.ids) <= open_ids]
    kept = _best(act, targets, usable)
    ordered = sorted(kept.values(), key=lambda pair: pair.ids)
    fresh = [pair for pair in ordered if _columns(pair, engine) != before.get(pair.ids)]
    upsert(
        act.session, Suggestion,
        [_columns(pair, engine) | {"computed_at": act.now} for pair in fresh],
        ("need_id", "offer_id"),
    )  # fmt: skip
    gone = sorted(ids for ids in before if ids not in kept)
    for need_id, offer_id in gone:
        act.session.execute(
            sa.delete(Suggestion)
            .where(Suggestion.need_id == need_id, Suggestion.offer_id == offer_id)
            .execution_options(synchronize_session=False)
        )
    return len(fresh) + len(gone)


def _of(listing_id: int) -> sa.ColumnElement[bool]:
    return sa.or_(Suggestion.need_id == listing_id, Suggestion.offer_id == listing_id)


def _lock_open(act: Act, ids: set[int]) -> set[int]:
    """Those that are open now, and stay so until this act commits."""
    ordered, found = sorted(ids), set[int]()
    for start in range(0, len(ordered), CHUNK):
        query = (
            sa.select(Listing.id)
            .where(with_ids(set(ordered[start : start + CHUNK])), is_open_on(act.today))
            .order_by(Listing.id)
            .with_for_update(read=True)
        )
        found.update(act.session.scalars(query))
    return found


def _present(act: Act, targets: Sequence[int]) -> dict[tuple[int, int], dict[str, Any]]:
    query = sa.select(
        Suggestion.need_id, Suggestion.offer_id, Suggestion.score_micro, Suggestion.reasons,
        Suggestion.engine,
    ).where(sa.or_(Suggestion.need_id.in_(targets), Suggestion.offer_id.in_(targets)))  # fmt: skip
    rows = act.session.execute(query).mappings()
    return {(row["need_id"], row["offer_id"]): dict(row) for row in rows}


def _best(
    act: Act, targets: Sequence[int], scored: Sequence[Scored]
) -> dict[tuple[int, int], Scored]:
    """Of all scored pairs those that are among the best of a target or of its counterpart."""
    by_target: dict[int, list[Scored]] = defaultdict(list)
    for pair in sorted(scored, key=lambda pair: (-pair.score_micro, pair.ids)):
        for key in set(pair.ids) & set(targets):
            by_target[key].append(pair)
    kept: dict[tuple[int, int], Scored] = {}
    for key in targets:
        others = [pair.other(key) for pair in by_target[key][KEEP:]]
        least = _least_kept(act, others, set(targets))
        for rank, pair in enumerate(by_target[key]):
            if rank < KEEP or pair.score_micro >= least.get(pair.other(key), 0):
                kept[pair.ids] = pair
    return kept


def _least_kept(act: Act, ids: Sequence[int], targets: set[int]) -> dict[int, int]:
    """For each listing that has its fill without the targets' pairs: the score that gets in."""
    scores: dict[int, list[int]] = defaultdict(list)
    wanted = set(ids)
    for start in range(0, len(ids), CHUNK):
        chunk = list(ids[start : start + CHUNK])
        query = sa.select(Suggestion.need_id, Suggestion.offer_id, Suggestion.score_micro).where(
            sa.or_(Suggestion.need_id.in_(chunk), Suggestion.offer_id.in_(chunk))
        )
        for need_id, offer_id, score in act.session.execute(query):
            if targets.isdisjoint((need_id, offer_id)):
                for key in wanted & {need_id, offer_id}:
                    scores[key].append(score)
    return {
        key: sorted(found, reverse=True)[KEEP - 1]
        for key, found in scores.items()
        if len(found) >= KEEP
    }


def _columns(pair: Scored, engine: str) -> dict[str, Any]:
    return {
        "need_id": pair.need_id,
        "offer_id": pair.offer_id,
        "score_micro": pair.score_micro,
        "reasons": [
            {"code": item.code, "params": dict(item.params), "contribution": item.contribution}
            for item in pair.reasons
        ],
        "engine": engine,
    }
