"""What happens to volunteers' time by the clock."""

from collections.abc import Sequence

from exchange.jobs.registry import Payload, Run, job
from exchange.volunteering.availability.service import BATCH, keep_due_in_step


@job("volunteering.availability", every_minutes=60)
def keep_availability_in_step(run: Run, _payloads: Sequence[Payload]) -> None:
    """Bring offers in step whose pause has begun or ended, in short acts."""
    full = True
    while full:
        with run.act() as act:
            full = keep_due_in_step(act, BATCH) == BATCH
