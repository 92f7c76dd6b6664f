"""What happens to listings by the clock."""

from collections.abc import Sequence

from exchange.jobs.registry import Payload, Run, job
from exchange.listings.filing.forgetting import BATCH as FILINGS
from exchange.listings.filing.forgetting import forget_due
from exchange.listings.renewal.expiry import BATCH, announce_expiry, expire_due
from exchange.listings.renewal.renewing import return_parked


@job("listings.expire", every_minutes=60)
def expire_listings(run: Run, _payloads: Sequence[Payload]) -> None:
    """End listings past their last day, tell of those near it, and bring back what was set aside
    until today, in short acts.
    """
    for verb in (expire_due, announce_expiry, return_parked):
        full = True
        while full:
            with run.act() as act:
                full = verb(act, BATCH) == BATCH


@job("listings.forget_filings", every_minutes=60)
def forget_filings(run: Run, _payloads: Sequence[Payload]) -> None:
    """Delete what is private of filings that are kept no longer, in short acts."""
    full = True
    while full:
        with run.act() as act:
            full = forget_due(act) == FILINGS
