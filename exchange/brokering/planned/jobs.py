"""Bringing the pairs of a released plan into the brokers' queues, and telling them."""

from collections.abc import Sequence
from datetime import timedelta

from exchange.brokering.planned.telling import people_with_pairs, tell_one
from exchange.brokering.planned.work import queue_some
from exchange.jobs.registry import Payload, Run, job
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.matching.plans.service import end_queueing


@job("brokering.queue_plan", patience=timedelta(days=1))
def queue_plan_job(run: Run, payloads: Sequence[Payload]) -> None:
    """Decide on every pair that is still undecided, some in each act; a second run finds none."""
    for payload in payloads:
        decided = True
        while decided:
            with run.act() as act:
                decided = bool(queue_some(act, payload["plan_id"]))
                if not decided:
                    end_queueing(act, payload["plan_id"])


@job("brokering.tell_of_plan", patience=timedelta(days=1))
def tell_of_plan_job(run: Run, payloads: Sequence[Payload]) -> None:
    """Tell each social worker whose queue got pairs of a plan, each in an act of its own."""
    for payload in payloads:
        for person_id in people_with_pairs(run.read(), payload["plan_id"]):
            with run.act() as act:
                tell_one(act, payload["plan_id"], person_id)


def request_queueing(act: Act, plan_id: int) -> None:
    """Have a released plan's pairs queued after this act commits."""
    enqueue(act, queue_plan_job, {"plan_id": plan_id}, key=str(plan_id))


def request_telling(act: Act, plan_id: int) -> None:
    """Have those told whose queue got pairs of the plan, after this act commits."""
    enqueue(act, tell_of_plan_job, {"plan_id": plan_id}, key=str(plan_id))
