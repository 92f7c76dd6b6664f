"""The index directory deleted, truncated and closed to writing while people post and search.

Nobody meets an error: answers come from the index, or from the database with a notice that says
so. Once the harm is over the index heals by itself, and what was acknowledged is found once.
EXCHANGE_TEST_FULL=1 runs the full figure, with outages of minutes and the clock's own pace of
healing; EXCHANGE_TEST_SEED repeats a run's draws.
"""

import http.client
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.jobs.models import OutboxJob
from exchange.jobs.service import enqueue
from exchange.kernel.act import open_act
from exchange.kernel.actor import SYSTEM
from exchange.kernel.database import db
from exchange.search.backends.generations import CURRENT
from exchange.search.jobs import heal_job, index_job
from exchange.search.wiring import FOLDER, search_index
from tests.conftest import FIGURES, SEED_VARIABLE
from tests.crash.books import Books, body_of, everything_is_there
from tests.crash.harming import (
    Watch,
    clear,
    delete,
    is_being_rebuilt,
    make_closed,
    repeated,
    truncate,
    unwritable,
)
from tests.crash.killing import KilledSite, Posting
from tests.running_site import eventually

pytestmark = pytest.mark.processes
IS_FULL = os.environ.get("EXCHANGE_TEST_FULL") == "1"
MORE, MOST_LISTINGS, PAUSE = (3, 3_000, 0.4) if IS_FULL else (1, 300, 0.1)
LONGEST_OUTAGE = 100.0 if IS_FULL else 1.0  # seconds
ENGINES = ["whoosh", "tantivy"]
if not IS_FULL:
    ENGINES = [random.Random(f"engine {os.environ[SEED_VARIABLE]}").choice(ENGINES)]
BEAT = 0.5  # seconds; a sampled run does not wait for the minute
PATIENCE = 400.0
SURE = 20  # answers of the index, one after the other


@pytest.fixture(params=ENGINES)
def search_url(request: pytest.FixtureRequest) -> str:
    return f"{request.param}:"


@dataclass
class Play:
    """One site, who posts there and who reads, and the harm that is done."""

    site: KilledSite
    books: Books
    posting: Posting
    watch: Watch
    chance: random.Random
    done: Counter[str] = field(default_factory=Counter)
    healing: list[float] = field(default_factory=list)

    @property
    def root(self) -> Path:
        return self.site.folder / FOLDER

    def go_on(self, seconds: float) -> None:
        """Post without pause for so long."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            self.posting.allow(1)
            time.sleep(PAUSE)

    def outage(self) -> None:
        self.go_on(self.chance.uniform(0.3, 1) * LONGEST_OUTAGE)

    def deleted(self) -> None:
        self.done[f"deleted ({delete(self.root, self.chance)})"] += 1

    def truncated(self) -> None:
        self.done[f"truncated ({truncate(self.root, self.chance)})"] += 1

    def closed(self) -> None:
        """It can be read, but not written."""
        self.done["closed"] += 1
        with unwritable(self.root):
            self.outage()

    def closed_and_empty(self) -> None:
        """It is gone and cannot be made again: the database answers all the while."""
        self.done["gone and closed"] += 1
        make_closed(self.root)
        with unwritable(self.root):
            self.outage()
            assert self.watch.look(self.chance) == "database"
            assert self.site.site.observed()["search"] is False

    def killed_while_healing(self) -> None:
        """The worker dies while it fills the new index."""
        eventually(lambda: self.site.site.worker() is not None, "the worker runs")
        worker = self.site.site.worker()
        assert worker is not None
        eventually(self._begins_to_heal, "a new index is begun", PATIENCE)
        time.sleep(self.chance.uniform(0, 0.03))
        worker.send_signal(signal.SIGKILL)
        self.done["worker killed while healing"] += 1
        self.done["of these, before it had finished"] += is_being_rebuilt(self.root)

    def _begins_to_heal(self) -> bool:
        """Delete the index; whether its new one was seen before it was finished."""
        clear(self.root)
        self.posting.allow(5)
        while not is_being_rebuilt(self.root):
            if (self.root / CURRENT).exists():
                return False
            time.sleep(0.001)
        return True

    def restarted_while_closed(self) -> None:
        """The whole site ends and starts on a directory that it cannot write."""
        self.done["started while closed"] += 1
        with unwritable(self.root):
            self.posting.allow(5)
            self.site.kill("everything", self.chance)
            self.outage()

    def see_it_heal(self) -> None:
        """Wait until the index is well, alone answers, and has what was posted up to now.

        Every other time nobody posts meanwhile: then no write meets the damage.
        """
        started, over, is_quiet = time.monotonic(), datetime.now(UTC), self.chance.random() < 0.5
        self.done["nobody posted while it healed"] += is_quiet
        while not (self._is_well() and self._answers_by_index()) or self._waiting(over):
            assert time.monotonic() < started + PATIENCE, self._waiting(over)
            time.sleep(0.2) if is_quiet else self.go_on(0.2)
        self.healing.append(time.monotonic() - started)
        self.know()

    def know(self) -> None:
        """What is acknowledged by now must be found from now on, once it is indexed."""
        known, now = set(self.posting.acknowledged), datetime.now(UTC)
        eventually(lambda: not self._waiting(now), "all is indexed", PATIENCE)
        bodies = self.posting.bodies
        self.watch.keys = [
            (body["external_id"], body["title"]) for body in bodies if body["external_id"] in known
        ]

    def _is_well(self) -> bool:
        with search_index(self.books.house) as index:
            return index.check().ok

    def _answers_by_index(self) -> bool:
        try:
            return all(self.watch.look(self.chance) == "index" for _ in range(SURE))
        except (OSError, http.client.HTTPException):  # cut off with a process that ended
            return False

    def _waiting(self, until: datetime) -> list[str | None]:
        """Why documents wait that were to be indexed by then."""
        session = self.books.session
        session.rollback()
        query = sa.select(OutboxJob.error).where(
            OutboxJob.name == index_job.name, OutboxJob.created_at <= until
        )
        waiting = list(session.scalars(query))
        session.rollback()
        return waiting


@pytest.fixture
def play(site: KilledSite, books: Books) -> Iterator[Play]:
    chance = random.Random(int(os.environ[SEED_VARIABLE]))
    tokens = {"need": books.token(books.cast.officer), "offer": books.token(books.cast.enterprise)}
    last_day = datetime.now(UTC) + timedelta(days=200)
    bodies = [body_of(number, last_day) for number in range(MOST_LISTINGS)]
    posting = Posting(site, bodies, lambda body: tokens[body["side"]])
    made = Play(site, books, posting, Watch(site, tokens["need"], chance), chance)
    posting.start()
    posting.allow(10)
    eventually(lambda: len(posting.acknowledged) > 5, "some are posted")
    made.know()
    made.watch.start()
    yield made
    made.watch.stop()


def beat(books: Books) -> None:
    """What the clock does every minute: have the index looked at."""
    with (
        books.app.app_context(),
        Session(db.engine) as session,
        open_act(books.house, lambda: session, SYSTEM, origin="test") as act,
    ):
        enqueue(act, heal_job, key="scheduled")


def test_a_harmed_index_heals_and_nobody_meets_an_error(
    play: Play, record_property: Callable[[str, object], None]
) -> None:
    started = time.monotonic()
    more = [play.closed_and_empty, play.killed_while_healing, play.restarted_while_closed]
    harms = [play.deleted, play.truncated, play.closed, *play.chance.sample(more, MORE)]
    with ExitStack() as stack:
        pace = nullcontext() if IS_FULL else repeated(lambda: beat(play.books), BEAT)
        stack.enter_context(pace)
        for harm in play.chance.sample(harms, len(harms)):
            play.go_on(play.chance.uniform(0, 0.5))
            harm()
            play.see_it_heal()
    play.watch.stop()
    posting, watch = play.posting, play.watch
    posting.stop()
    posting.wait(PATIENCE)
    eventually(play.books.is_drained, "all jobs have run", PATIENCE)
    record_property(
        FIGURES,
        f"{dict(play.done)}; {len(posting.acknowledged)} listings, answers {dict(watch.answers)}, "
        f"{posting.cut_off} posts and {watch.cut_off} searches cut off; "
        f"healed after {', '.join(f'{seconds:.1f}' for seconds in play.healing)} s; "
        f"{time.monotonic() - started:.0f} s",
    )
    assert (posting.refused, posting.failed, watch.faults) == ([], [], [])
    assert watch.answers["index"]
    everything_is_there(play.books, sorted(posting.acknowledged))
