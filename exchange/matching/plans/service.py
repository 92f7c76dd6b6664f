"""The verbs of plans: ask for one, write what was computed, release, give up, set the defaults."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from exchange.kernel.act import Act
from exchange.kernel.actor import Actor
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.matching.plans.events import (
    PlanAsked,
    PlanComputed,
    PlanDefaultsChanged,
    PlanDiscarded,
    PlanQueued,
    PlanReleased,
)
from exchange.matching.plans.kinds import UNFINISHED, ItemState, PlanState
from exchange.matching.plans.models import (
    LONGEST_NAME,
    MatchingPlan,
    PlanDefaults,
    PlanDivision,
    PlanGap,
    PlanItem,
)
from exchange.matching.plans.permissions import can_see, may_plan
from exchange.matching.plans.rules import (
    MOST_DIVISIONS,
    PlanChoice,
    may_discard,
    may_release,
    may_set,
    read_choice,
)

KEPT_DAYS = 90  # the pairs and gaps of a plan that was given up
MOST_UNFINISHED = 4  # plans of one person that are not computed yet


def ask_for_plan(
    act: Act, name: str, prefixes: Sequence[str], choice: PlanChoice, *, like: str = ""
) -> MatchingPlan:
    """Have a plan computed over these divisions. ``like`` is the plan it is a variation of.

    Raises Invalid where a value is out of bounds, Forbidden for divisions of others.
    """
    wanted = outermost(prefixes)
    if not wanted or len(wanted) > MOST_DIVISIONS:
        raise Invalid(fields={"divisions": ["plan_needs_divisions"]}, most=MOST_DIVISIONS)
    if not may_plan(act.actor, wanted):
        raise Forbidden("plan_not_your_division")
    _insist_on(choice)
    if act.actor.person_id is None:
        raise Forbidden("plan_not_your_division")
    _refuse_too_many(act, act.actor.person_id)
    origin = locked_plan(act, like) if like else None
    _insist_on_remote_places(act, choice, origin)
    plan = MatchingPlan(
        name=name.strip()[:LONGEST_NAME],
        choice=choice.as_row(),
        defaults_version=_defaults_version(act, act.actor),
        copied_from_id=origin.id if origin else None,
        asked_by_id=act.actor.person_id,
        service_point_id=act.actor.service_point_id,
        divisions=[PlanDivision(prefix=prefix) for prefix in wanted],
        created_at=act.now,
    )
    act.session.add(plan)
    act.session.flush()
    act.emit(PlanAsked(plan_id=plan.id, prefixes=wanted))
    return plan


def _refuse_too_many(act: Act, person_id: int) -> None:
    query = (
        sa.select(sa.func.count())
        .select_from(MatchingPlan)
        .where(MatchingPlan.asked_by_id == person_id, MatchingPlan.state.in_(UNFINISHED))
    )
    count = act.session.scalar(query) or 0
    if count >= MOST_UNFINISHED:
        raise Conflict("plan_too_many_unfinished", count=count)


def outermost(prefixes: Sequence[str]) -> tuple[str, ...]:
    """The divisions without those that lie within another of them."""
    found: list[str] = []
    for prefix in sorted(set(prefixes), key=lambda one: (len(one), one)):
        if not any(prefix.startswith(outer) or outer == "CN" for outer in found):
            found.append(prefix)
    return tuple(found)


def _insist_on(choice: PlanChoice) -> None:
    decision = may_set(choice)
    if not decision:
        field = decision.params.get("field")
        fields = {field: [decision.code]} if field else {}
        raise Invalid(decision.code, fields=fields, **decision.params)


def _insist_on_remote_places(act: Act, choice: PlanChoice, origin: MatchingPlan | None) -> None:
    """Places that the plan began with may stay, whoever looks after them by now."""
    begun = set(_usual(act).remote_places)
    if origin is not None:
        begun |= set(read_choice(origin.choice).remote_places)
    others = set(choice.remote_places) - begun
    if not all(act.actor.supervises_division(place) for place in others):
        raise Forbidden("plan_not_your_division")


def _usual(act: Act) -> PlanChoice:
    kept = act.session.get(PlanDefaults, act.actor.service_point_id or 0)
    return read_choice(kept.choice) if kept else PlanChoice()


def _defaults_version(act: Act, actor: Actor) -> int:
    found = act.session.get(PlanDefaults, actor.service_point_id or 0)
    return found.version if found else 0


def locked_plan(act: Act, public_id: str) -> MatchingPlan:
    """The plan, locked until the act ends. Raises NotFound for whoever may not see it."""
    plan = act.session.scalar(
        sa.select(MatchingPlan)
        .where(MatchingPlan.public_id == public_id)
        .with_for_update(of=MatchingPlan)
        .execution_options(populate_existing=True)
    )
    if plan is None or not can_see(act.actor, plan):
        raise NotFound
    return plan


def release(act: Act, public_id: str) -> None:
    """Hand the pairs to the brokers, once. Raises Conflict when that is done or not yet possible.
    """
    plan = locked_plan(act, public_id)
    decision = may_release(plan.state)
    if not decision:
        raise Conflict(decision.code, **decision.params)
    plan.state = PlanState.RELEASED
    plan.released_at, plan.released_by_id = act.now, act.actor.person_id
    act.emit(PlanReleased(plan_id=plan.id))


def discard(act: Act, public_id: str) -> None:
    """Give the plan up. Of a released one only what was taken up stays."""
    plan = locked_plan(act, public_id)
    decision = may_discard(plan.state)
    if not decision:
        raise Conflict(decision.code, **decision.params)
    plan.state, plan.discarded_at = PlanState.DISCARDED, act.now
    act.emit(PlanDiscarded(plan_id=plan.id))


def begin_run(act: Act, plan_id: int) -> int | None:
    """Begin to compute: take away what a former run left; None when there is nothing to do."""
    plan = _for_run(act, plan_id)
    if plan is None:
        return None
    plan.state, plan.run = PlanState.COMPUTING, plan.run + 1
    for model in (PlanItem, PlanGap):
        act.session.execute(
            sa.delete(model)
            .where(model.plan_id == plan_id)
            .execution_options(synchronize_session=False)
        )
    return plan.run


def write_rows(
    act: Act,
    plan_id: int,
    run: int,
    items: Sequence[Mapping[str, Any]],
    gaps: Sequence[Mapping[str, Any]],
) -> bool:
    """Add some rows of the result; False when another run or a supervisor was faster."""
    plan = _for_run(act, plan_id)
    if plan is None or plan.run != run:
        return False
    if items:
        act.session.execute(sa.insert(PlanItem), [dict(row) for row in items])
    if gaps:
        act.session.execute(sa.insert(PlanGap), [dict(row) for row in gaps])
    return True


def end_run(
    act: Act, plan_id: int, run: int, figures: Mapping[str, Any], simple: Mapping[str, Any]
) -> bool:
    """All rows are there: the plan is ready. False when another was faster."""
    plan = _for_run(act, plan_id)
    if plan is None or plan.run != run:
        return False
    plan.state, plan.ready_at = PlanState.READY, act.now
    plan.figures, plan.simple_figures = dict(figures), dict(simple)
    gaps = figures["needs"] - figures["needs_full"]
    act.emit(PlanComputed(plan_id=plan_id, pairs=figures["pairs"], gaps=gaps))
    return True


def _for_run(act: Act, plan_id: int) -> MatchingPlan | None:
    return act.session.scalar(
        sa.select(MatchingPlan)
        .where(MatchingPlan.id == plan_id, MatchingPlan.state.in_(UNFINISHED))
        .with_for_update(of=MatchingPlan)
        .execution_options(populate_existing=True)
    )


def forget_given_up(act: Act, most: int) -> int:
    """Drop rows of plans that were given up long ago; the plans with their figures stay.

    Returns how many; some are left when it is ``most``.
    """
    before = act.now - timedelta(days=KEPT_DAYS)
    old = sa.select(MatchingPlan.id).where(
        MatchingPlan.state == PlanState.DISCARDED, MatchingPlan.discarded_at < before
    )
    gone = 0
    for model, key in ((PlanItem, PlanItem.offer_id), (PlanGap, PlanGap.need_id)):
        some = (
            sa.select(model.plan_id, model.need_id, key).where(model.plan_id.in_(old)).limit(most)
        )
        for plan_id, need_id, other_id in act.session.execute(some).all():
            same = sa.and_(model.plan_id == plan_id, model.need_id == need_id, key == other_id)
            act.session.execute(
                sa.delete(model).where(same).execution_options(synchronize_session=False)
            )
            gone += 1
    return gone


def note_item(act: Act, item: PlanItem, skip_code: str = "") -> None:
    """A pair came into the queue, or was left out for this reason."""
    item.state = ItemState.SKIPPED if skip_code else ItemState.QUEUED
    item.skip_code, item.decided_at = skip_code, act.now


def end_queueing(act: Act, plan_id: int) -> None:
    """Every pair of the released plan has been decided on; said once."""
    plan = act.session.scalar(
        sa.select(MatchingPlan)
        .where(
            MatchingPlan.id == plan_id,
            MatchingPlan.state == PlanState.RELEASED,
            MatchingPlan.queued_at.is_(None),
        )
        .with_for_update(of=MatchingPlan)
        .execution_options(populate_existing=True)
    )
    if plan is not None:
        plan.queued_at = act.now
        act.emit(PlanQueued(plan_id=plan_id))


def set_defaults(act: Act, choice: PlanChoice, version: int) -> None:
    """Set what plans of the actor's service point begin with; ``version`` is the one shown.

    Raises Conflict when somebody else was faster.
    """
    point_id = act.actor.service_point_id
    if point_id is None or not act.actor.supervises:
        raise Forbidden("plan_not_your_division")
    if not all(act.actor.supervises_division(place) for place in choice.remote_places):
        raise Forbidden("plan_not_your_division")
    _insist_on(choice)
    kept = act.session.get(PlanDefaults, point_id, with_for_update=True)
    present = kept.version if kept else 0
    if present != version:
        raise Conflict("plan_defaults_changed")
    values = {
        "service_point_id": point_id, "choice": choice.as_row(), "version": present + 1,
        "updated_at": act.now, "updated_by_id": act.actor.person_id,
    }  # fmt: skip
    if kept is None:
        try:
            act.session.execute(sa.insert(PlanDefaults).values(values))
        except IntegrityError as error:
            raise Conflict("plan_defaults_changed") from error
    else:
        for name, value in values.items():
            setattr(kept, name, value)
    act.emit(PlanDefaultsChanged(service_point_id=point_id, version=present + 1))
