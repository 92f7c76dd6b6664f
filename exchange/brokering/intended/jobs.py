"""Bringing accepted intentions on after the act that accepted them."""

from collections.abc import Sequence
from datetime import timedelta

from exchange.brokering.intended.taking_up import bring_on
from exchange.jobs.registry import Payload, Run, job
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act


@job("brokering.intentions", patience=timedelta(days=1))
def bring_on_job(run: Run, payloads: Sequence[Payload]) -> None:
    """Bring each on in an act of its own; a second run finds what the first has made."""
    for payload in payloads:
        with run.act() as act:
            bring_on(act, payload["intention_id"])


def request_bringing_on(act: Act, intention_id: int) -> None:
    """Have an accepted intention brought on after this act commits."""
    enqueue(act, bring_on_job, {"intention_id": intention_id}, key=str(intention_id))
