"""How often a row is tried: a job that kills its process is set aside, and takes no other along."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.jobs.models import OutboxJob
from exchange.jobs.registry import JOBS, Job, Payload, Run, job
from exchange.jobs.runner import JobRun, run_rows
from exchange.jobs.service import (
    MOST_ATTEMPTS,
    claim,
    enqueue,
    pause_before_next,
    put_off,
    release_all,
)
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import SYSTEM
from tests.conftest import SettableClock

OpenAct = Callable[..., AbstractContextManager[Act]]
BATCH = 5


class Killed(BaseException):
    """Stands for kill -9: nothing catches it, nothing is noted."""


@pytest.fixture
def ran() -> list[int]:
    """The rows that ran well."""
    return []


@pytest.fixture
def fragile(ran: list[int]) -> Iterator[Job]:
    """A job that fails or dies where its payload says so, after those before it have run."""

    def handler(_run: Run, payloads: Sequence[Payload]) -> None:
        for payload in payloads:
            if payload.get("fails"):
                raise ValueError("as told")
            if payload.get("kills"):
                raise Killed
        ran.extend(payload["id"] for payload in payloads)

    declared = job(f"tests.fragile.{uuid4().hex}", batch=BATCH)(handler)
    yield declared
    del JOBS[declared.name]


@pytest.fixture
def job_run(app: Flask) -> JobRun:
    run: JobRun = app.extensions["exchange.jobs"]
    return run


def live_of_a_worker(job_run: JobRun) -> int:
    """Start, run what waits until a job kills the process; return the number of batches begun."""
    with job_run.context(), job_run.act() as act:
        release_all(act)
        batches = claim(act)
    for begun, (name, row_ids) in enumerate(batches, 1):
        try:
            run_rows(job_run, name, row_ids)
        except Killed:
            return begun
    return len(batches)


def rows(session: Session) -> list[OutboxJob]:
    session.rollback()
    return list(session.scalars(sa.select(OutboxJob).order_by(OutboxJob.id)))


def test_a_job_that_kills_its_process_is_set_aside_in_the_end(
    act_as: OpenAct, fragile: Job, job_run: JobRun, session: Session
) -> None:
    with act_as() as act:
        enqueue(act, fragile, {"id": 1, "kills": True})
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert live_of_a_worker(job_run) == 1
        assert [row.attempts for row in rows(session)] == [attempt]
    assert live_of_a_worker(job_run) == 0
    [aside] = rows(session)
    assert aside.failed_at is not None
    assert aside.error == "the process ended while the job ran"


def test_a_job_that_kills_its_process_takes_no_other_with_it(
    act_as: OpenAct, fragile: Job, job_run: JobRun, session: Session, ran: list[int]
) -> None:
    with act_as() as act:
        for number in range(2 * BATCH):
            enqueue(act, fragile, {"id": number, "kills": number == 2})
    for _ in range(2 * MOST_ATTEMPTS + BATCH):
        live_of_a_worker(job_run)
    assert sorted(ran) == [number for number in range(2 * BATCH) if number != 2]
    assert [(row.payload["id"], row.failed_at is not None) for row in rows(session)] == [(2, True)]


def test_a_row_that_fails_takes_no_other_of_its_batch_with_it(
    act_as: OpenAct,
    fragile: Job,
    run_jobs: Callable[[], int],
    session: Session,
    ran: list[int],
) -> None:
    with act_as() as act:
        for number in range(BATCH):
            enqueue(act, fragile, {"id": number, "fails": number == BATCH - 1})
    with pytest.raises(ValueError, match="as told"):
        run_jobs()
    assert ran == list(range(BATCH - 1))
    [aside] = rows(session)
    assert (aside.payload["id"], aside.error) == (BATCH - 1, "ValueError: as told")
    assert aside.failed_at is not None


def test_a_waiting_row_that_serves_for_an_act_is_not_handed_over_before_it_commits(
    act_as: OpenAct, fragile: Job, house: House, engine: sa.Engine
) -> None:
    """Run earlier, the job would not see what the act has written, and nobody would tell it."""
    with act_as() as act:
        enqueue(act, fragile, {"id": 1}, key="listing 1")
    tried = threading.Event()
    seen: list[list[str | None]] = []

    def relay() -> None:
        with Session(engine) as other:
            while not seen:
                with open_act(house, lambda: other, SYSTEM) as mine:
                    if claim(mine):
                        seen.append(list(mine.session.scalars(sa.select(OutboxJob.key))))
                tried.set()

    with act_as() as act:
        enqueue(act, fragile, {"id": 1}, key="listing 1")
        act.session.add(
            OutboxJob(
                name=fragile.name, key="written by the act", payload={}, created_at=act.now,
                run_after=act.now,
            )
        )  # fmt: skip
        act.session.flush()
        thread = threading.Thread(target=relay)
        thread.start()
        tried.wait(1)  # on SQLite the other waits for the act to end
        assert seen == []
    thread.join(60)
    assert [sorted(keys, key=str) for keys in seen] == [["listing 1", "written by the act"]]


HOUR = timedelta(hours=1)


@pytest.fixture
def patient(ran: list[int]) -> Iterator[Job]:
    """A job that fails where its payload says so, and is tried again for two hours."""

    def handler(_run: Run, payloads: Sequence[Payload]) -> None:
        if any(payload.get("fails") for payload in payloads):
            raise OSError("no answer")
        ran.extend(payload["id"] for payload in payloads)

    declared = job(f"tests.patient.{uuid4().hex}", patience=2 * HOUR)(handler)
    yield declared
    del JOBS[declared.name]


def fail_once(run_jobs: Callable[[], int]) -> None:
    with pytest.raises(OSError, match="no answer"):
        run_jobs()


def test_an_outage_puts_a_patient_job_off_for_longer_each_time_then_sets_it_aside(
    act_as: OpenAct,
    patient: Job,
    run_jobs: Callable[[], int],
    session: Session,
    clock: SettableClock,
) -> None:
    with act_as() as act:
        enqueue(act, patient, {"id": 1, "fails": True})
    pauses = []
    for _ in range(20):
        fail_once(run_jobs)
        [row] = rows(session)
        if row.failed_at is not None:
            break
        pauses.append(row.run_after - clock.now())
        assert put_off(session, clock.now()) == 1
        clock.set(row.run_after)
    assert pauses == [timedelta(minutes=count) for count in (1, 1, 2, 4, 8, 16, 32, 64)]
    assert row.failed_at is not None


def test_pauses_stay_below_some_hours() -> None:
    assert pause_before_next(20 * HOUR, 24 * HOUR) == 3 * HOUR
    assert pause_before_next(24 * HOUR, 24 * HOUR) is None
    assert pause_before_next(timedelta(0), timedelta(0)) is None


def test_a_row_that_was_put_off_does_not_serve_for_a_new_act(
    act_as: OpenAct,
    patient: Job,
    run_jobs: Callable[[], int],
    session: Session,
    ran: list[int],
) -> None:
    with act_as() as act:
        enqueue(act, patient, {"id": 1, "fails": True}, key="listing 1")
    fail_once(run_jobs)
    with act_as() as act:
        enqueue(act, patient, {"id": 2}, key="listing 1")
    assert run_jobs() == 1
    assert ran == [2]
    assert len(rows(session)) == 1


def test_the_operator_gives_back_what_was_set_aside(
    act_as: OpenAct,
    app: Flask,
    fragile: Job,
    run_jobs: Callable[[], int],
    session: Session,
    ran: list[int],
) -> None:
    with act_as() as act:
        enqueue(act, fragile, {"id": 1, "fails": True})
    with pytest.raises(ValueError, match="as told"):
        run_jobs()
    [aside] = rows(session)
    aside.payload = {"id": 1}
    session.commit()
    said = app.test_cli_runner().invoke(args=["exchange", "jobs", "retry"])
    assert (said.exit_code, said.output) == (0, "1 jobs run again.\n")
    assert run_jobs() == 1
    assert ran == [1]
    again = app.test_cli_runner().invoke(args=["exchange", "jobs", "retry"])
    assert again.output == "No job was set aside.\n"
