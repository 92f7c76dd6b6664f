"""Plans through the doors: asked for, computed, looked at, varied."""


import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel
from exchange.kernel.actor import Duty
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.matching.plans.kinds import Unmet
from exchange.matching.plans.models import MatchingPlan
from exchange.matching.plans.rules import PlanChoice, Weights
from exchange.matching.plans.service import (
    ask_for_plan,
    discard,
    set_defaults,
)
from exchange.matching.plans.values import Limits
from tests.brokering.plan_table import TOWNSHIP, RunJobs, Table
from tests.brokering.plan_table import table as table  # noqa: PLC0414 - a fixture
from tests.cast import CENTRE_AREA, ELSEWHERE, STATION_AREA, Player
from tests.conftest import Queries


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
    table.suggest((second, table.scene.offer_id, 0.7), (weak, table.scene.offer_id, 0.2))
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
        with catch_queries() as queries:  # type: ignore[attr-defined]  # see tests.conftest.Queries
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


def test_township_of_a_plan_is_named(table: Table, session: Session) -> None:
    plan = table.plan(area=TOWNSHIP)
    assert plan.prefixes == (TOWNSHIP,)
    assert len(table.items(plan)) == 1
