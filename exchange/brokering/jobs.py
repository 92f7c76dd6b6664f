"""What brokering does by the clock."""

from collections.abc import Sequence

from exchange.brokering.closing import lapse_due
from exchange.jobs.registry import Payload, Run, job


@job("brokering.lapse", every_minutes=30)
def LAPSE(run: Run, _payloads: Sequence[Payload]) -> None:  # noqa: N802 - a job is named like a constant
    """Let proposals lapse that nobody has answered in time."""
    with run.act() as act:
        lapse_due(act)
