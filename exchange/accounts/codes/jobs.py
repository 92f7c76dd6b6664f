"""One-time codes that ended are deleted: they hold an address."""

from collections.abc import Sequence

from exchange.accounts.codes.service import forget_codes
from exchange.jobs.registry import Payload, Run, job

AT_ONCE = 500


@job("accounts.codes", every_minutes=60)
def forget_codes_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Delete them in short acts; a second run finds nothing."""
    full = True
    while full:
        with run.act() as act:
            full = forget_codes(act, AT_ONCE) == AT_ONCE
