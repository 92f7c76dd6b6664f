"""Signed links that ended long ago are dropped."""

from collections.abc import Sequence

from exchange.accounts.links.service import forget_links
from exchange.jobs.registry import Payload, Run, job

AT_ONCE = 500


@job("accounts.links", every_minutes=60)
def forget_links_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Drop them in short acts; a second run finds nothing."""
    full = True
    while full:
        with run.act() as act:
            full = forget_links(act, AT_ONCE) == AT_ONCE
