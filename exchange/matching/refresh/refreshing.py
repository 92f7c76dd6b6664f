"""Computing the suggestions of all open listings anew, in small steps beside the service.

What is done stands in the database with each listing (``ListingMatched``), written in the act that
replaces its suggestions: whoever goes on, in whichever process, after whatever end, finds what is
left. Two that run at once do some listings twice, which changes nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import cast

import numpy as np
import structlog
from sqlalchemy.exc import OperationalError

from exchange.jobs.registry import Run
from exchange.kernel.clock import civil_date
from exchange.matching.fingerprint import engine_name
from exchange.matching.models import RefreshState
from exchange.matching.openings import openings_of, parts
from exchange.matching.recall import REFRESH
from exchange.matching.refresh.queries import ids_left, present_refresh
from exchange.matching.refresh.service import drive, end_refresh, note_step
from exchange.matching.service import mark_matched
from exchange.matching.suggesting import match_listings

log = structlog.get_logger(__name__)
WALK = "matching.refresh"
STEP, LARGE_STEP = 12, 48  # listings; beside people, and in a command
DRIVEN, SAY_SO = timedelta(seconds=90), 20.0
Progress = Callable[[int, int], None]


@dataclass
class Walk:
    """What this process has yet to do of a round, in the order of ``in_order``."""

    engine: str
    round: int
    total: int
    left: list[int]

    def take(self, size: int) -> list[int]:
        """The next ones."""
        some, self.left = self.left[:size], self.left[size:]
        return some


def step(run: Run, size: int = STEP) -> bool:
    """Do the next listings of the refresh that runs; returns whether more is to be done.

    Nothing is done, and nothing more is to be done here, where none runs for this engine.
    """
    walk = _walk(run)
    if walk is None:
        return False
    some = walk.take(size)
    if some:
        changed, failed = match_some(run, walk, some)
        with run.act() as act:
            note_step(act, walk.round, changed, failed)
        return True
    return not _end(run, walk)


def _end(run: Run, walk: Walk) -> bool:
    """End the round, unless something is left after all: then a new walk begins."""
    run.house.resources.pop(WALK, None)
    if find_left(run):
        return False
    with run.act() as act:
        if end_refresh(act, walk.round):
            log.info("suggestions are refreshed", engine=walk.engine)
    return True


def is_running(run: Run) -> bool:
    """Whether a refresh for this engine runs."""
    session = run.read()
    refresh = present_refresh(session)
    if refresh is None or refresh.state is not RefreshState.RUNNING:
        return False
    return refresh.engine == engine_name(run.house, session)


def is_driven(run: Run) -> bool:
    """Whether a command does the work."""
    refresh = present_refresh(run.read())
    if refresh is None or refresh.driven_until is None:
        return False
    return refresh.driven_until > run.house.clock.now()


def _walk(run: Run) -> Walk | None:
    """The walk of this process, a new one where the round is another."""
    refresh = present_refresh(run.read()) if is_running(run) else None
    if refresh is None:
        return None
    walk = cast("Walk | None", run.house.resources.get(WALK))
    if walk is None or (walk.engine, walk.round) != (refresh.engine, refresh.round):
        engine, number = refresh.engine, refresh.round
        left = in_order(run, find_left(run))
        walk = run.house.resources[WALK] = Walk(engine, number, len(left), left)
    return walk


def find_left(run: Run) -> list[int]:
    """What is left of the refresh that runs, by id."""
    session = run.read()
    refresh = present_refresh(session)
    today = civil_date(run.house.clock.now(), run.house.settings.time_zone)
    return [] if refresh is None else ids_left(session, refresh, today)


def in_order(run: Run, ids: Sequence[int]) -> list[int]:
    """Offers by where they reach, needs by what they ask for: neighbours are compared with the
    same others, which are read and remembered once.

    What has no vectors yet comes first.
    """
    openings = openings_of(run.house)
    with openings.lock:
        openings.catch_up(run.read())
        columns = openings.columns
        there = [key for key in ids if key in columns]
        rows = np.array([columns.row(key) for key in there], np.intp)
        is_need, subject = columns.is_need[rows], columns.subjects[rows, 0]
        place, category = columns.place[rows], columns.category[rows]
        first = np.where(is_need, category, columns.reach[rows])
        second = np.where(is_need, subject, place)
        third = np.where(is_need, place, category)
        order = np.lexsort([third, second, first, is_need])
    known = set(there)
    return [key for key in ids if key not in known] + [there[at] for at in order]


def match_some(run: Run, walk: Walk, ids: Sequence[int]) -> tuple[int, int]:
    """Match these; returns how many rows changed and how many listings failed.

    Where some fail each is tried alone; one that fails alone is noted, and the refresh goes on.
    Raises OperationalError when the database is the cause.
    """
    try:
        return match_listings(run, ids, REFRESH), 0
    except OperationalError:
        raise
    except Exception as error:
        if len(ids) > 1:
            results = [match_some(run, walk, [key]) for key in ids]
            return sum(one for one, _ in results), sum(one for _, one in results)
        log.exception("a listing cannot be matched", listing=ids[0], error=type(error).__name__)
        with run.act() as act:
            mark_matched(act, ids, walk.engine)
        return 0, 1


def drive_refresh(
    run: Run, progress: Progress | None = None, share: tuple[int, int] = (0, 1)
) -> tuple[int, int]:
    """Do the refresh that runs until it ends or is stopped; returns (listings, rows changed).

    ``share`` (which, of how many) is the part of this process, where several share the work; the
    first also does what the others leave.
    """
    listings = changed = 0
    which, of = share
    while (walk := _walk(run)) is not None:
        own = list(parts(walk.left, LARGE_STEP))[which::of]
        for done, rows in _steps(run, walk, own):
            listings, changed = listings + done, changed + rows
            if progress is not None:
                progress(min(listings * of, walk.total), walk.total)
        run.house.resources.pop(WALK, None)
        if which or not is_running(run):
            break
        if not own and _end(run, walk):
            break
    return listings, changed


def _steps(run: Run, walk: Walk, some: Sequence[list[int]]) -> Iterator[tuple[int, int]]:
    said = float("-inf")
    for ids in some:
        if not is_running(run):
            return
        if monotonic() - said > SAY_SO:
            said = monotonic()
            with run.act() as act:
                drive(act, DRIVEN)
        changed, failed = match_some(run, walk, ids)
        with run.act() as act:
            note_step(act, walk.round, changed, failed)
        yield len(ids), changed
