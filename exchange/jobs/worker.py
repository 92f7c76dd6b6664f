"""The worker: a relay thread that hands outbox rows to Huey, and Huey's consumer that runs them."""

import sys
import threading
from pathlib import Path

import structlog
from huey import SqliteHuey, crontab
from huey.api import Huey
from huey.consumer import Consumer

from exchange.jobs.registry import JOBS, Job, Lane, scheduled_jobs
from exchange.jobs.runner import JobRun, run_rows
from exchange.jobs.service import anything_due, claim, enqueue, release_all

log = structlog.get_logger(__name__)
RETRIES = 5
RETRY_SECONDS = 2
POLL_SECONDS = 0.15
SWITCH_SECONDS = 0.0005  # how long a thread that computes keeps the others from their turn
BESIDE = tuple(lane for lane in Lane if lane is not Lane.STEADY)


class JobQueue:
    """The queue of a lane, with one thread."""

    def __init__(self, lane: Lane, run: JobRun, queue_path: Path) -> None:
        self.queue: Huey = SqliteHuey(lane.value, filename=str(queue_path), results=False)

        @self.queue.task(  # type: ignore[untyped-decorator]  # Huey ships no types
            retries=RETRIES, retry_delay=RETRY_SECONDS, retry_backoff=2, context=True, name="rows"
        )
        def rows(name: str, row_ids: list[int], task: object = None) -> None:
            run_rows(run, name, row_ids, last_try=getattr(task, "retries", 0) == 0)

        self.hand_over = rows

    def consumer(self) -> Consumer:
        """Runs what is handed over, one after the other."""
        return self.queue.create_consumer(
            workers=1, initial_delay=0.05, max_delay=0.2, shutdown_timeout=10
        )


class Worker:
    """One process that runs jobs. An embedded site has exactly one (it owns the index writer)."""

    def __init__(self, run: JobRun, queue_path: Path) -> None:
        self.run_context = run
        self.queues = {lane: JobQueue(lane, run, queue_path) for lane in Lane}
        self.stopping = threading.Event()
        for declared in scheduled_jobs():
            self._schedule(declared)

    def _schedule(self, declared: Job) -> None:
        every = declared.every_minutes or 60
        minute = f"*/{every}" if every < 60 else "0"
        steady = self.queues[Lane.STEADY].queue

        @steady.periodic_task(crontab(minute=minute), name=f"schedule {declared.name}")  # type: ignore[untyped-decorator]  # likewise
        def due() -> None:
            with self.run_context.context(), self.run_context.act() as act:
                enqueue(act, declared, key="scheduled")

    def relay(self) -> int:
        """Hand over what waits; return the number of batches."""
        with self.run_context.context(), self.run_context.act() as act:
            batches = claim(act)
        for name, row_ids in batches:
            lane, priority = Lane.STEADY, 0
            if name in JOBS:
                lane, priority = JOBS[name].lane, JOBS[name].priority
            self.queues[lane].hand_over(name, row_ids, priority=priority)
        return len(batches)

    def _relay_loop(self) -> None:
        while not self.stopping.is_set():
            try:
                handed = self.relay() if self.anything_waits() else 0
            except Exception:
                log.exception("relay failed, trying again")
                handed = 0
                self.stopping.wait(1)
            if not handed:
                self.stopping.wait(POLL_SECONDS)

    def anything_waits(self) -> bool:
        """A reading look, so that an idle relay takes no write lock."""
        with self.run_context.context():
            return anything_due(self.run_context.read(), self.run_context.house.clock.now())

    def serve(self) -> None:
        """Run until a signal stops the process."""
        sys.setswitchinterval(SWITCH_SECONDS)
        with self.run_context.context(), self.run_context.act() as act:
            released = release_all(act)
            for declared in scheduled_jobs():
                enqueue(act, declared, key="scheduled")
        log.info("worker starts", released=released)
        relay = threading.Thread(target=self._relay_loop, name="relay", daemon=True)
        relay.start()
        steady, *others = [self.queues[lane].consumer() for lane in (Lane.STEADY, *BESIDE)]
        for consumer in others:
            consumer.start()
        try:
            steady.run()
        finally:
            self.stopping.set()
            for consumer in others:
                consumer.stop(graceful=True)
            relay.join(timeout=5)
