"""A plan that was asked for is computed in the background."""

from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.matching.plan_events import PlanAsked
from exchange.matching.plan_jobs import request_plan


def listen(bus: EventBus) -> None:
    """Hear of plans."""
    bus.listen(PlanAsked, on_asked)


def on_asked(act: Act, event: PlanAsked) -> None:
    """Compute it after this act."""
    request_plan(act, event.plan_id)
