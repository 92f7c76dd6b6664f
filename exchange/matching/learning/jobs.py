"""Learning in the background."""

from collections.abc import Sequence

from exchange.jobs.registry import Lane, Payload, Run, job
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.matching.learning.improving import learn
from exchange.matching.learning.service import insist_may_learn


@job("matching.learn", every_minutes=60, lane=Lane.PLANNING)
def learn_job(run: Run, payloads: Sequence[Payload]) -> None:
    """Look whether the weights in force hold and whether better can be made of new decisions."""
    learn(run, by_hand=any(payload.get("by_hand") for payload in payloads))


def request_learning(act: Act) -> None:
    """Have decisions learned from after this act commits, whether much is new or not.

    Raises Forbidden for whoever does not decide about the weights.
    """
    insist_may_learn(act)
    enqueue(act, learn_job, {"by_hand": True}, key="by_hand")
