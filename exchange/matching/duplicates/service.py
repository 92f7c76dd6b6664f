"""The verbs of proposals to merge: put what was found in place, take away, say "not the same"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden
from exchange.kernel.upserts import upsert
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.permissions import can_merge
from exchange.matching.duplicates.events import NeedsKeptApart
from exchange.matching.duplicates.models import DuplicatePair
from exchange.matching.duplicates.queries import lock_as_read, of_needs
from exchange.search.reading.duplicate_facts import Verdict

ENGINE = "signs-2"
Pair = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """Two needs, the lower id first, and why they may be one."""

    ids: Pair
    verdict: Verdict


def as_ids(one: int, other: int) -> Pair:
    """The key of a pair."""
    return (one, other) if one < other else (other, one)


def replace_pairs(
    act: Act, need_ids: Iterable[int], found: Iterable[Found], engine: str, read_at: datetime
) -> int:
    """Make the open proposals of these needs be those that were found; how many rows changed.

    Pairs that somebody has decided about stay as they are. What has changed or closed since
    ``read_at`` is left alone: its own job comes after. Doing it again changes nothing.
    """
    wanted = {one.ids: _columns(one, engine) for one in found}
    concerned = {key for ids in wanted for key in ids} | set(need_ids)
    as_read = lock_as_read(act.session, concerned, act.today, read_at)
    targets = sorted(set(need_ids) & as_read)
    wanted = {ids: row for ids, row in wanted.items() if set(ids) <= as_read}
    before, decided = _present(act, targets)
    fresh = [
        row | {"computed_at": act.now}
        for ids, row in sorted(wanted.items())
        if ids not in decided and row != before.get(ids)
    ]
    upsert(act.session, DuplicatePair, fresh, ("first_id", "second_id"))
    gone = sorted(ids for ids in before if ids not in wanted)
    for first_id, second_id in gone:
        act.session.execute(
            sa.delete(DuplicatePair).where(
                DuplicatePair.first_id == first_id,
                DuplicatePair.second_id == second_id,
                DuplicatePair.decided_at.is_(None),
                DuplicatePair.computed_at <= read_at,
            ).execution_options(synchronize_session=False)
        )  # fmt: skip
    return len(fresh) + len(gone)


def drop_pairs(act: Act, need_id: int) -> int:
    """Take away the open proposals of a need; what was decided stays. Returns how many went.

    A pair that somebody else takes away at this moment is left to them.
    """
    rows = act.session.execute(
        sa.select(DuplicatePair.first_id, DuplicatePair.second_id)
        .where(of_needs([need_id]), DuplicatePair.decided_at.is_(None))
        .order_by(DuplicatePair.first_id, DuplicatePair.second_id)
        .with_for_update(skip_locked=True)
    ).all()
    for first_id, second_id in rows:
        act.session.execute(
            sa.delete(DuplicatePair)
            .where(DuplicatePair.first_id == first_id, DuplicatePair.second_id == second_id)
            .execution_options(synchronize_session=False)
        )
    return len(rows)


def keep_apart(act: Act, one: Listing, other: Listing) -> None:
    """Say that two needs are not the same: they are not proposed again. Saying it twice is fine.

    It may be said of a pair that nobody has proposed (any more). Raises Forbidden or Conflict.
    """
    if one.id == other.id:
        raise Conflict("merge_same")
    if any(need.side is not Side.NEED for need in (one, other)):
        raise Conflict("merge_only_needs")
    if not can_merge(act.actor, one, other) and not can_merge(act.actor, other, one):
        raise Forbidden("merge_not_your_place")
    ids = as_ids(one.id, other.id)
    row = act.session.get(DuplicatePair, ids, with_for_update=True, populate_existing=True)
    if row is None or row.decided_at is None:
        note_apart(act, ids)
        act.emit(NeedsKeptApart(*ids))


def note_apart(act: Act, ids: Pair) -> None:
    """Have two needs not proposed (again), whoever has found out and however."""
    row = {
        "first_id": ids[0], "second_id": ids[1], "score_micro": 0, "reasons": [],
        "engine": ENGINE, "computed_at": act.now, "decided_by_id": act.actor.person_id,
        "decided_at": act.now,
    }  # fmt: skip
    act.session.flush()
    upsert(act.session, DuplicatePair, [row], ("first_id", "second_id"))


def _present(
    act: Act, targets: list[int]
) -> tuple[Mapping[Pair, dict[str, Any]], frozenset[Pair]]:
    rows = act.session.execute(
        sa.select(
            DuplicatePair.first_id, DuplicatePair.second_id, DuplicatePair.score_micro,
            DuplicatePair.reasons, DuplicatePair.engine, DuplicatePair.decided_at,
        ).where(of_needs(targets))
    ).mappings().all()  # fmt: skip
    decided = frozenset(
        (row["first_id"], row["second_id"]) for row in rows if row["decided_at"] is not None
    )
    found = {
        (row["first_id"], row["second_id"]): {
            key: value for key, value in row.items() if key != "decided_at"
        }
        for row in rows
        if row["decided_at"] is None
    }
    return found, decided


def _columns(one: Found, engine: str) -> dict[str, Any]:
    return {
        "first_id": one.ids[0],
        "second_id": one.ids[1],
        "score_micro": round(1_000_000 * one.verdict.score),
        "reasons": [
            {"code": ground.code, "params": dict(ground.params), "weight": round(ground.weight, 4)}
            for ground in one.verdict.grounds
        ],
        "engine": engine,
    }
