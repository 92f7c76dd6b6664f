"""The outbox: rows commit with their act, run at least once, and are set aside when they fail."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.jobs import runner
from exchange.jobs.models import OutboxJob
from exchange.jobs.registry import JOBS, Job, Payload, Run, job
from exchange.jobs.runner import JobRun, run_rows
from exchange.jobs.service import (
    LEASE,
    anything_due,
    claim,
    enqueue,
    lag,
    release_all,
    schedule,
)
from exchange.kernel.act import Act, House
from tests.conftest import SettableClock

OpenAct = Callable[..., AbstractContextManager[Act]]


@pytest.fixture
def ran() -> list[Payload]:
    """What the job saw, in order."""
    return []


@pytest.fixture
def noting(ran: list[Payload]) -> Iterator[Job]:
    """A job that notes its payloads and fails on one that says so."""

    def handler(_run: Run, payloads: Sequence[Payload]) -> None:
        ran.extend(payloads)
        if any(payload.get("fails") for payload in payloads):
            raise ValueError("as told")

    declared = job(f"tests.note.{uuid4().hex}", batch=3)(handler)
    yield declared
    del JOBS[declared.name]


@pytest.fixture
def following(noting: Job, ran: list[Payload]) -> Iterator[Job]:
    """A job that comes after ``noting`` and notes its payloads, too."""

    def handler(_run: Run, payloads: Sequence[Payload]) -> None:
        ran.extend(payloads)

    declared = job(f"tests.follow.{uuid4().hex}", after=noting.name)(handler)
    yield declared
    del JOBS[declared.name]


@pytest.fixture
def job_run(app: Flask) -> JobRun:
    run: JobRun = app.extensions["exchange.jobs"]
    return run


def rows(session: Session) -> list[OutboxJob]:
    session.rollback()
    return list(session.scalars(sa.select(OutboxJob).order_by(OutboxJob.id)))


def test_a_job_runs_once_and_its_row_goes(
    act_as: OpenAct, noting: Job, ran: list[Payload], run_jobs: Callable[[], int], session: Session
) -> None:
    with act_as() as act:
        enqueue(act, noting, {"id": 1})
    assert run_jobs() == 1
    assert ran == [{"id": 1}]
    assert rows(session) == []


def test_an_act_that_fails_leaves_no_job(act_as: OpenAct, noting: Job, session: Session) -> None:
    def fail() -> None:
        with act_as() as act:
            enqueue(act, noting)
            act.session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert rows(session) == []


def test_rows_are_handed_over_in_batches(
    act_as: OpenAct, noting: Job, ran: list[Payload], run_jobs: Callable[[], int]
) -> None:
    with act_as() as act:
        for number in range(7):
            enqueue(act, noting, {"id": number})
    assert run_jobs() == 3
    assert [payload["id"] for payload in ran] == list(range(7))


def test_a_waiting_row_of_the_same_key_serves_for_both(
    act_as: OpenAct, noting: Job, session: Session
) -> None:
    for _ in range(2):
        with act_as() as act:
            enqueue(act, noting, {"id": 1}, key="listing 1")
    assert len(rows(session)) == 1


def test_a_row_already_handed_over_does_not_serve_for_a_later_change(
    act_as: OpenAct, noting: Job, session: Session
) -> None:
    with act_as() as act:
        enqueue(act, noting, {"id": 1}, key="listing 1")
    with act_as() as act:
        claim(act)
    with act_as() as act:
        enqueue(act, noting, {"id": 1}, key="listing 1")
    assert len(rows(session)) == 2


def test_a_job_gives_others_a_turn_to_write(
    job_run: JobRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments, pauses = iter([10.0, 10.5, 20.0, 50.0]), []
    monkeypatch.setattr(runner, "monotonic", lambda: next(moments))
    monkeypatch.setattr(runner, "sleep", pauses.append)
    for _ in range(2):
        with job_run.context(), job_run.act():
            pass
    assert pauses == [pytest.approx(0.05), 0.1]


def test_a_row_waits_for_the_job_it_comes_after(
    act_as: OpenAct, noting: Job, following: Job, job_run: JobRun, clock: SettableClock
) -> None:
    with act_as() as act:
        enqueue(act, following, {"id": 2})
        enqueue(act, noting, {"id": 1})
    clock.forward(seconds=1)
    with act_as() as act:
        [(name, ids)] = claim(act)
    assert name == noting.name
    with act_as() as act:
        enqueue(act, noting, {"id": 3})  # younger: nobody waits for it
        act.session.flush()
        assert [batch[0] for batch in claim(act)] == [noting.name]
    run_rows(job_run, name, ids)
    with act_as() as act:
        assert [batch[0] for batch in claim(act)] == [following.name]


def test_nobody_waits_for_a_row_that_was_set_aside(
    act_as: OpenAct, noting: Job, following: Job, job_run: JobRun
) -> None:
    with act_as() as act:
        enqueue(act, noting, {"fails": True})
        enqueue(act, following)
    with act_as() as act:
        [(name, ids)] = claim(act)
    with pytest.raises(ValueError, match="as told"):
        run_rows(job_run, name, ids, last_try=True)
    with act_as() as act:
        assert [batch[0] for batch in claim(act)] == [following.name]


def test_a_row_that_comes_after_another_serves_for_its_own_act_only(
    act_as: OpenAct, following: Job, session: Session, clock: SettableClock
) -> None:
    for _ in range(2):
        with act_as() as act:
            enqueue(act, following, {"id": 1}, key="listing 1")
            act.session.flush()
            enqueue(act, following, {"id": 1}, key="listing 1")
        clock.forward(seconds=1)
    assert len(rows(session)) == 2


def test_a_delayed_row_waits_for_its_time(
    act_as: OpenAct, noting: Job, clock: SettableClock, run_jobs: Callable[[], int]
) -> None:
    with act_as() as act:
        enqueue(act, noting, delay=timedelta(minutes=10))
    assert run_jobs() == 0
    clock.forward(minutes=10)
    assert run_jobs() == 1


def test_a_crash_between_run_and_finish_runs_the_row_again(
    act_as: OpenAct,
    noting: Job,
    ran: list[Payload],
    job_run: JobRun,
    session: Session,
    clock: SettableClock,
    run_jobs: Callable[[], int],
) -> None:
    with act_as() as act:
        enqueue(act, noting, {"id": 1})
    with act_as() as act:
        claim(act)
    noting.handler(job_run, [{"id": 1}])  # it ran, and the process died before the row went
    assert run_jobs() == 0
    clock.forward(seconds=LEASE.total_seconds() + 1)
    assert run_jobs() == 1
    assert ran == [{"id": 1}, {"id": 1}]
    assert rows(session) == []


def test_a_second_delivery_of_the_same_rows_does_nothing(
    act_as: OpenAct, noting: Job, ran: list[Payload], job_run: JobRun
) -> None:
    with act_as() as act:
        enqueue(act, noting, {"id": 1})
    with act_as() as act:
        [(name, ids)] = claim(act)
    run_rows(job_run, name, ids)
    run_rows(job_run, name, ids)
    assert ran == [{"id": 1}]


def test_a_failing_job_is_tried_again_and_then_set_aside(
    act_as: OpenAct, noting: Job, job_run: JobRun, session: Session, run_jobs: Callable[[], int]
) -> None:
    with act_as() as act:
        enqueue(act, noting, {"fails": True})
    with act_as() as act:
        [(name, ids)] = claim(act)
    with pytest.raises(ValueError, match="as told"):
        run_rows(job_run, name, ids)
    [tried] = rows(session)
    assert (tried.attempts, tried.failed_at, tried.error) == (1, None, "ValueError: as told")
    with pytest.raises(ValueError, match="as told"):
        run_rows(job_run, name, ids, last_try=True)
    [aside] = rows(session)
    assert aside.attempts == 2
    assert aside.failed_at is not None
    assert run_jobs() == 0


def test_what_the_clock_asks_for_is_set_aside_once_and_forgotten_when_it_works_again(
    act_as: OpenAct, job_run: JobRun, session: Session
) -> None:
    """A fault that lasts for days would leave hundreds of rows, and be told long after its end."""
    is_broken = [True]

    def handler(_run: Run, _payloads: Sequence[Payload]) -> None:
        if is_broken:
            raise ValueError("as told")

    declared = job(f"tests.clock.{uuid4().hex}", every_minutes=60)(handler)
    try:
        for _ in range(2):
            with act_as() as act:
                schedule(act, declared)
                schedule(act, declared)
            with act_as() as act:
                [(name, ids)] = claim(act)
            with pytest.raises(ValueError, match="as told"):
                run_rows(job_run, name, ids, last_try=True)
            assert [row.id for row in rows(session)] == ids
        is_broken.clear()
        with act_as() as act:
            schedule(act, declared)
            enqueue(act, declared, {"asked": "by hand"})
        with act_as() as act:
            batches = claim(act)
        for name, ids in batches:
            run_rows(job_run, name, ids, last_try=True)
        assert rows(session) == []
    finally:
        del JOBS[declared.name]


def test_a_lease_holds_for_its_time_and_no_longer(
    act_as: OpenAct, noting: Job, house: House, clock: SettableClock, session: Session
) -> None:
    with act_as() as act:
        enqueue(act, noting)
    with act_as() as act:
        assert claim(act) != []
    clock.forward(seconds=LEASE.total_seconds())
    assert not anything_due(session, clock.now())
    with act_as() as act:
        assert claim(act) == []
    clock.forward(seconds=1)
    assert anything_due(session, clock.now())
    with act_as() as act:
        assert claim(act) != []


def test_a_starting_worker_takes_back_every_lease(act_as: OpenAct, noting: Job) -> None:
    with act_as() as act:
        enqueue(act, noting)
        enqueue(act, noting)
    with act_as() as act:
        claim(act)
    with act_as() as act:
        assert release_all(act) == 2
    with act_as() as act:
        [(_, ids)] = claim(act)
    assert len(ids) == 2


def test_lag_tells_what_waits_for_how_long_and_what_failed(
    act_as: OpenAct,
    noting: Job,
    clock: SettableClock,
    session: Session,
    job_run: JobRun,
) -> None:
    with act_as() as act:
        enqueue(act, noting, {"fails": True})
    with act_as() as act:
        [(name, ids)] = claim(act)
    with pytest.raises(ValueError, match="as told"):
        run_rows(job_run, name, ids, last_try=True)
    with act_as() as act:
        enqueue(act, noting)
    assert lag(session, clock.forward(seconds=90)) == (1, 90.0, 1)
