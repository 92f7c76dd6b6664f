"""Needs posted twice are looked for in the background."""

from collections.abc import Sequence
from datetime import timedelta

from exchange.jobs.registry import Lane, Payload, Run, job
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.matching.duplicates.finding import find_duplicates
from exchange.search.jobs import INDEXING

BATCH = 20


@job(
    "matching.find_duplicates",
    batch=BATCH,
    lane=Lane.MATCHING,
    after=INDEXING,
    patience=timedelta(days=1),
)
def find_duplicates_job(run: Run, payloads: Sequence[Payload]) -> None:
    """Bring the proposals of these needs up to date; running it again changes nothing."""
    find_duplicates(run, [payload["listing_id"] for payload in payloads])


def request_duplicates(act: Act, listing_id: int) -> None:
    """Have a need compared with others after this act commits."""
    enqueue(act, find_duplicates_job, {"listing_id": listing_id}, key=str(listing_id))
