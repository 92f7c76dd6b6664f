"""Matching in the background."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from time import monotonic

import structlog

from exchange.jobs.registry import Lane, Payload, Run, job
from exchange.jobs.service import enqueue, others_wait
from exchange.kernel.act import Act
from exchange.matching.fingerprint import engine_name
from exchange.matching.models import Refresh, RefreshState
from exchange.matching.openings import openings_of
from exchange.matching.refresh.queries import present_refresh
from exchange.matching.refresh.refreshing import (
    Progress,
    drive_refresh,
    is_driven,
    is_running,
    step,
)
from exchange.matching.refresh.service import resume_refresh, start_refresh, stop_refresh
from exchange.matching.suggesting import match_listings
from exchange.search.jobs import INDEXING

log = structlog.get_logger(__name__)
BATCH = 20
REFRESHING = "matching.refresh"
AT_A_TIME = 5.0  # seconds of a refresh, less when somebody waits
AGAIN_AFTER = timedelta(days=7)
LATER = timedelta(seconds=30)  # the worker's next look while a command does the work


@job(
    "matching.match_listing",
    batch=BATCH,
    lane=Lane.MATCHING,
    after=INDEXING,
    patience=timedelta(days=1),
)
def match_listing_job(run: Run, payloads: Sequence[Payload]) -> None:
    """Bring the suggestions of these listings up to date; running it again changes nothing."""
    match_listings(run, [payload["listing_id"] for payload in payloads])


@job(REFRESHING, lane=Lane.MATCHING, priority=-1, patience=timedelta(days=1))
def refresh_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Some steps of the refresh of all suggestions, until somebody waits for something else."""
    if is_driven(run):
        _go_on(run, LATER)
        return
    end = monotonic() + AT_A_TIME
    while step(run):
        if monotonic() > end or others_wait(run.read(), run.house.clock.now(), REFRESHING):
            _go_on(run, timedelta(0))
            return


@job("matching.watch", every_minutes=5, lane=Lane.MATCHING)
def watch_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Refresh all suggestions when weights, tables or encoder are others than they came from.

    Once in a while, too, because days pass: what is left of a need's time, and how old a post is.
    A refresh that somebody stopped stays stopped.
    """
    session = run.read()
    refresh, engine = present_refresh(session), engine_name(run.house, session)
    is_of_engine = refresh is not None and refresh.engine == engine
    if refresh is not None and is_of_engine:
        if refresh.state is RefreshState.RUNNING:
            _go_on(run, timedelta(0))
            return
        if not _is_old(refresh, run.house.clock.now()):
            return
    with run.act() as act:
        request_refresh(act, again=is_of_engine)
    log.info("suggestions are refreshed", engine=engine, for_their_age=is_of_engine)


@job("matching.verify", every_minutes=60, lane=Lane.MATCHING)
def verify_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Compare the columns of this process with the database, and mend what was missed."""
    openings = openings_of(run.house)
    with openings.lock:
        differed = openings.verify(run.read())
    if differed:
        log.warning("open listings had been missed", listings=differed)


def _is_old(refresh: Refresh, now: datetime) -> bool:
    if refresh.state is not RefreshState.DONE or refresh.ended_at is None:
        return False
    return now - refresh.ended_at >= AGAIN_AFTER


def request_matching(act: Act, listing_id: int) -> None:
    """Have a listing's suggestions computed after this act commits."""
    enqueue(act, match_listing_job, {"listing_id": listing_id}, key=str(listing_id))


def request_refresh(act: Act, *, again: bool = True) -> bool:
    """Have all suggestions computed anew; returns whether that was started, or runs already.

    Without ``again`` only those that another engine has made.
    """
    started = start_refresh(act, engine_name(act.house, act.session), again=again)
    enqueue(act, refresh_job, key="refresh")
    return started


def continue_refresh(act: Act) -> bool:
    """Have a stopped refresh go on where it was; returns whether one was stopped."""
    resumed = resume_refresh(act)
    if resumed:
        enqueue(act, refresh_job, key="refresh")
    return resumed


def halt_refresh(act: Act) -> bool:
    """Have a refresh stop after its present step; returns whether one ran."""
    return stop_refresh(act)


def rematch_all(
    run: Run, progress: Progress | None = None, share: tuple[int, int] = (0, 1)
) -> tuple[int, int]:
    """Compute all suggestions anew, here and now; returns (listings, rows changed).

    A refresh that runs already is gone on with. Whatever ends this, the worker does the rest.
    """
    with run.act() as act:
        request_refresh(act)
    return drive_refresh(run, progress, share)


def _go_on(run: Run, delay: timedelta) -> None:
    if is_running(run):
        with run.act() as act:
            enqueue(act, refresh_job, key="refresh", delay=delay)
