"""Plans through the doors: asked for, computed, looked at, released once, and worked on."""

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel
from exchange.audit.models import AuditEntry
from exchange.brokering import claiming
from exchange.brokering.planned import queue_some
from exchange.brokering.planned_jobs import queue_plan_job
from exchange.jobs.runner import JobRun
from exchange.kernel.act import open_act
from exchange.kernel.actor import SYSTEM, Duty
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.matching.models import Suggestion
from exchange.matching.plan_computing import compute_plan
from exchange.matching.plan_flow import solve_here
from exchange.matching.plan_jobs import tidy_plans_job
from exchange.matching.plan_kinds import ItemState, PlanState, Unmet
from exchange.matching.plan_models import MatchingPlan, PlanGap, PlanItem
from exchange.matching.plan_rules import PlanChoice, Weights
from exchange.matching.plan_service import (
    ask_for_plan,
    begin_run,
    discard,
    release,
    set_defaults,
    write_rows,
)
from exchange.matching.plan_values import Limits
from tests.brokering.conftest import Scene
from tests.cast import CENTRE_AREA, ELSEWHERE, STATION_AREA, VILLAGE, Player
from tests.conftest import Queries
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
    made = Table(app, scene)
    made.suggest((scene.need_id, scene.offer_id, 0.8))
    return made


def test_supervisor_plans_looks_and_releases(
    table: Table, client: FlaskClient, run_jobs: RunJobs
) -> None:
    lacking = table.listing(Side.NEED, "要三台烘干机")
    table.cast.sign_in(client, table.cast.supervisor)
    form = client.get("/plans/new").text
    assert "安顺市" in form
    given = {
        "name": "冬季计划", "divisions": CENTRE_AREA, "vulnerable": "100", "remote": "0",
        "waiting": "50", "per_organisation": "5", "per_broker": "20", "per_offer": "3",
        "per_need": "2", "least": "40", "remote_places": STATION_AREA,
    }  # fmt: skip
    made = client.post("/plans/new", data=given)
    assert made.status_code == 302
    address = made.headers["Location"]
    assert "正在计算" in client.get(address).text
    run_jobs()
    page = client.get(address).text
    for words in ("要两台微耕机", "出借微耕机", "化处镇", "现有的资源里没有合适的", "设备设施"):
        assert words in page, words
    rows = list(csv.reader(io.StringIO(client.get(f"{address}/gaps.csv").text)))
    assert [row[2] for row in rows[1:]] == ["要三台烘干机"]
    rows = list(csv.reader(io.StringIO(client.get(f"{address}/pairs.csv").text)))
    assert rows[1][1:3] == ["要两台微耕机", "出借微耕机"]
    assert client.post(f"{address}/release").status_code == 302
    again = client.post(f"{address}/release", follow_redirects=True)
    assert "已经有人下发" in again.text
    run_jobs()
    assert "1 对进了各站的清单" in client.get(address).text
    table.cast.sign_in(client, table.cast.broker)
    desk = client.get("/today").text
    assert "中心计划里的" in desk
    assert desk.count("要两台微耕机") >= 1
    assert table.events() == ["PlanAsked", "PlanComputed", "PlanReleased", "PlanQueued"]
    assert lacking


def test_pair_of_a_plan_is_taken_up_and_leaves_the_list(table: Table, client: FlaskClient) -> None:
    table.released(table.plan())
    table.cast.sign_in(client, table.cast.broker)
    pair = {side.value: table.scene.listing(side).public_id for side in Side}
    assert client.post("/matches", data=pair).status_code == 302
    assert "中心计划里的" not in client.get("/today").text


def test_plan_weighs_what_the_centre_sets(table: Table) -> None:
    old = table.listing(
        Side.NEED, "敬老院要一台", beneficiaries=["elderly"], quantity_milli=100_000
    )
    table.suggest((old, table.scene.offer_id, 0.6))
    plain = PlanChoice(Weights(0, 0, 0))
    (item,) = table.items(table.plan(plain))
    assert item.need_id == table.scene.need_id
    (item,) = table.items(table.plan(PlanChoice(Weights(vulnerable=100, remote=0, waiting=0))))
    assert (item.need_id, item.weight_milli) == (old, 2000)


def test_what_stays_unmet_is_listed_with_its_reason(table: Table) -> None:
    second, weak, none = (table.listing(Side.NEED, title) for title in ("二", "弱", "无"))
    table.suggest((second, table.scene.offer_id, 0.7), (weak, table.scene.offer_id, 0.3))
    plan = table.plan()
    assert table.gaps(plan) == {
        second: Unmet.USED_UP, weak: Unmet.BELOW_THRESHOLD, none: Unmet.NO_CANDIDATE,
    }  # fmt: skip
    assert plan.figures is not None
    assert (plan.figures["needs"], plan.figures["needs_full"]) == (4, 1)


def test_pairs_past_the_gates_only_are_planned(table: Table) -> None:
    ended = table.scene.listing(Side.OFFER)
    ended.to_date = table.house.clock.now().date() - timedelta(days=1)
    table.session.commit()
    assert table.items(table.plan()) == []


def test_what_is_in_hand_is_not_planned_again(table: Table) -> None:
    other = table.listing(Side.NEED, "另一个要")
    table.suggest((other, table.scene.offer_id, 0.7))
    table.scene.claimed()
    plan = table.plan()
    assert table.items(plan) == []
    assert table.gaps(plan) == {other: Unmet.USED_UP}


def test_what_waits_in_one_plan_is_not_promised_in_another(table: Table) -> None:
    other = table.listing(Side.NEED, "另一个要")
    table.suggest((other, table.scene.offer_id, 0.7))
    first, second = table.plan(), table.plan(PlanChoice(Weights(0, 0, 0)))
    assert [item.state for item in table.released(first)] == [ItemState.QUEUED]
    (skipped,) = table.released(second)
    assert (skipped.state, skipped.skip_code) == (ItemState.SKIPPED, "offer_promised")
    third = table.plan()
    assert table.items(third) == []
    with table.scene.act(table.cast.supervisor) as act:
        discard(act, first.public_id)
    assert len(table.items(table.plan())) == 1


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        ("withdrawn", "not_open"),
        ("claimed", "already_taken_up"),
        ("forgotten", "no_longer_suggested"),
        ("used", "nothing_left"),
        ("less", "offer_promised"),
    ],
)
def test_pair_that_is_no_longer_possible_is_left_out_with_the_reason(
    table: Table, harm: str, code: str
) -> None:
    plan = table.plan()
    offer = table.scene.listing(Side.OFFER)
    if harm == "withdrawn":
        offer.held_at = table.house.clock.now()
    elif harm == "claimed":
        table.scene.claimed()
    elif harm == "forgotten":
        table.session.execute(sa.delete(Suggestion))
    else:
        offer.committed_milli = 100_000 if harm == "used" else 1
    table.session.commit()
    (item,) = table.released(plan)
    assert (item.state, item.skip_code) == (ItemState.SKIPPED, code)


def test_release_happens_once_though_two_press(table: Table) -> None:
    plan = table.plan()
    with table.scene.act(table.cast.supervisor) as act:
        release(act, plan.public_id)
    with pytest.raises(Conflict), table.scene.act(table.cast.supervisor) as act:
        release(act, plan.public_id)
    assert table.events().count("PlanReleased") == 1


def test_of_two_who_press_at_the_same_moment_one_releases(
    table: Table, engine: sa.Engine
) -> None:
    plan, who = table.plan(), table.cast.supervisor.actor
    address, both = plan.public_id, Barrier(2)
    table.session.rollback()

    def press(_number: int) -> bool:
        both.wait(10)
        with Session(engine) as own:
            try:
                with open_act(table.house, lambda: own, who) as act:
                    release(act, address)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == [False, True]
    assert table.events().count("PlanReleased") == 1


def test_two_runs_of_a_release_at_the_same_moment_queue_each_pair_once(
    table: Table, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        pair = (table.listing(Side.NEED, f"要{number}"), table.listing(Side.OFFER, f"给{number}"))
        table.suggest((*pair, 0.9))
    plan_id = table.plan().id
    with table.scene.act(table.cast.supervisor) as act:
        release(act, table.read(plan_id).public_id)
    monkeypatch.setattr("exchange.brokering.planned.CHUNK", 1)
    both = Barrier(2)
    table.session.rollback()

    def run(_number: int) -> int:
        both.wait(10)
        decided = 0
        with Session(engine) as own:
            while True:
                with open_act(table.house, lambda: own, SYSTEM) as act:
                    some = queue_some(act, plan_id)
                if not some:
                    return decided
                decided += some

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(run, range(2))) == 4
    assert [item.state for item in table.items(table.read(plan_id))] == [ItemState.QUEUED] * 4


def test_queueing_that_died_between_goes_on_and_twice_changes_nothing(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, thing = table.listing(Side.NEED, "另一个"), table.listing(Side.OFFER, "另一件")
    table.suggest((other, thing, 0.9))
    plan = table.plan()
    with table.scene.act(table.cast.supervisor) as act:
        release(act, plan.public_id)
    monkeypatch.setattr("exchange.brokering.planned.CHUNK", 1)
    with table.scene.open() as act:
        assert queue_some(act, plan.id) == 1
    with suppress(RuntimeError), table.scene.open() as act:  # killed before the commit
        assert queue_some(act, plan.id) == 1
        raise RuntimeError
    assert [item.state for item in table.items(plan)] == [ItemState.QUEUED, ItemState.PLANNED]
    for _ in range(2):
        queue_plan_job.handler(table.run, [{"plan_id": plan.id}])
    items = table.items(plan)
    assert [item.state for item in items] == [ItemState.QUEUED] * 2
    assert table.events().count("PlanQueued") == 1
    before = [(item.id, item.decided_at) for item in items]
    queue_plan_job.handler(table.run, [{"plan_id": plan.id}])
    assert [(item.id, item.decided_at) for item in table.items(plan)] == before


def test_computing_that_died_between_begins_anew_and_a_late_run_writes_nothing(
    table: Table,
) -> None:
    with table.scene.act(table.cast.supervisor) as act:
        plan_id = ask_for_plan(act, "半途", [STATION_AREA], PlanChoice()).id
    with table.scene.open() as act:
        early = begin_run(act, plan_id)
    row = {
        "plan_id": plan_id, "need_id": table.scene.need_id, "offer_id": table.scene.offer_id,
        "rank": 7, "score_micro": 1, "weight_milli": 1, "taken_milli": None, "covers_milli": None,
        "share_micro": 1, "state": ItemState.PLANNED, "skip_code": "",
    }  # fmt: skip
    assert early == 1
    with table.scene.open() as act:
        assert write_rows(act, plan_id, early, [row], [])
    assert compute_plan(table.run, plan_id, solve_here)
    with table.scene.open() as act:
        assert not write_rows(act, plan_id, early, [row], [])
    plan = table.read(plan_id)
    assert [item.rank for item in table.items(plan)] == [0]
    assert not compute_plan(table.run, plan_id, solve_here)
    assert table.events().count("PlanComputed") == 1


def test_discarded_plan_is_not_computed_and_not_released(table: Table) -> None:
    with table.scene.act(table.cast.supervisor) as act:
        plan = ask_for_plan(act, "作废", [STATION_AREA], PlanChoice())
        plan_id, public_id = plan.id, plan.public_id
    with table.scene.act(table.cast.supervisor) as act:
        discard(act, public_id)
    assert not compute_plan(table.run, plan_id, solve_here)
    with pytest.raises(Conflict), table.scene.act(table.cast.supervisor) as act:
        release(act, public_id)
    assert table.read(plan_id).state is PlanState.DISCARDED


def test_supervisor_plans_only_where_they_serve(table: Table, client: FlaskClient) -> None:
    cast = table.cast
    plan = table.plan(area=CENTRE_AREA)
    far = cast.make_worker("远", "毕节中心", PointLevel.CENTRE, (ELSEWHERE,), Duty.SUPERVISOR)
    near = cast.make_worker("近", "普定中心", PointLevel.CENTRE, (STATION_AREA,), Duty.SUPERVISOR)
    for who in (far, near):
        cast.sign_in(client, who)
        assert client.get(f"/plans/{plan.public_id}").status_code == 404
        assert client.post(f"/plans/{plan.public_id}/release").status_code == 404
        assert plan.name not in client.get("/plans").text
        with pytest.raises(NotFound), table.scene.act(who) as act:
            discard(act, plan.public_id)
    with pytest.raises(Forbidden), table.scene.act(near) as act:
        ask_for_plan(act, "别处", [CENTRE_AREA], PlanChoice())
    for stranger in (cast.broker, cast.officer, cast.stranger):
        cast.sign_in(client, stranger)
        assert client.get("/plans").status_code == 403
        refused = client.get(f"/plans/{plan.public_id}/pairs.csv", buffered=True)
        assert refused.status_code == 403


def test_what_if_stands_beside_the_first(table: Table, client: FlaskClient) -> None:
    first = table.plan()
    table.cast.sign_in(client, table.cast.supervisor)
    form = client.get(f"/plans/new?like={first.public_id}").text
    assert first.public_id in form
    other = table.plan(PlanChoice(limits=Limits(least_micro=900_000)))
    page = client.get(f"/plans/{first.public_id}/compare?with={other.public_id}").text
    assert "并排" in page
    assert first.name in page
    assert client.get(f"/plans/{first.public_id}/compare?with=nothing").status_code == 404


def test_defaults_of_the_centre_are_kept_with_a_version(table: Table, client: FlaskClient) -> None:
    choice = PlanChoice(Weights(200, 25, 0), Limits(per_organisation=4), (STATION_AREA,))
    with table.scene.act(table.cast.supervisor) as act:
        set_defaults(act, choice, 0)
    with pytest.raises(Conflict), table.scene.act(table.cast.supervisor) as act:
        set_defaults(act, choice, 0)
    table.cast.sign_in(client, table.cast.supervisor)
    form = client.get("/plans/new").text
    assert 'value="4"' in form
    assert table.plan().defaults_version == 1
    refused = client.post("/plans/defaults", data={"per_need": "0", "vulnerable": "100"})
    assert refused.status_code == 422


def test_form_keeps_what_was_typed_beside_its_errors(table: Table, client: FlaskClient) -> None:
    table.cast.sign_in(client, table.cast.supervisor)
    answer = client.post("/plans/new", data={"name": "留着的名字", "per_need": "99"})
    assert answer.status_code == 422
    assert "留着的名字" in answer.text
    assert "请至少选一个地方" in answer.text
    assert "请填 1 到 20 之间的数" in answer.text


def test_cells_of_a_table_are_no_formulas(table: Table, client: FlaskClient) -> None:
    listing = table.session.get_one(Listing, table.scene.need_id)
    listing.title = "=HYPERLINK(1)"
    table.session.commit()
    plan = table.plan()
    table.cast.sign_in(client, table.cast.supervisor)
    text = client.get(f"/plans/{plan.public_id}/pairs.csv").text
    assert "'=HYPERLINK(1)" in text


def test_pages_ask_as_many_questions_for_many_pairs_as_for_few(
    table: Table, client: FlaskClient, catch_queries: Callable[[], Queries]
) -> None:
    def questions(plan: MatchingPlan, who: Player, address: str) -> int:
        table.cast.sign_in(client, who)
        client.get(address, buffered=True)
        table.cast.sign_in(client, who)
        with catch_queries() as queries:  # type: ignore[attr-defined]
            assert client.get(address, buffered=True).status_code == 200
        return int(queries.count)

    def counts() -> list[int]:
        plan = table.plan()
        table.released(plan)
        cast, address = table.cast, f"/plans/{plan.public_id}"
        return [
            questions(plan, cast.supervisor, address),
            questions(plan, cast.supervisor, f"{address}/pairs.csv"),
            questions(plan, cast.supervisor, "/plans"),
            questions(plan, cast.broker, "/today"),
        ]

    extra = (table.listing(Side.NEED, "加一"), table.listing(Side.OFFER, "给一"))
    table.suggest((*extra, 0.9))
    before = counts()
    for number in range(4):
        pair = (table.listing(Side.NEED, f"要{number}"), table.listing(Side.OFFER, f"给{number}"))
        table.suggest((*pair, 0.9))
    assert counts() == before


def test_claim_of_a_queued_pair_asks_the_gates_again(table: Table) -> None:
    table.released(table.plan())
    need = table.scene.listing(Side.NEED)
    need.held_at = table.house.clock.now()
    table.session.commit()
    with pytest.raises(Conflict), table.scene.act(table.cast.broker) as act:
        claiming.claim(act, table.scene.need_id, table.scene.offer_id)


def test_township_of_a_plan_is_named(table: Table, session: Session) -> None:
    plan = table.plan(area=TOWNSHIP)
    assert plan.prefixes == (TOWNSHIP,)
    assert len(table.items(plan)) == 1


def test_rows_of_a_plan_given_up_long_ago_go_and_its_figures_stay(table: Table) -> None:
    table.listing(Side.NEED, "缺的")
    plans = [table.plan(), table.plan()]
    with table.scene.act(table.cast.supervisor) as act:
        discard(act, plans[0].public_id)
    for days, left in ((1, 1), (100, 0)):
        table.house.clock.forward(days=days)
        tidy_plans_job.handler(table.run, [{}])
        assert (len(table.items(plans[0])), len(table.gaps(plans[0]))) == (left, left)
    assert len(table.items(plans[1])) == 1
    assert table.read(plans[0].id).figures
