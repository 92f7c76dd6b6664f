"""What happens to files by the clock."""

from collections.abc import Sequence

from exchange.files.service import file_store, orphan_names
from exchange.jobs.registry import Payload, Run, job


@job("files.sweep", every_minutes=60)
def sweep_files(run: Run, _payloads: Sequence[Payload]) -> None:
    """Delete bytes that no row knows and that are older than a day."""
    with run.act() as act:
        orphans = orphan_names(act)
    store = file_store(run.house)
    for name in orphans:
        store.delete(name)
