"""The verbs of the outbox: enqueue, claim, finish, give back."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exchange.jobs.models import OutboxJob
from exchange.jobs.registry import JOBS, Job, Lane, Payload, names_of
from exchange.kernel.act import Act

SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=3)
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 10  # more than the queue library tries: so often only a job that kills its process
ENDED = "the process ended while the job ran"
SCHEDULED = "scheduled"  # the key of rows that the clock writes


def enqueue(
    act: Act,
    job: Job,
    payload: Payload | None = None,
    *,
    key: str | None = None,
    delay: timedelta = timedelta(0),
) -> None:
    """Write a job row within the act. With a key, a row of the same key that waits no longer than
    this one would serves for both; where the job waits for another, only one of the same act.

    The waiting row is kept from being claimed until the act ends (a shared lock; on SQLite the act
    is the only writer): run earlier, the job would not see what the act has written.
    """
    if key is not None:
        waiting = sa.select(OutboxJob.id).where(
            OutboxJob.name == job.name,
            OutboxJob.key == key,
            OutboxJob.handed_at.is_(None),
            OutboxJob.failed_at.is_(None),
            OutboxJob.run_after <= act.now + delay,
        )
        if job.after is not None:
            waiting = waiting.where(OutboxJob.created_at >= act.now)
        shared = waiting.limit(1).with_for_update(read=True, skip_locked=True)
        if act.session.execute(shared).first():
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


def others_wait(session: Session, now: datetime, name: str) -> bool:
    """Whether a row of another job than ``name`` is due or runs in a lane where somebody waits.

    For work that gives way between two steps.
    """
    lanes = set(Lane) - {Lane.STEADY, Lane.SENDING}
    waiting = sa.select(OutboxJob.id).where(
        OutboxJob.name.in_(set(names_of(lanes)) - {name}),
        OutboxJob.failed_at.is_(None),
        OutboxJob.run_after <= now,
    )
    return session.execute(waiting.limit(1)).first() is not None


def _due(now: datetime, busy: Collection[Lane] = ()) -> sa.ColumnElement[bool]:
    free = sa.or_(OutboxJob.handed_at.is_(None), OutboxJob.handed_at < now - LEASE)
    ready = sa.and_(OutboxJob.failed_at.is_(None), free, OutboxJob.run_after <= now)
    if busy:
        ready = sa.and_(ready, OutboxJob.name.in_(names_of(set(Lane) - set(busy))))
    return sa.and_(ready, *(sa.not_(_must_wait(item, now)) for item in JOBS.values() if item.after))


def _must_wait(declared: Job, now: datetime) -> sa.ColumnElement[bool]:
    """Whether it is a row of this job and one that it comes after is due and not done."""
    earlier = aliased(OutboxJob)
    undone = sa.exists().where(
        earlier.name == declared.after,
        earlier.failed_at.is_(None),
        earlier.run_after <= now,
        earlier.created_at <= OutboxJob.created_at,
    )
    return sa.and_(OutboxJob.name == declared.name, undone)


def anything_due(session: Session, now: datetime, busy: Collection[Lane] = ()) -> bool:
    """Whether a claim would find a row; takes no lock."""
    due = sa.select(OutboxJob.id).where(_due(now, busy)).limit(1)
    return session.execute(due).first() is not None


def claim(
    act: Act, limit: int = 200, busy: Collection[Lane] = ()
) -> list[tuple[str, list[int]]]:
    """Take waiting rows and rows whose lease has run out; return (job name, row ids) in batches.

    Rows for a lane that is ``busy`` go on waiting, and make a larger batch the longer they do.

    Rows are claimed one by one (SKIP LOCKED where the database has it), never by "id greater than
    the last one seen": commits arrive out of order. A row that was begun before and did not end
    well goes alone, so that it takes no other with it; after ``MOST_ATTEMPTS`` it is set aside.
    """
    rows = act.session.scalars(
        sa.select(OutboxJob)
        .where(_due(act.now, busy))
        .order_by(OutboxJob.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    together: dict[str, list[int]] = {}
    alone: list[tuple[str, list[int]]] = []
    for row in rows:
        if row.attempts >= MOST_ATTEMPTS:
            row.failed_at, row.error = act.now, row.error or ENDED
            continue
        row.handed_at = act.now
        if row.attempts:
            alone.append((row.name, [row.id]))
        else:
            together.setdefault(row.name, []).append(row.id)
    return sorted(
        [*(batch for name, ids in together.items() for batch in _batches(name, ids)), *alone],
        key=lambda batch: -_priority(batch[0]),
    )


def _batches(name: str, ids: list[int]) -> list[tuple[str, list[int]]]:
    size = JOBS[name].batch if name in JOBS else 1
    return [(name, ids[start : start + size]) for start in range(0, len(ids), size)]


def _priority(name: str) -> int:
    return JOBS[name].priority if name in JOBS else 0


def _patience(name: str) -> timedelta:
    return JOBS[name].patience if name in JOBS else timedelta(0)


def payloads_of(session: Session, row_ids: Sequence[int]) -> list[tuple[int, Payload]]:
    """The rows that are still there, in order; a job that already ran has none."""
    rows = session.execute(
        sa.select(OutboxJob.id, OutboxJob.payload)
        .where(OutboxJob.id.in_(row_ids), OutboxJob.failed_at.is_(None))
        .order_by(OutboxJob.id)
    )
    return [(row_id, payload) for row_id, payload in rows]


def begin(act: Act, row_ids: Sequence[int]) -> None:
    """The job is about to run on these rows: count it now, a killed process counts no more."""
    act.session.execute(
        sa.update(OutboxJob)
        .where(OutboxJob.id.in_(row_ids))
        .values(attempts=OutboxJob.attempts + 1, handed_at=act.now)
    )


def schedule(act: Act, job: Job) -> None:
    """Write the row of a job whose time has come, unless one waits already."""
    enqueue(act, job, key=SCHEDULED)


def finish(act: Act, name: str, row_ids: Sequence[int]) -> None:
    """The job has run: its rows go, and where it runs by the clock also those that were set aside
    before: what they were to do is done.
    """
    act.session.execute(sa.delete(OutboxJob).where(OutboxJob.id.in_(row_ids)))
    _forget_set_aside(act, name)


def _forget_set_aside(act: Act, name: str) -> None:
    if name in JOBS and JOBS[name].every_minutes:
        act.session.execute(
            sa.delete(OutboxJob).where(
                OutboxJob.name == name,
                OutboxJob.key == SCHEDULED,
                OutboxJob.failed_at.is_not(None),
            )
        )


def note_failure(act: Act, row_ids: Sequence[int], error: str, *, final: bool) -> None:
    """Note why a try failed; keep the lease while the queue library retries.

    After the last of its tries a row waits for longer while its job has patience, else it is set
    aside; of a job that runs by the clock only the newest is kept so.
    """
    for row in act.session.scalars(sa.select(OutboxJob).where(OutboxJob.id.in_(row_ids))):
        row.error, row.handed_at = error[:200], act.now
        if not final:
            continue
        pause = pause_before_next(act.now - row.created_at, _patience(row.name))
        if pause is None:
            if row.key == SCHEDULED:
                _forget_set_aside(act, row.name)
            row.failed_at = act.now
        else:
            row.handed_at, row.run_after = None, act.now + pause
            row.attempts = 1  # it goes alone, and the tries of another round are its own


def pause_before_next(age: timedelta, patience: timedelta) -> timedelta | None:
    """How long a row of this age waits before its next round of tries; None when it is given up."""
    if age >= patience:
        return None
    return min(max(age, SHORTEST_PAUSE), LONGEST_PAUSE)


def retry_failed(act: Act) -> int:
    """Let every row that was set aside run again, each alone; return how many."""
    given_back = act.session.scalars(
        sa.update(OutboxJob)
        .where(OutboxJob.failed_at.is_not(None))
        .values(failed_at=None, handed_at=None, run_after=act.now, attempts=1)
        .returning(OutboxJob.id)
    ).all()
    return len(given_back)


def give_back(act: Act, row_ids: Sequence[int], error: str) -> None:
    """A batch failed as a whole: its rows wait again, each for a run of its own."""
    act.session.execute(
        sa.update(OutboxJob)
        .where(OutboxJob.id.in_(row_ids))
        .values(error=error[:200], handed_at=None)
    )


def release_all(act: Act) -> int:
    """Give back every lease; only for the start of the one worker of an embedded site."""
    released = act.session.scalars(
        sa.update(OutboxJob)
        .where(OutboxJob.handed_at.is_not(None), OutboxJob.failed_at.is_(None))
        .values(handed_at=None)
        .returning(OutboxJob.id)
    ).all()
    return len(released)


def put_off(session: Session, now: datetime) -> int:
    """How many rows have failed and wait for a later round of tries."""
    later = sa.select(sa.func.count()).where(
        OutboxJob.failed_at.is_(None), OutboxJob.error.is_not(None), OutboxJob.run_after > now
    )
    return session.scalar(later) or 0


def put_off_by(
    session: Session, now: datetime, job: Job, error: str, most: int
) -> list[int]:
    """Ids of the job's rows that wait for a later round because of an error, oldest first."""
    rows = (
        sa.select(OutboxJob.id)
        .where(
            OutboxJob.name == job.name,
            OutboxJob.failed_at.is_(None),
            OutboxJob.handed_at.is_(None),
            OutboxJob.error.startswith(f"{error}:", autoescape=True),
            OutboxJob.run_after > now,
        )
        .order_by(OutboxJob.id)
        .limit(most)
    )
    return list(session.scalars(rows))


def bring_forward(act: Act, row_ids: Sequence[int]) -> None:
    """What was put off is due now: its cause seems to be mended."""
    act.session.execute(
        sa.update(OutboxJob).where(OutboxJob.id.in_(row_ids)).values(run_after=act.now)
    )


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
