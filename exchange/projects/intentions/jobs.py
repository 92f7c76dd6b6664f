"""What the clock does to intentions."""

from collections.abc import Sequence

from exchange.jobs.registry import Payload, Run, job
from exchange.projects.intentions.clock import (
    BATCH,
    lapse_due,
    tell_of_follow_up,
    tell_of_lapse,
)


@job("projects.intentions", every_minutes=60)
def look_after_intentions(run: Run, _payloads: Sequence[Payload]) -> None:
    """Lapse what nobody answered, tell of what lapses soon and of follow-ups, in short acts."""
    for verb in (lapse_due, tell_of_lapse, tell_of_follow_up):
        full = True
        while full:
            with run.act() as act:
                full = verb(act) == BATCH
