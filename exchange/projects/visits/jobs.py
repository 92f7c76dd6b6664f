"""What the clock does to roadshows and visits."""

from collections.abc import Sequence

from exchange.jobs.registry import Payload, Run, job
from exchange.projects.visits.announcing import BATCH, remind_due


@job("projects.visits", every_minutes=30)
def remind_of_visits(run: Run, _payloads: Sequence[Payload]) -> None:
    """Remind those who come tomorrow, in short acts."""
    full = True
    while full:
        with run.act() as act:
            full = remind_due(act) == BATCH
