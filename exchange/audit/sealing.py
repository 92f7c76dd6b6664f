"""Sealing entries into batches: one at a time, in one transaction, under one lock.

On PostgreSQL an advisory lock keeps sealers apart, on SQLite the write lock of the act. Should a
lock ever fail, unique constraints refuse a fork and a second seal. A process that dies leaves
either a whole batch or none.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from exchange.audit.chain_rules import (
    NOTHING_BEFORE,
    BatchFacts,
    Head,
    batch_hash,
    entry_digest,
)
from exchange.audit.models import AuditBatch, AuditConcern, AuditEntry, AuditSeal, AuditWaiting
from exchange.kernel.act import Act
from exchange.kernel.database import is_sqlite

BATCH = 1_000
LOCK = 5_117_230_664_902

ENTRY = sa.inspect(AuditEntry).local_table
CONCERN = sa.inspect(AuditConcern).local_table


def seal_some(act: Act, most: int = BATCH) -> int:
    """Seal entries that wait, ``most`` at once, into one batch; how many there were."""
    session = act.session
    if not is_sqlite(session):
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    waiting = _waiting(session, most)
    if not waiting:
        return 0
    digests = digests_of(session, waiting)
    ids = sorted(digests)  # a mark without its entry stays: verification names it
    if not ids:
        return 0
    last = session.scalars(sa.select(AuditBatch).order_by(AuditBatch.id.desc()).limit(1)).first()
    facts = BatchFacts(
        number=last.id + 1 if last else 1,
        previous_hash=last.hash if last else NOTHING_BEFORE,
        first_id=ids[0],
        last_id=ids[-1],
        count=len(ids),
        sealed_at=act.now,
    )
    _write(session, facts, [(entry_id, digests[entry_id]) for entry_id in ids])
    return len(ids)


def _waiting(session: Session, most: int) -> list[int]:
    """Entries without a seal that wait; a mark on a sealed one is taken away."""
    query = sa.select(AuditWaiting.entry_id).order_by(AuditWaiting.entry_id).limit(most)
    marked = list(session.scalars(query))
    seals = sa.select(AuditSeal.entry_id).where(AuditSeal.entry_id.in_(marked))
    sealed = set(session.scalars(seals))
    if sealed:
        _unmark(session, sealed)
    return [entry_id for entry_id in marked if entry_id not in sealed]


def _unmark(session: Session, ids: Collection[int]) -> None:
    gone = sa.delete(AuditWaiting).where(AuditWaiting.entry_id.in_(sorted(ids)))
    session.execute(gone.execution_options(synchronize_session=False))


def _write(session: Session, facts: BatchFacts, entries: Sequence[tuple[int, str]]) -> None:
    digests = [digest for _, digest in entries]
    values = {
        "id": facts.number,
        "previous_hash": facts.previous_hash,
        "hash": batch_hash(facts, digests),
        "first_id": facts.first_id,
        "last_id": facts.last_id,
        "count": facts.count,
        "sealed_at": facts.sealed_at,
    }
    session.execute(sa.insert(AuditBatch), [values])
    seals = [
        {"entry_id": entry_id, "batch_id": facts.number, "position": place, "digest": digest}
        for place, (entry_id, digest) in enumerate(entries)
    ]
    session.execute(sa.insert(AuditSeal), seals)
    _unmark(session, [entry_id for entry_id, _ in entries])


def digests_of(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """The digests of entries as they stand in the database; what is not there is left out."""
    return {row["id"]: entry_digest(row, about) for row, about in stored(session, ids)}


def stored(session: Session, ids: Sequence[int]) -> Iterator[tuple[RowMapping, list[RowMapping]]]:
    """Entries with whom they concern, column by column; what is not there is left out."""
    if not ids:
        return
    concerns: dict[int, list[RowMapping]] = {}
    about = sa.select(CONCERN).where(CONCERN.c.entry_id.in_(ids))
    for row in session.execute(about.order_by(CONCERN.c.entry_id, CONCERN.c.number)).mappings():
        concerns.setdefault(row["entry_id"], []).append(row)
    for row in session.execute(sa.select(ENTRY).where(ENTRY.c.id.in_(ids))).mappings():
        yield row, concerns.get(row["id"], [])


def head_of(session: Session) -> Head | None:
    """The newest batch, with the number of entries that all batches hold; None without any."""
    last = session.execute(
        sa.select(AuditBatch.id, AuditBatch.hash).order_by(AuditBatch.id.desc()).limit(1)
    ).first()
    if last is None:
        return None
    entries = session.scalar(
        sa.select(sa.func.sum(AuditBatch.count)).where(AuditBatch.id <= last.id)
    )
    return Head(last.id, last.hash, int(entries or 0))


def oldest_waiting(session: Session) -> tuple[int, datetime | None]:
    """How many entries wait for a seal, and since when the oldest."""
    query = sa.select(sa.func.count(), sa.func.min(AuditEntry.at)).select_from(AuditWaiting)
    count, since = session.execute(
        query.join(AuditEntry, AuditEntry.id == AuditWaiting.entry_id)
    ).one()
    return count, since
