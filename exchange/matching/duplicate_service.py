"""The verbs of proposals to merge: put what was found in place, take away, say "not the same"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden, NotFound
from exchange.kernel.upserts import upsert
from exchange.listings.models import Listing
from exchange.listings.permissions import can_merge
from exchange.matching.duplicate_events import NeedsKeptApart
from exchange.matching.duplicate_models import DuplicatePair
from exchange.matching.duplicate_queries import of_needs, still_open
from exchange.search.reading.duplicates import Verdict

ENGINE = "signs-1"
Pair = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """Two needs, the lower id first, and why they may be one."""

    ids: Pair
    verdict: Verdict


def as_ids(one: int, other: int) -> Pair:
    """The key of a pair."""
    return (one, other) if one < other else (other, one)


def replace_pairs(act: Act, need_ids: Iterable[int], found: Iterable[Found], engine: str) -> int:
    """Make the open proposals of these needs be those that were found; how many rows changed.

    Pairs that somebody has decided about stay as they are. Pairs of which a need has closed since
    it was read are left out. Doing it again changes nothing.
    """
    targets = sorted(set(need_ids))
    wanted = {one.ids: _columns(one, engine) for one in found}
    open_ids = still_open(
        act.session, {key for ids in wanted for key in ids} | set(targets), act.today, lock=True
    )
    wanted = {ids: row for ids, row in wanted.items() if set(ids) <= open_ids}
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
            ).execution_options(synchronize_session=False)
        )  # fmt: skip
    return len(fresh) + len(gone)


def drop_pairs(act: Act, need_id: int) -> int:
    """Take away the open proposals of a need; what was decided stays. Returns how many went."""
    gone = act.session.execute(
        sa.delete(DuplicatePair)
        .where(of_needs([need_id]), DuplicatePair.decided_at.is_(None))
        .returning(DuplicatePair.first_id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def keep_apart(act: Act, one: Listing, other: Listing) -> None:
    """Say that two needs are not the same: they are not proposed again. Saying it twice is fine.

    Raises Forbidden, or NotFound when the pair is not known.
    """
    if not can_merge(act.actor, one, other) and not can_merge(act.actor, other, one):
        raise Forbidden("merge_not_your_place")
    if mark_apart(act, as_ids(one.id, other.id)):
        act.emit(NeedsKeptApart(*as_ids(one.id, other.id)))


def mark_apart(act: Act, ids: Pair) -> bool:
    """Note the decision; False when it was noted before. Raises NotFound for an unknown pair."""
    row = act.session.get(DuplicatePair, ids, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    if row.decided_at is not None:
        return False
    row.decided_at, row.decided_by_id = act.now, act.actor.person_id
    act.session.flush()
    return True


def note_apart(act: Act, ids: Pair) -> None:
    """The same for two needs that were merged and are two again, proposed or not."""
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
