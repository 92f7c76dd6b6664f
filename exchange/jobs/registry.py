"""Declaring jobs. A room's jobs.py declares; importing it is enough."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy.orm import Session

from exchange.kernel.act import Act, House

Payload = dict[str, Any]


class Run(Protocol):
    """What a running job may use: reading sessions and acts of its own, as short as it likes."""

    @property
    def house(self) -> House: ...

    def read(self) -> Session:
        """A session to read in; nothing written through it is kept."""
        ...

    def act(self) -> AbstractContextManager[Act]:
        """Open one writing act of the system."""
        ...


class Lane(StrEnum):
    """Where a job waits for its turn. Each has one thread, so that none stands behind another."""

    INDEX = "index"
    PROMPT = "prompt"  # somebody is waiting: codes
    MATCHING = "matching"
    PLANNING = "planning"  # takes minutes and presses nobody
    SENDING = "sending"  # waits for mail servers and gateways
    STEADY = "steady"


Handler = Callable[[Run, Sequence[Payload]], None]


@dataclass(frozen=True)
class Job:
    """A named kind of work. ``batch`` rows at most are handed to one call of the handler.

    A row that fails is set aside once it is older than ``patience``; until then it waits, each
    time as long again as it has waited already, so that an outage loses nothing. A row waits for
    every row of the job ``after`` that is not younger, so that it finds that work done.
    """

    name: str
    handler: Handler
    batch: int
    priority: int
    every_minutes: int | None
    patience: timedelta = timedelta(0)
    lane: Lane = Lane.STEADY
    after: str | None = None


JOBS: dict[str, Job] = {}


def job(
    name: str,
    *,
    batch: int = 1,
    priority: int = 0,
    every_minutes: int | None = None,
    patience: timedelta = timedelta(0),
    lane: Lane = Lane.STEADY,
    after: str | None = None,
) -> Callable[[Handler], Job]:
    """Declare a job.

    Higher priority runs first in its lane. ``every_minutes``, a divisor of 60, schedules it.
    ``patience`` fits what fails while something outside is down: mail, the disk.
    """

    def declare(handler: Handler) -> Job:
        declared = Job(name, handler, batch, priority, every_minutes, patience, lane, after)
        if name in JOBS:
            raise ValueError(f"two jobs are called {name}")
        JOBS[name] = declared
        return declared

    return declare


def names_of(lanes: Collection[Lane]) -> list[str]:
    """The names of the jobs of these lanes."""
    return sorted(item.name for item in JOBS.values() if item.lane in lanes)


def scheduled_jobs() -> Iterator[Job]:
    """The jobs that run by the clock."""
    return (item for item in JOBS.values() if item.every_minutes)
