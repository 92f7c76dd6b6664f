"""Sealing what waits, every few minutes; once a day the head leaves the database."""

from collections.abc import Sequence

from exchange.audit.data_keys import RESEALED_AT_ONCE, reseal
from exchange.audit.heads import export_head, file_of
from exchange.audit.sealing import BATCH, head_of, seal_some
from exchange.jobs.registry import Payload, Run, job
from exchange.kernel.clock import civil_date


@job("audit.seal", every_minutes=5)
def seal_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Seal every entry that waits. Runs of two workers take turns."""
    seal_all(run)
    export_today(run)


def seal_all(run: Run, batch: int = BATCH) -> int:
    """Seal batch after batch until nothing waits; how many entries were sealed."""
    total = 0
    while True:
        with run.act() as act:
            done = seal_some(act, batch)
        total += done
        if done < batch:
            return total


def export_today(run: Run) -> bool:
    """Write today's head, and take keys over to the current key of the house; once a day."""
    settings, now = run.house.settings, run.house.clock.now()
    day = civil_date(now, settings.time_zone)
    if file_of(settings, day).exists():
        return False
    reseal_all(run)
    head = head_of(run.read())
    return head is not None and export_head(settings, head, now, day)


def reseal_all(run: Run) -> int:
    """Seal every key anew that an older key of the house seals; how many."""
    total = 0
    while True:
        with run.act() as act:
            done = reseal(act)
        total += done
        if done < RESEALED_AT_ONCE:
            return total
