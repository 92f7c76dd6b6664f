"""The worker: a relay thread that hands outbox rows to Huey, and Huey's consumer that runs them."""

import sys
import threading
from collections.abc import Collection, Sequence
from pathlib import Path
from time import monotonic, sleep

import structlog
from huey import SqliteHuey, crontab
from huey.api import Huey
from huey.consumer import Consumer

from exchange.jobs.registry import JOBS, Job, Lane, scheduled_jobs
from exchange.jobs.runner import JobRun, run_rows
from exchange.jobs.service import anything_due, claim, release_all, schedule

log = structlog.get_logger(__name__)
RETRIES = 5
RETRY_SECONDS = 2
POLL_SECONDS = 0.15
SWITCH_SECONDS = 0.0005  # how long a thread that computes keeps the others from their turn
BESIDE = tuple(lane for lane in Lane if lane is not Lane.STEADY)
LOOK_SECONDS = {Lane.INDEX: 0.05}  # the longest between two looks into a queue
USUAL_LOOK_SECONDS = 0.2
QUIET_SECONDS, GIVE_WAY_SECONDS = 0.5, 5.0
STOP_SECONDS = 10  # that a job has to end when the worker is told to stop


class JobQueue:
    """The queue of a lane, with one thread.

    Before a batch it lets the lanes in ``first`` come to rest, for a while: all threads share one
    processor's worth of computing.
    """

    def __init__(
        self, lane: Lane, run: JobRun, queue_path: Path, first: Sequence["JobQueue"] = ()
    ) -> None:
        self._lane = lane
        self._first = first
        self._active = float("-inf")
        self._is_running = False
        self.queue: Huey = SqliteHuey(lane.value, filename=str(queue_path), results=False)

        @self.queue.task(  # type: ignore[untyped-decorator]  # Huey ships no types
            retries=RETRIES, retry_delay=RETRY_SECONDS, retry_backoff=2, context=True, name="rows"
        )
        def rows(name: str, row_ids: list[int], task: object = None) -> None:
            self._give_way()
            self._is_running = True
            try:
                run_rows(run, name, row_ids, last_try=getattr(task, "retries", 0) == 0)
            finally:
                self._is_running, self._active = False, monotonic()

        self.hand_over = rows

    def _give_way(self) -> None:
        end = monotonic() + GIVE_WAY_SECONDS
        while monotonic() < end and not all(queue.is_at_rest() for queue in self._first):
            sleep(USUAL_LOOK_SECONDS)

    def is_at_rest(self) -> bool:
        """Whether it has had nothing to do for a moment."""
        is_idle = not self._is_running and not self.is_busy()
        return is_idle and monotonic() - self._active > QUIET_SECONDS

    def is_busy(self) -> bool:
        """Whether a batch waits before the one that would come now."""
        return bool(self.queue.pending_count())

    def consumer(self) -> Consumer:
        """Runs what is handed over, one after the other."""
        longest = LOOK_SECONDS.get(self._lane, USUAL_LOOK_SECONDS)
        return self.queue.create_consumer(
            workers=1, initial_delay=0.05, max_delay=longest, shutdown_timeout=STOP_SECONDS
        )


class Worker:
    """One process that runs jobs. An embedded site has exactly one (it owns the index writer)."""

    def __init__(self, run: JobRun, queue_path: Path) -> None:
        self.run_context = run
        index = JobQueue(Lane.INDEX, run, queue_path)
        matching = JobQueue(Lane.MATCHING, run, queue_path, first=[index])
        beside = (Lane.PROMPT, Lane.PLANNING, Lane.SENDING, Lane.STEADY)
        others = {lane: JobQueue(lane, run, queue_path) for lane in beside}
        self.queues = {Lane.INDEX: index, Lane.MATCHING: matching, **others}
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
                schedule(act, declared)

    def relay(self) -> int:
        """Hand over what waits for lanes without a batch before it; return the number of batches.

        So batches are as large as they can be when much is to be done.
        """
        busy = [lane for lane, queue in self.queues.items() if queue.is_busy()]
        if not self._anything_waits(busy):
            return 0
        with self.run_context.context(), self.run_context.act() as act:
            batches = claim(act, busy=busy)
        for name, row_ids in batches:
            lane, priority = Lane.STEADY, 0
            if name in JOBS:
                lane, priority = JOBS[name].lane, JOBS[name].priority
            self.queues[lane].hand_over(name, row_ids, priority=priority)
        return len(batches)

    def _relay_loop(self) -> None:
        while not self.stopping.is_set():
            try:
                handed = self.relay()
            except Exception:
                log.exception("relay failed, trying again")
                handed = 0
                self.stopping.wait(1)
            if not handed:
                self.stopping.wait(POLL_SECONDS)

    def _anything_waits(self, busy: Collection[Lane]) -> bool:
        """A reading look, so that an idle relay takes no write lock."""
        with self.run_context.context():
            return anything_due(self.run_context.read(), self.run_context.house.clock.now(), busy)

    def serve(self) -> None:
        """Run until a signal stops the process."""
        sys.setswitchinterval(SWITCH_SECONDS)
        with self.run_context.context(), self.run_context.act() as act:
            released = release_all(act)
            for declared in scheduled_jobs():
                schedule(act, declared)
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
