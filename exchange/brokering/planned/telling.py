"""Telling social workers, once for each plan, how many of its pairs came into their queue."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.models import Assignment, ServicePoint, ServicePointDivision
from exchange.brokering.planned.work import WORKLOAD, near_actor
from exchange.kernel.act import Act
from exchange.kernel.actor import WHOLE_COUNTRY, ancestors
from exchange.listings.models import Listing
from exchange.matching.plans.kinds import ItemState
from exchange.matching.plans.models import MatchingPlan, PlanItem
from exchange.matching.plans.queries import waiting_items
from exchange.notifications.service import notify

PATH = "/today"


def people_with_pairs(session: Session, plan_id: int) -> list[int]:
    """Ids of those who serve the place of a need that the plan brought into a queue, but for
    whoever released the plan.
    """
    places = session.scalars(
        sa.select(Listing.division_code)
        .join(PlanItem, PlanItem.need_id == Listing.id)
        .where(PlanItem.plan_id == plan_id, PlanItem.state == ItemState.QUEUED)
        .distinct()
    )
    above = {prefix for place in places for prefix in ancestors(place or WHOLE_COUNTRY)}
    releaser = sa.select(MatchingPlan.released_by_id).where(MatchingPlan.id == plan_id)
    released_by = session.scalar(releaser)
    found = session.execute(
        sa.select(Assignment.person_id, ServicePointDivision.prefix)
        .join(ServicePoint, ServicePoint.id == Assignment.service_point_id)
        .join(ServicePointDivision, ServicePointDivision.service_point_id == ServicePoint.id)
        .where(Assignment.ended_at.is_(None), ServicePoint.closed_at.is_(None))
    )
    people = {person_id for person_id, prefix in found if prefix in above}
    return sorted(people - {released_by})


def tell_one(act: Act, plan_id: int, person_id: int) -> bool:
    """Tell a social worker of what of the plan waits for them; whether there is anything.

    A second time nobody is told.
    """
    actor = load_actor(act.session, person_id)
    if not actor.serves:
        return False
    waiting = (
        near_actor(waiting_items(act.now, WORKLOAD), actor)
        .where(PlanItem.plan_id == plan_id)
        .with_only_columns(sa.func.count(PlanItem.id.distinct()))
        .order_by(None)
    )
    count = act.session.scalar(waiting) or 0
    if count:
        code = "plan_queued" if count > 1 else "plan_queued_one"
        key = f"plan-queued:{plan_id}"
        notify(act, {person_id}, code, {"count": count}, PATH, dedupe_key=key)
    return bool(count)
