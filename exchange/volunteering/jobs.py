"""What happens to activities and shifts by the clock."""

from collections.abc import Sequence

from exchange.jobs.registry import Payload, Run, job
from exchange.volunteering.service import BATCH as ACTIVITIES
from exchange.volunteering.service import end_due
from exchange.volunteering.signups.reminding import (
    BATCH,
    remind_of_the_day,
    remind_shortly,
    tell_of_lacks,
)


@job("volunteering.remind", every_minutes=10)
def remind_volunteers(run: Run, _payloads: Sequence[Payload]) -> None:
    """Remind those who come, and tell coordinators whom they lack, in short acts."""
    for verb in (remind_shortly, remind_of_the_day, tell_of_lacks):
        full = True
        while full:
            with run.act() as act:
                full = verb(act, BATCH) == BATCH


@job("volunteering.end", every_minutes=60)
def end_activities(run: Run, _payloads: Sequence[Payload]) -> None:
    """End activities whose last shift is over, in short acts."""
    full = True
    while full:
        with run.act() as act:
            full = end_due(act, ACTIVITIES) == ACTIVITIES
