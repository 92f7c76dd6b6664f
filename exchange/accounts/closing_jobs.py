"""Accounts close by the clock."""

from collections.abc import Sequence

from exchange.accounts.closing_service import close_account, due_closings
from exchange.jobs.registry import Payload, Run, job
from exchange.kernel.errors import Conflict


@job("accounts.closings", every_minutes=60)
def closings_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Close what is due, each account in an act of its own; a second run finds nothing."""
    for person_id in due_closings(run.read(), run.house.clock.now()):
        try:
            with run.act() as act:
                close_account(act, person_id)
        except Conflict:
            continue  # a case came in at this moment; the next run finds it and tells the person
