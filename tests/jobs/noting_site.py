"""A site whose one job notes that it ran; for the tests of the worker process."""

import time
from collections.abc import Sequence

from exchange import create_app
from exchange.jobs import cli, worker
from exchange.jobs.registry import Payload, Run, job

# Whoever tests that something ends waits for it.
cli.WORKER_PATIENCE = worker.STOP_SECONDS = 1
app = create_app()


@job("tests.note")
def note(run: Run, payloads: Sequence[Payload]) -> None:
    """Write a line per row into the data folder, then do as the payload says."""
    for payload in payloads:
        with (run.house.settings.data_dir / "noted.txt").open("a", encoding="utf-8") as file:
            file.write(f"{payload['id']}\n")
        if payload.get("fails"):
            raise ValueError("as told")
        if payload.get("hangs") and not (run.house.settings.data_dir / "let-go").exists():
            time.sleep(600)
