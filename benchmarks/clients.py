"""Asking a running site, or an engine without a site, from several sides at once.

Each of four askers takes every fourth of the same questions, one after the other, as long as it is
told to. Before that they warm up with others. Times are in milliseconds.
"""

import http.client
import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import cycle
from multiprocessing.synchronize import Barrier
from urllib.parse import urlsplit

from benchmarks.large_site import opened
from benchmarks.questions import GeneratedQuestion
from exchange.discovery.finding import PAGE, filters_of
from exchange.discovery.rules import Asked
from exchange.discovery.searching import FACETS
from exchange.kernel.act import House
from exchange.kernel.actor import VISITOR
from exchange.kernel.clock import civil_date
from exchange.kernel.settings import Settings
from exchange.listings.permissions import audience_tokens
from exchange.search.meaning import meaning_of
from exchange.search.port import Query
from exchange.search.reading.asking import side_meant, without_asking
from exchange.search.synonyms.wiring import synonyms_of
from exchange.search.wiring import search_index

ASKERS = 4
PROCESSES = 2  # in which the askers of an engine live, as the page has as many web processes
WARM_SHARE = 0.2  # of the seconds, beforehand and unmeasured
LEAST = 2  # questions that each asker puts, however long they take
PATIENCE = 60.0
Asking = Callable[[], object]
Prepare = Callable[[GeneratedQuestion], Asking]  # makes ready what is then timed


@dataclass
class Times:
    """How long each question took, and what went wrong with others."""

    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def answers(self) -> int:
        """How many questions were answered or failed."""
        return len(self.milliseconds) + len(self.errors)

    def add(self, other: "Times") -> None:
        """Count others in."""
        self.milliseconds += other.milliseconds
        self.errors += other.errors


def ask_for(prepare: Prepare, some: Sequence[GeneratedQuestion], seconds: float) -> Times:
    """Ask one after the other, twice at least, until the time is over; the warm-up counts not."""
    found, waiting = Times(), cycle(some)
    warm = time.perf_counter() + seconds * WARM_SHARE
    end = warm + seconds
    while time.perf_counter() < end or found.answers < LEAST:
        question = next(waiting)
        asking = prepare(question)
        started = time.perf_counter()
        try:
            asking()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a failed question
            found.errors.append(f"{type(error).__name__}: {error} ({question.asked})")
            continue
        if started >= warm:
            found.milliseconds.append((time.perf_counter() - started) * 1000)
    return found


def ask_together(
    asks: Sequence[Prepare], first: int, some: Sequence[GeneratedQuestion], seconds: float
) -> Times:
    """Each of these asks its share at the same time as the others."""
    whole = Times()
    with ThreadPoolExecutor(len(asks)) as pool:
        shares = [some[first + number :: ASKERS] for number in range(len(asks))]
        for found in pool.map(ask_for, asks, shares, [seconds] * len(asks)):
            whole.add(found)
    return whole


class PageReader:
    """Reads pages over one connection that is kept open. Raises ValueError for a bad answer."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=PATIENCE
        )

    def prepare(self, question: GeneratedQuestion) -> Asking:
        """Reads the search page for the question, whole."""
        return partial(self._read, question.path)

    def _read(self, path: str) -> None:
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        page = answer.read()
        if answer.status != 200 or b"</html>" not in page:
            raise ValueError(f"status {answer.status}")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def read_pages(address: str, some: Sequence[GeneratedQuestion], seconds: float) -> Times:
    """Four readers in this process."""
    readers = [PageReader(address) for _ in range(ASKERS)]
    try:
        return ask_together([reader.prepare for reader in readers], 0, some, seconds)
    finally:
        for reader in readers:
            reader.close()


def read_pages_apart(address: str, some: Sequence[GeneratedQuestion], seconds: float) -> Times:
    """Four readers in a process of their own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(read_pages, (address, some, seconds))


def query_of(house: House, asked: Asked, today: date) -> Query:
    """What the page asks the engine for a visitor, the meaning of the words included."""
    return Query(
        text=asked.q, filters=filters_of(asked, today), limit=PAGE,
        audience=audience_tokens(VISITOR), day=today, facets=FACETS,
        prefer_side="" if asked.side else side_meant(asked.q),
        vector=meaning_of(house, without_asking(asked.q)), synonyms=synonyms_of(house),
    )  # fmt: skip


def ask_engine(
    settings: Settings,
    first: int,
    askers: int,
    some: Sequence[GeneratedQuestion],
    seconds: float,
    start: Barrier | None = None,
) -> Times:
    """Put the page's own query to the engine of these settings, in this process."""
    with opened(settings) as app:
        house = app.extensions["exchange"]
        index, today = search_index(house), civil_date(house.clock.now())

        def prepare(question: GeneratedQuestion) -> Asking:
            return partial(index.search, query_of(house, question.asked, today))

        if start is not None:
            start.wait(PATIENCE)
        return ask_together([prepare] * askers, first, some, seconds)


def ask_engine_apart(
    settings: Settings, some: Sequence[GeneratedQuestion], seconds: float
) -> Times:
    """Four askers in as many processes as the web server has."""
    context = multiprocessing.get_context("spawn")
    each, whole = ASKERS // PROCESSES, Times()
    with context.Manager() as manager, context.Pool(PROCESSES) as pool:
        start = manager.Barrier(PROCESSES)
        given = [(settings, n * each, each, some, seconds, start) for n in range(PROCESSES)]
        for found in pool.starmap(ask_engine, given):
            whole.add(found)
    return whole
