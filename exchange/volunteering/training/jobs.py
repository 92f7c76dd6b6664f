"""What happens to trainings by the clock."""

from collections.abc import Sequence

from exchange.jobs.registry import Payload, Run, job
from exchange.volunteering.training.reminding import (
    BATCH,
    fill_shift,
    shifts_to_fill,
    tell_of_expiry,
)


@job("volunteering.training.expiry", every_minutes=60)
def remind_of_expiry(run: Run, _payloads: Sequence[Payload]) -> None:
    """Tell volunteers whose completions end soon, in short acts."""
    full = True
    while full:
        with run.act() as act:
            full = tell_of_expiry(act, BATCH) == BATCH


@job("volunteering.training.fill", every_minutes=10)
def fill_shifts(run: Run, _payloads: Sequence[Payload]) -> None:
    """Those who waited without a training, and have it now, move up where places are free."""
    with run.act() as act:
        waiting = shifts_to_fill(act)
    for shift_id in waiting:
        with run.act() as act:
            fill_shift(act, shift_id)
