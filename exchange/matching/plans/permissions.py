"""Who may see and make plans: supervisors, for divisions that they supervise."""

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.actor import WHOLE_COUNTRY, Actor
from exchange.matching.plans.models import MatchingPlan, PlanDivision


def may_plan(actor: Actor, prefixes: tuple[str, ...]) -> bool:
    """Whether the actor supervises every one of the divisions, and there is one."""
    if actor.is_system:
        return True
    return bool(prefixes) and all(actor.supervises_division(prefix) for prefix in prefixes)


def can_see(actor: Actor, plan: MatchingPlan) -> bool:
    """Whether the actor may know of the plan."""
    return may_plan(actor, plan.prefixes)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """``can_see`` as a condition on MatchingPlan."""
    if actor.is_system:
        return sa.true()
    if not actor.supervises:
        return sa.false()
    own = PlanDivision.plan_id == MatchingPlan.id
    some = sa.exists().where(own)
    if WHOLE_COUNTRY in actor.supervises:
        return some
    inside = (PlanDivision.prefix.startswith(one, autoescape=True) for one in actor.supervises)
    return sa.and_(some, sa.not_(sa.exists().where(own, sa.not_(sa.or_(*inside)))))
