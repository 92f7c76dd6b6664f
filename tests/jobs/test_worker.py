"""The worker process: it runs rows, survives kill -9 and stops when told."""

import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.jobs.models import OutboxJob
from exchange.jobs.single import only_worker
from exchange.kernel.database import db, prepare_engine
from tests.running_site import RunningCommand, eventually

pytestmark = pytest.mark.processes
SITE = str(Path(__file__).parent / "noting_site.py")


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[list[RunningCommand]]:
    """Workers that a test starts; what is left of them is ended."""
    started: list[RunningCommand] = []
    yield started
    for each in started:
        each.close()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty outbox in a database of its own."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'exchange.db'}")
    prepare_engine(engine)
    db.metadata.create_all(engine)
    yield engine
    engine.dispose()


def put(outbox: sa.Engine, **payload: object) -> None:
    now = datetime.now(UTC)
    with Session(outbox) as session:
        session.add(OutboxJob(name="tests.note", payload=payload, created_at=now, run_after=now))
        session.commit()


def left(outbox: sa.Engine) -> list[OutboxJob]:
    """The rows of the test's job; what the worker itself puts there at its start does not count."""
    with Session(outbox) as session:
        return list(session.scalars(sa.select(OutboxJob).where(OutboxJob.name == "tests.note")))


def noted(folder: Path) -> list[str]:
    path = folder / "noted.txt"
    return path.read_text(encoding="utf-8").split() if path.exists() else []


def test_a_worker_runs_what_waits_and_what_comes(
    tmp_path: Path, outbox: sa.Engine, workers: list[RunningCommand]
) -> None:
    put(outbox, id=1)
    workers.append(RunningCommand(tmp_path, "worker", app=SITE))
    eventually(lambda: left(outbox) == [], "the waiting row is done")
    put(outbox, id=2)
    eventually(lambda: left(outbox) == [], "the later row is done")
    assert noted(tmp_path) == ["1", "2"]


def test_a_row_that_a_killed_worker_left_runs_after_the_next_start(
    tmp_path: Path, outbox: sa.Engine, workers: list[RunningCommand]
) -> None:
    put(outbox, id=1, hangs=True)
    workers.append(RunningCommand(tmp_path, "worker", app=SITE))
    eventually(lambda: noted(tmp_path) == ["1"], "the job has begun")
    workers[0].send(signal.SIGKILL)
    assert len(left(outbox)) == 1
    (tmp_path / "let-go").touch()
    workers.append(RunningCommand(tmp_path, "worker", app=SITE))
    eventually(lambda: left(outbox) == [], "the row is done")
    assert noted(tmp_path) == ["1", "1"]


def test_a_failing_row_is_tried_again_while_others_go_on(
    tmp_path: Path, outbox: sa.Engine, workers: list[RunningCommand]
) -> None:
    put(outbox, id=1, fails=True)
    put(outbox, id=2)
    workers.append(RunningCommand(tmp_path, "worker", app=SITE))
    eventually(lambda: noted(tmp_path).count("1") >= 2, "a second try")
    eventually(lambda: len(left(outbox)) == 1, "the other row is done")
    assert left(outbox)[0].attempts >= 1
    assert "2" in noted(tmp_path)


def test_a_worker_in_the_middle_of_a_job_stops_when_told(
    tmp_path: Path, outbox: sa.Engine, workers: list[RunningCommand]
) -> None:
    put(outbox, id=1, hangs=True)
    workers.append(RunningCommand(tmp_path, "worker", app=SITE))
    eventually(lambda: noted(tmp_path) == ["1"], "the job has begun")
    assert workers[0].send(signal.SIGTERM) == 0
    assert len(left(outbox)) == 1
    assert "Traceback" not in workers[0].output


def test_a_data_folder_has_one_worker(
    tmp_path: Path, outbox: sa.Engine, workers: list[RunningCommand]
) -> None:
    with only_worker(tmp_path, 0):
        workers.append(RunningCommand(tmp_path, "worker", app=SITE))
        assert workers[0].process.wait(60) == 1
    assert "another site or worker" in workers[0].output
    assert "Traceback" not in workers[0].output
    with only_worker(tmp_path, 0):
        pass
