"""A plan that was asked for is computed in the background, and whoever asked is told."""

from exchange.accounts.actor_queries import load_actor
from exchange.kernel.act import Act
from exchange.kernel.events import EventBus
from exchange.matching.plans.events import PlanAsked, PlanComputed
from exchange.matching.plans.jobs import request_plan
from exchange.matching.plans.models import MatchingPlan
from exchange.matching.plans.permissions import can_see
from exchange.notifications.service import notify


def listen(bus: EventBus) -> None:
    """Hear of plans."""
    bus.listen(PlanAsked, on_asked)
    bus.listen(PlanComputed, on_computed)


def on_asked(act: Act, event: PlanAsked) -> None:
    """Compute it after this act."""
    request_plan(act, event.plan_id)


def on_computed(act: Act, event: PlanComputed) -> None:
    """Tell whoever asked, while they still look after its places."""
    plan = act.session.get_one(MatchingPlan, event.plan_id)
    if not can_see(load_actor(act.session, plan.asked_by_id), plan):
        return
    values = {"name": plan.name, "pairs": event.pairs, "gaps": event.gaps}
    path, key = f"/plans/{plan.public_id}", f"plan-ready:{plan.id}"
    notify(act, {plan.asked_by_id}, "plan_ready", values, path, dedupe_key=key)
