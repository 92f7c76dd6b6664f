"""The verbs of the outbox: enqueue, claim, finish, give back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.jobs.models import OutboxJob
from exchange.jobs.registry import JOBS, Job, Payload
from exchange.kernel.act import Act

LEASE = timedelta(minutes=5)


def enqueue(
    act: Act,
    job: Job,
    payload: Payload | None = None,
    *,
    key: str | None = None,
    delay: timedelta = timedelta(0),
) -> None:
    """Write a job row within the act. With a key, a waiting row of the same key serves for both."""
    if key is not None:
        waiting = sa.select(OutboxJob.id).where(
            OutboxJob.name == job.name,
            OutboxJob.key == key,
            OutboxJob.handed_at.is_(None),
            OutboxJob.failed_at.is_(None),
        )
        if act.session.execute(waiting.limit(1)).first():
            return
    act.session.add(
        OutboxJob(
            name=job.name,
            key=key,
            payload=payload or {},
            created_at=act.now,
            run_after=act.now + delay,
            attempts=0,
        )
    )


def _due(now: datetime) -> sa.ColumnElement[bool]:
    free = sa.or_(OutboxJob.handed_at.is_(None), OutboxJob.handed_at < now - LEASE)
    return sa.and_(OutboxJob.failed_at.is_(None), free, OutboxJob.run_after <= now)


def anything_due(session: Session, now: datetime) -> bool:
    """Whether a claim would find a row; takes no lock."""
    return session.execute(sa.select(OutboxJob.id).where(_due(now)).limit(1)).first() is not None


def claim(act: Act, limit: int = 200) -> list[tuple[str, list[int]]]:
    """Take waiting rows and rows whose lease has run out; return (job name, row ids) in batches.

    Rows are claimed one by one (SKIP LOCKED where the database has it), never by "id greater than
    the last one seen": commits arrive out of order.
    """
    rows = act.session.scalars(
        sa.select(OutboxJob)
        .where(_due(act.now))
        .order_by(OutboxJob.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    by_name: dict[str, list[int]] = {}
    for row in rows:
        row.handed_at = act.now
        by_name.setdefault(row.name, []).append(row.id)
    names = sorted(by_name, key=lambda name: -JOBS[name].priority if name in JOBS else 0)
    return [
        (name, by_name[name][start : start + size])
        for name in names
        for size in [JOBS[name].batch if name in JOBS else 1]
        for start in range(0, len(by_name[name]), size)
    ]


def payloads_of(session: Session, row_ids: Sequence[int]) -> list[tuple[int, Payload]]:
    """The rows that are still there, in order; a job that already ran has none."""
    rows = session.execute(
        sa.select(OutboxJob.id, OutboxJob.payload)
        .where(OutboxJob.id.in_(row_ids), OutboxJob.failed_at.is_(None))
        .order_by(OutboxJob.id)
    )
    return [(row_id, payload) for row_id, payload in rows]


def finish(act: Act, row_ids: Sequence[int]) -> None:
    """The job has run: its rows go."""
    act.session.execute(sa.delete(OutboxJob).where(OutboxJob.id.in_(row_ids)))


def note_failure(act: Act, row_ids: Sequence[int], error: str, *, final: bool) -> None:
    """Count a failed try; keep the lease while the queue library retries; set aside at the end."""
    values: dict[str, object] = {
        "attempts": OutboxJob.attempts + 1,
        "error": error[:200],
        "handed_at": act.now,
    }
    if final:
        values["failed_at"] = act.now
    act.session.execute(sa.update(OutboxJob).where(OutboxJob.id.in_(row_ids)).values(values))


def release_all(act: Act) -> int:
    """Give back every lease; only for the start of the one worker of an embedded site."""
    released = act.session.scalars(
        sa.update(OutboxJob)
        .where(OutboxJob.handed_at.is_not(None), OutboxJob.failed_at.is_(None))
        .values(handed_at=None)
        .returning(OutboxJob.id)
    ).all()
    return len(released)


def lag(session: Session, now: datetime) -> tuple[int, float, int]:
    """Waiting rows, age of the oldest due one in seconds, and rows set aside as failed."""
    due = sa.and_(OutboxJob.failed_at.is_(None), OutboxJob.run_after <= now)
    count, oldest = session.execute(
        sa.select(sa.func.count(), sa.func.min(OutboxJob.run_after)).where(due)
    ).one()
    failed = session.scalar(
        sa.select(sa.func.count()).select_from(OutboxJob).where(OutboxJob.failed_at.is_not(None))
    )
    return count, (now - oldest).total_seconds() if oldest else 0.0, failed or 0
