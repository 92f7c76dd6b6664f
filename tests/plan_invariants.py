"""What must be true of plans at every moment, and of their promises while nobody else acts."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.brokering.planned.work import WORKLOAD
from exchange.listings.models import Listing
from exchange.matching.plans.kinds import ItemState, PlanState
from exchange.matching.plans.models import MatchingPlan, PlanItem
from exchange.matching.plans.queries import waiting_items
from exchange.notifications.models import Notice

ONCE = ("PlanAsked", "PlanComputed", "PlanReleased", "PlanQueued", "PlanDiscarded")
TOLD_ONCE = ("plan_ready", "plan_queued", "plan_queued_one")


def broken_plans(session: Session) -> Iterator[str]:
    """What does not hold of plans."""
    plans = session.scalars(sa.select(MatchingPlan)).all()
    items: dict[int, list[PlanItem]] = defaultdict(list)
    for item in session.scalars(sa.select(PlanItem).order_by(PlanItem.plan_id, PlanItem.rank)):
        items[item.plan_id].append(item)
    for plan in plans:
        yield from _wrong_rows(plan, items[plan.id])
    yield from _said_twice(session)


def _wrong_rows(plan: MatchingPlan, items: list[PlanItem]) -> Iterator[str]:
    """A ready plan has all its pairs, none decided; a queued one has decided on every pair."""
    for item in items:
        named, decided = bool(item.skip_code), item.decided_at is not None
        wanted = (item.state is ItemState.SKIPPED, item.state is not ItemState.PLANNED)
        if (named, decided) != wanted:
            yield f"pair {item.id} is {item.state.value} with {item.skip_code!r}"
    states = {item.state for item in items}
    if plan.state in (PlanState.READY, PlanState.RELEASED):
        assert plan.figures is not None
        if [item.rank for item in items] != list(range(plan.figures["pairs"])):
            yield f"plan {plan.id} counts {plan.figures['pairs']} pairs and has {len(items)}"
    if plan.released_at is None and states - {ItemState.PLANNED}:
        yield f"plan {plan.id} was not released and has decided on pairs"
    if plan.queued_at is not None and ItemState.PLANNED in states:
        yield f"plan {plan.id} is queued and has undecided pairs"


def _said_twice(session: Session) -> Iterator[str]:
    """Each step of a plan is on record once, and nobody is told of one twice."""
    query = sa.select(AuditEntry.event, AuditEntry.details).where(AuditEntry.event.in_(ONCE))
    steps: Counter[tuple[str, Any]] = Counter(
        (event, details["plan_id"]) for event, details in session.execute(query)
    )
    yield from (f"{event} of plan {plan}: {n} times" for (event, plan), n in steps.items() if n > 1)
    told = sa.select(Notice.person_id, Notice.code, Notice.dedupe_key).where(
        Notice.code.in_(TOLD_ONCE)
    )
    keys = Counter((person, key) for person, _code, key in session.execute(told))
    yield from (f"person {who} is told {n} times: {key}" for (who, key), n in keys.items() if n > 1)


def over_promised(session: Session, now: datetime) -> list[str]:
    """Offers of which the queues promise more than is left, and needs that they meet beyond it.

    True at every moment only while nobody takes from a listing past the queues.
    """
    session.rollback()
    taken: Counter[int] = Counter()
    for item in session.scalars(waiting_items(now, WORKLOAD)):
        taken[item.offer_id] += item.taken_milli or 0
        taken[item.need_id] += item.covers_milli or 0
    query = sa.select(Listing.id, Listing.quantity_milli - Listing.committed_milli).where(
        Listing.id.in_(sorted(taken)), Listing.quantity_milli.is_not(None)
    )
    return [
        f"listing {key}: {taken[key]} of {left} promised"
        for key, left in session.execute(query)
        if left is not None and taken[key] > left
    ]
