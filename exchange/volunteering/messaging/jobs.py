"""Places that go to others by the clock, when somebody has not answered in time."""

from collections.abc import Sequence

from exchange.jobs.registry import Payload, Run, job
from exchange.volunteering.messaging.silence_service import BATCH, release_due


@job("volunteering.release", every_minutes=10)
def release_places(run: Run, _payloads: Sequence[Payload]) -> None:
    """Release what is due, in short acts."""
    full = True
    while full:
        with run.act() as act:
            full = release_due(act, BATCH) == BATCH
