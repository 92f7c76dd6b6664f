"""A supervisor's desk, for tests of plans."""


from collections.abc import Callable
from contextlib import nullcontext

import pytest
import sqlalchemy as sa
from flask import Flask

from exchange.audit.models import AuditEntry
from exchange.brokering.planned.jobs import queue_plan_job
from exchange.jobs.runner import JobRun
from exchange.listings.kinds import Side
from exchange.matching.models import Suggestion
from exchange.matching.plans.computing import compute_plan
from exchange.matching.plans.flow import solve_here
from exchange.matching.plans.kinds import Unmet
from exchange.matching.plans.models import MatchingPlan, PlanGap, PlanItem
from exchange.matching.plans.rules import PlanChoice
from exchange.matching.plans.service import (
    ask_for_plan,
    release,
)
from tests.brokering.conftest import Scene
from tests.cast import STATION_AREA, VILLAGE
from tests.factories import make_listing

RunJobs = Callable[[], int]
TOWNSHIP = VILLAGE[:9]


class Table:
    """A supervisor's desk: listings, their suggestions, and plans over them."""

    def __init__(self, app: Flask, scene: Scene) -> None:
        self.scene, self.cast, self.session = scene, scene.cast, scene.cast.session
        kept: JobRun = app.extensions["exchange.jobs"]
        self.run = JobRun(kept.house, lambda: self.session, nullcontext)
        self.house = app.extensions["exchange"]

    def listing(self, side: Side, title: str, **values: object) -> int:
        """Another need of the village or offer of the firm."""
        owner = self.cast.officer if side is Side.NEED else self.cast.enterprise
        return make_listing(self.house, owner, side, title=title, **values).id

    def suggest(self, *pairs: tuple[int, int, float]) -> None:
        """Store pairs with these scores."""
        with self.scene.open() as act:
            for need_id, offer_id, score in pairs:
                act.session.add(
                    Suggestion(
                        need_id=need_id, offer_id=offer_id, score_micro=round(score * 1e6),
                        reasons=[], engine="hand", computed_at=act.now,
                    )
                )  # fmt: skip

    def plan(self, choice: PlanChoice | None = None, area: str = STATION_AREA) -> MatchingPlan:
        """A computed plan of the supervisor."""
        with self.scene.act(self.cast.supervisor) as act:
            plan_id = ask_for_plan(act, "秋季", [area], choice or PlanChoice()).id
        assert compute_plan(self.run, plan_id, solve_here)
        return self.read(plan_id)

    def read(self, plan_id: int) -> MatchingPlan:
        self.session.rollback()
        return self.session.get_one(MatchingPlan, plan_id, populate_existing=True)

    def items(self, plan: MatchingPlan) -> list[PlanItem]:
        self.session.rollback()
        query = sa.select(PlanItem).where(PlanItem.plan_id == plan.id).order_by(PlanItem.rank)
        return list(self.session.scalars(query))

    def gaps(self, plan: MatchingPlan) -> dict[int, Unmet]:
        query = sa.select(PlanGap.need_id, PlanGap.reason).where(PlanGap.plan_id == plan.id)
        return dict(self.session.execute(query).all())

    def released(self, plan: MatchingPlan) -> list[PlanItem]:
        """Release it and let the worker do its part."""
        with self.scene.act(self.cast.supervisor) as act:
            release(act, plan.public_id)
        queue_plan_job.handler(self.run, [{"plan_id": plan.id}])
        return self.items(plan)

    def events(self) -> list[str]:
        self.session.rollback()
        query = sa.select(AuditEntry.event).order_by(AuditEntry.id)
        return [one for one in self.session.scalars(query) if one.startswith("Plan")]


@pytest.fixture
def table(app: Flask, scene: Scene) -> Table:
    """A desk with one suggested pair."""
    made = Table(app, scene)
    made.suggest((scene.need_id, scene.offer_id, 0.8))
    return made
