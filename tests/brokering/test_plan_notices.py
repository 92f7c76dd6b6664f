"""Who is told of a plan, once, whatever runs twice or dies."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.accounts.kinds import PointLevel
from exchange.brokering.planned import jobs as planned_jobs
from exchange.brokering.planned.jobs import tell_of_plan_job
from exchange.brokering.planned.telling import tell_one
from exchange.kernel.act import Act
from exchange.kernel.actor import Duty
from exchange.listings.kinds import Side
from exchange.matching.plans.rules import PlanChoice
from exchange.matching.plans.service import ask_for_plan, discard, release
from exchange.notifications.models import Notice
from tests.brokering.plan_table import RunJobs, Table
from tests.brokering.plan_table import table as table  # noqa: PLC0414 - a fixture
from tests.cast import ELSEWHERE, STATION_AREA, Player


def told(table: Table, who: Player, code: str = "plan_queued") -> list[dict[str, object]]:
    table.session.rollback()
    query = sa.select(Notice).where(
        Notice.person_id == who.person_id, Notice.code.startswith(code)
    )
    return [notice.params for notice in table.session.scalars(query.order_by(Notice.id))]


@pytest.fixture
def wide(table: Table) -> Table:
    """Three pairs, and people who serve another place."""
    for number in range(2):
        pair = (table.listing(Side.NEED, f"要{number}"), table.listing(Side.OFFER, f"给{number}"))
        table.suggest((*pair, 0.9))
    return table


def released(table: Table) -> int:
    plan = table.plan()
    plan_id = plan.id
    with table.scene.act(table.cast.supervisor) as act:
        release(act, plan.public_id)
    return plan_id


def test_who_asked_is_told_when_it_is_ready(
    wide: Table, run_jobs: RunJobs, client: FlaskClient
) -> None:
    lacking = wide.listing(Side.NEED, "缺的")
    with wide.scene.act(wide.cast.supervisor) as act:
        public_id = ask_for_plan(act, "冬季", [STATION_AREA], PlanChoice()).public_id
    run_jobs()
    assert told(wide, wide.cast.supervisor, "plan_ready") == [
        {"name": "冬季", "pairs": 3, "gaps": 1}
    ]
    assert told(wide, wide.cast.broker, "plan_ready") == []
    wide.cast.sign_in(client, wide.cast.supervisor)
    assert "计划“冬季”算好了：3 对，还有 1 个需求" in client.get("/notices").text
    client.get("/locale/en")
    assert "The plan “冬季” is computed: pairs: 3" in client.get("/notices").text
    notice = wide.session.scalars(sa.select(Notice).where(Notice.code == "plan_ready")).one()
    answer = client.post(f"/notices/{notice.public_id}")
    assert answer.headers["Location"] == f"/plans/{public_id}"
    assert lacking


def test_brokers_are_told_once_for_each_plan(
    wide: Table, run_jobs: RunJobs, client: FlaskClient
) -> None:
    far = wide.cast.make_worker("远", "毕节站", PointLevel.STATION, (ELSEWHERE,), Duty.BROKER)
    plan_id = released(wide)
    run_jobs()
    assert told(wide, wide.cast.broker) == [{"count": 3}]
    assert told(wide, far) == []
    assert told(wide, wide.cast.supervisor) == [], "who released it knows"
    for _ in range(2):
        tell_of_plan_job.handler(wide.run, [{"plan_id": plan_id}])
    assert told(wide, wide.cast.broker) == [{"count": 3}]
    wide.cast.sign_in(client, wide.cast.broker)
    assert "中心计划里有 3 对等您去牵线" in client.get("/notices").text
    client.get("/locale/en")
    assert "3 introductions from the plan of your centre wait" in client.get("/notices").text
    wide.suggest((wide.listing(Side.NEED, "又要"), wide.listing(Side.OFFER, "又给"), 0.9))
    released(wide)
    run_jobs()
    assert told(wide, wide.cast.broker) == [{"count": 3}, {"count": 1}]
    assert "One introduction from the plan of your centre waits" in client.get("/notices").text


def test_telling_that_died_between_two_people_goes_on(
    wide: Table, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = wide.cast.make_worker("同", "另一站", PointLevel.STATION, (STATION_AREA,), Duty.BROKER)
    plan_id = released(wide)
    def dies(act: Act, plan: int, person_id: int) -> bool:
        if person_id == max(other.person_id, wide.cast.broker.person_id):
            raise RuntimeError
        return tell_one(act, plan, person_id)

    monkeypatch.setattr(planned_jobs, "tell_one", dies)
    run_jobs_until_it_dies(run_jobs)
    assert sorted(len(told(wide, who)) for who in (other, wide.cast.broker)) == [0, 1]
    monkeypatch.undo()
    tell_of_plan_job.handler(wide.run, [{"plan_id": plan_id}])
    assert [told(wide, who) for who in (other, wide.cast.broker)] == [[{"count": 3}]] * 2


def run_jobs_until_it_dies(run_jobs: RunJobs) -> None:
    with pytest.raises(RuntimeError):
        run_jobs()


def test_nobody_is_told_of_what_was_given_up_or_left_out(wide: Table, run_jobs: RunJobs) -> None:
    plan_id = released(wide)
    with wide.scene.act(wide.cast.supervisor) as act:
        discard(act, wide.read(plan_id).public_id)
    run_jobs()
    tell_of_plan_job.handler(wide.run, [{"plan_id": plan_id}])
    assert told(wide, wide.cast.broker) == []
