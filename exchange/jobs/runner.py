"""Running claimed rows: in the worker through the queue library, in tests directly."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from time import monotonic, sleep

import structlog
from sqlalchemy.orm import Session

from exchange.jobs.registry import JOBS
from exchange.jobs.service import (
    begin,
    claim,
    finish,
    give_back,
    note_failure,
    payloads_of,
)
from exchange.kernel.act import Act, House, open_act
from exchange.kernel.actor import SYSTEM

log = structlog.get_logger(__name__)
# SQLite lets writers wait without a queue: where one act follows the other without a pause, people
# who post would wait until they are refused.
PAUSE_SHARE, LONGEST_PAUSE = 0.1, 0.1  # of an act's time; seconds


@dataclass(frozen=True)
class JobRun:
    """A run of a job: opens its own acts. ``context`` enters the application's context."""

    house: House
    get_session: Callable[[], Session]
    context: Callable[[], AbstractContextManager[object]]

    def read(self) -> Session:
        session = self.get_session()
        session.rollback()
        return session

    @contextmanager
    def act(self) -> Iterator[Act]:
        began = monotonic()
        with open_act(self.house, self.get_session, SYSTEM, origin="job") as act:
            yield act
        sleep(min(LONGEST_PAUSE, PAUSE_SHARE * (monotonic() - began)))


def run_rows(run: JobRun, name: str, row_ids: Sequence[int], *, last_try: bool = False) -> None:
    """Run the job on the rows that are still there, then delete them.

    A single row's error is noted and raised. A batch that fails is given back, so that each row
    runs alone and one bad row takes no other with it.
    """
    with run.context():
        found = payloads_of(run.read(), row_ids)
        run.read()
        if not found:
            return
        ids = [row_id for row_id, _ in found]
        with run.act() as act:
            begin(act, ids)
        try:
            JOBS[name].handler(run, [payload for _, payload in found])
        except Exception as error:
            _note(run, name, ids, error, last_try=last_try)
            if len(ids) > 1:
                return
            raise
        with run.act() as act:
            finish(act, name, ids)


def _note(run: JobRun, name: str, ids: Sequence[int], error: Exception, *, last_try: bool) -> None:
    kind = type(error).__name__
    log.warning("job failed", job=name, rows=ids, error=kind, exc_info=last_try)
    with run.act() as act:
        if len(ids) > 1:
            give_back(act, ids, f"{kind}: {error}")
        else:
            note_failure(act, ids, f"{kind}: {error}", final=last_try)


def run_pending(
    run: JobRun, limit: int = 10_000, on_rows: Callable[[int], None] = lambda _rows: None
) -> int:
    """Run everything that is due, here and now, until nothing is left; count the batches.

    ``on_rows`` hears, after each batch, how many rows have run.
    """
    rows = 0
    done = 0
    while done < limit:
        with run.context(), run.act() as act:
            batches = claim(act)
        if not batches:
            return done
        for name, row_ids in batches:
            run_rows(run, name, row_ids, last_try=True)
            done, rows = done + 1, rows + len(row_ids)
            on_rows(rows)
    return done
