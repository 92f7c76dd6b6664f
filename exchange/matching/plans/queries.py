"""Reading plans, their pairs and what they leave unmet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.elements import ColumnElement

from exchange.kernel.actor import Actor
from exchange.listings.models import Listing
from exchange.matching.models import Suggestion
from exchange.matching.plans.kinds import ItemState, PlanState, Unmet
from exchange.matching.plans.models import MatchingPlan, PlanDefaults, PlanGap, PlanItem
from exchange.matching.plans.permissions import visible_to
from exchange.matching.plans.rules import PlanChoice, read_choice
from exchange.matching.plans.workload import Workload

PAGE = 30
TOWNSHIP = 9  # digits
QUEUE_DAYS = 30  # what nobody takes up for so long leaves the queue
GAP_LINES = 300
BOTH = (
    joinedload(PlanItem.need, innerjoin=True).options(
        joinedload(Listing.organisation, innerjoin=True), selectinload(Listing.coverage)
    ),
    joinedload(PlanItem.offer, innerjoin=True).options(
        joinedload(Listing.organisation, innerjoin=True), selectinload(Listing.coverage)
    ),
)


@dataclass(frozen=True)
class PlaceCount:
    """A township and how many pairs of a plan are for needs there."""

    code: str
    pairs: int


@dataclass(frozen=True)
class GapCount:
    """How many needs of a category in a township stay unmet, and how many of them in part."""

    category: str
    place: str
    reason: Unmet
    needs: int
    partly: int


@dataclass(frozen=True)
class Queued:
    """What became of the pairs of a released plan."""

    queued: int
    skipped: tuple[tuple[str, int], ...]
    waiting: int


def plans_visible(
    session: Session, actor: Actor, before_id: int | None = None, limit: int = PAGE + 1
) -> list[MatchingPlan]:
    """Plans the actor may see, the newest first; as the pages ask, one more than a page."""
    query = sa.select(MatchingPlan).where(visible_to(actor))
    if before_id is not None:
        query = query.where(MatchingPlan.id < before_id)
    query = query.options(
        joinedload(MatchingPlan.asked_by, innerjoin=True), selectinload(MatchingPlan.divisions)
    )
    return list(session.scalars(query.order_by(MatchingPlan.id.desc()).limit(limit)))


def plan_seen(session: Session, actor: Actor, public_id: str) -> MatchingPlan | None:
    """A plan, where the actor may see it."""
    query = (
        sa.select(MatchingPlan)
        .where(MatchingPlan.public_id == public_id, visible_to(actor))
        .options(selectinload(MatchingPlan.divisions))
    )
    return session.scalar(query)


def ready_plans(
    session: Session, actor: Actor, but: int, limit: int = 10
) -> Sequence[MatchingPlan]:
    """Other plans that have figures, to compare with."""
    query = (
        sa.select(MatchingPlan)
        .where(visible_to(actor), MatchingPlan.figures.is_not(None), MatchingPlan.id != but)
        .order_by(MatchingPlan.id.desc())
        .limit(limit)
    )
    return session.scalars(query).all()


def usual_choice(session: Session, service_point_id: int | None) -> tuple[PlanChoice, int]:
    """What plans of a service point begin with, and its version; 0 for what is shipped."""
    kept = session.get(PlanDefaults, service_point_id) if service_point_id else None
    return (read_choice(kept.choice), kept.version) if kept else (PlanChoice(), 0)


def places_of(session: Session, plan_id: int) -> list[PlaceCount]:
    """The townships of a plan's pairs, by code."""
    place = sa.func.substr(Listing.division_code, 1, TOWNSHIP)
    query = (
        sa.select(place, sa.func.count())
        .select_from(PlanItem)
        .join(Listing, Listing.id == PlanItem.need_id)
        .where(PlanItem.plan_id == plan_id)
        .group_by(place)
        .order_by(place)
    )
    return [PlaceCount(code or "", count) for code, count in session.execute(query)]


def items_of(
    session: Session, plan_id: int, place: str | None = None, after_rank: int = -1,
    limit: int | None = PAGE + 1,
) -> Sequence[PlanItem]:  # fmt: skip
    """Pairs of a plan with both listings, the most valuable first; ``place`` is a township."""
    query = (
        sa.select(PlanItem)
        .where(PlanItem.plan_id == plan_id, PlanItem.rank > after_rank)
        .options(*BOTH)
        .order_by(PlanItem.rank)
    )
    if place is not None:
        query = query.join(Listing, Listing.id == PlanItem.need_id).where(
            sa.func.substr(Listing.division_code, 1, TOWNSHIP) == place
        )
    return session.scalars(query.limit(limit)).all()


def gap_counts(session: Session, plan_id: int, limit: int = GAP_LINES) -> list[GapCount]:
    """What is lacking, by category, township and reason, the largest gaps first."""
    count = sa.func.count().label("needs")
    partly = sa.func.sum(sa.case((PlanGap.met_micro > 0, 1), else_=0))
    place = sa.func.substr(PlanGap.place_code, 1, TOWNSHIP)
    query = (
        sa.select(PlanGap.category_code, place, PlanGap.reason, count, partly)
        .where(PlanGap.plan_id == plan_id)
        .group_by(PlanGap.category_code, place, PlanGap.reason)
        .order_by(count.desc(), PlanGap.category_code, place, PlanGap.reason)
        .limit(limit)
    )
    return [GapCount(*row) for row in session.execute(query)]


def gap_reasons(session: Session, plan_id: int) -> dict[Unmet, int]:
    """How many needs stay unmet for each reason."""
    query = (
        sa.select(PlanGap.reason, sa.func.count())
        .where(PlanGap.plan_id == plan_id)
        .group_by(PlanGap.reason)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def gaps_of(session: Session, plan_id: int, after_id: int, limit: int) -> Sequence[PlanGap]:
    """Needs that stay unmet, with their listings, by id."""
    query = (
        sa.select(PlanGap)
        .where(PlanGap.plan_id == plan_id, PlanGap.need_id > after_id)
        .options(
            joinedload(PlanGap.need, innerjoin=True).options(
                joinedload(Listing.organisation, innerjoin=True), selectinload(Listing.coverage)
            )
        )
        .order_by(PlanGap.need_id)
        .limit(limit)
    )
    return session.scalars(query).all()


def gap_by_need(session: Session, plan_id: int, public_id: str) -> PlanGap | None:
    """What a plan lacks for the need of this public id."""
    query = sa.select(PlanGap).join(Listing, Listing.id == PlanGap.need_id)
    return session.scalar(query.where(PlanGap.plan_id == plan_id, Listing.public_id == public_id))


def queued_of(session: Session, plan_id: int) -> Queued:
    """What became of a plan's pairs when it was released."""
    query = (
        sa.select(PlanItem.state, PlanItem.skip_code, sa.func.count())
        .where(PlanItem.plan_id == plan_id)
        .group_by(PlanItem.state, PlanItem.skip_code)
        .order_by(PlanItem.skip_code)
    )
    rows = session.execute(query).all()
    counts = {state: sum(n for s, _c, n in rows if s is state) for state in ItemState}
    skipped = tuple((code, n) for state, code, n in rows if state is ItemState.SKIPPED)
    return Queued(counts[ItemState.QUEUED], skipped, counts[ItemState.PLANNED])


def is_waiting(now: datetime) -> ColumnElement[bool]:
    """As a condition on PlanItem and its plan: it is in the queue and not too old."""
    return sa.and_(
        PlanItem.state == ItemState.QUEUED,
        MatchingPlan.state == PlanState.RELEASED,
        PlanItem.decided_at > now - timedelta(days=QUEUE_DAYS),
    )


def waiting_items(now: datetime, workload: Workload) -> sa.Select[PlanItem]:
    """Items of released plans that wait for a social worker and are still suggested."""
    return (
        sa.select(PlanItem)
        .join(MatchingPlan, MatchingPlan.id == PlanItem.plan_id)
        .join(
            Suggestion,
            sa.and_(
                Suggestion.need_id == PlanItem.need_id, Suggestion.offer_id == PlanItem.offer_id
            ),
        )
        .where(is_waiting(now), workload.is_free())
    )


def waiting_pairs(session: Session, now: datetime, workload: Workload) -> list[tuple[int, int]]:
    """The pairs (need id, offer id) that wait in the queues, the longest waiting first."""
    waiting = waiting_items(now, workload).order_by(PlanItem.id)
    query = waiting.with_only_columns(PlanItem.need_id, PlanItem.offer_id)
    return list(dict.fromkeys((need, offer) for need, offer in session.execute(query)))
