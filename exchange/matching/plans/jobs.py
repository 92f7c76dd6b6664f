"""Plans in the background, in a lane of their own: nothing else waits for one."""

from collections.abc import Sequence
from datetime import timedelta

from exchange.jobs.registry import Lane, Payload, Run, job
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.matching.plans.computing import compute_plan
from exchange.matching.plans.service import forget_given_up

TIDIED = 500  # rows in one act


@job("matching.compute_plan", lane=Lane.PLANNING, patience=timedelta(hours=3))
def compute_plan_job(run: Run, payloads: Sequence[Payload]) -> None:
    """Compute plans; one that is ready, released or given up is left as it is."""
    for payload in payloads:
        compute_plan(run, payload["plan_id"])


@job("matching.tidy_plans", every_minutes=60, lane=Lane.PLANNING)
def tidy_plans_job(run: Run, _payloads: Sequence[Payload]) -> None:
    """Drop what is kept of plans that were given up long ago, some in each act."""
    gone = TIDIED
    while gone >= TIDIED:
        with run.act() as act:
            gone = forget_given_up(act, TIDIED)


def request_plan(act: Act, plan_id: int) -> None:
    """Have a plan computed after this act commits."""
    enqueue(act, compute_plan_job, {"plan_id": plan_id}, key=str(plan_id))
