"""Matching in the background."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from exchange.jobs.registry import Lane, Payload, Run, job
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.matching.queries import open_listing_ids
from exchange.matching.suggesting import match_listings
from exchange.search.jobs import INDEXING

BATCH = 20


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


def request_matching(act: Act, listing_id: int) -> None:
    """Have a listing's suggestions computed after this act commits."""
    enqueue(act, match_listing_job, {"listing_id": listing_id}, key=str(listing_id))


def rematch_all(run: Run, progress: Callable[[int, int], None] | None = None) -> tuple[int, int]:
    """Compute all suggestions anew, beside the service; returns (listings, rows changed).

    It may be stopped and started again at any moment.
    """
    today = civil_date(run.house.clock.now(), run.house.settings.time_zone)
    ids = open_listing_ids(run.read(), today)
    changed = 0
    for start in range(0, len(ids), BATCH):
        changed += match_listings(run, ids[start : start + BATCH])
        if progress:
            progress(min(start + BATCH, len(ids)), len(ids))
    return len(ids), changed
