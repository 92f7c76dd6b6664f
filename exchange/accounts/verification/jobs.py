"""What happens to verifications by the clock."""

from collections.abc import Sequence

from exchange.accounts.verification.renewal_service import (
    BATCH,
    forget_old_evidence,
    lapse_due,
    remind_of_renewal,
)
from exchange.jobs.registry import Payload, Run, job


@job("accounts.verifications", every_minutes=60)
def keep_verifications(run: Run, _payloads: Sequence[Payload]) -> None:
    """Remind, end what is over, forget old evidence, in short acts."""
    for verb in (remind_of_renewal, lapse_due):
        after: int | None = 0
        while after is not None:
            with run.act() as act:
                after = verb(act, after)
    full = True
    while full:
        with run.act() as act:
            full = forget_old_evidence(act) == BATCH
