"""Accounts close by the clock."""

from collections.abc import Sequence
from datetime import timedelta

from exchange.accounts.closing.service import close_account, due_closings
from exchange.jobs.registry import Payload, Run, job
from exchange.jobs.service import enqueue
from exchange.kernel.errors import Conflict


@job("accounts.close", patience=timedelta(days=1))
def close_job(run: Run, payloads: Sequence[Payload]) -> None:
    """Close the accounts, each in an act of its own; a second run finds nothing."""
    for payload in payloads:
        try:
            with run.act() as act:
                close_account(act, payload["person_id"])
        except Conflict:
            continue  # a case came in at this moment; the next hour finds it and tells the person


@job("accounts.closings", every_minutes=60)
def closings_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Ask for the closing of what is due; one that fails keeps no other from it."""
    due = due_closings(run.read(), run.house.clock.now())
    if not due:
        return
    with run.act() as act:
        for person_id in due:
            enqueue(act, close_job, {"person_id": person_id}, key=str(person_id))
