"""The report on what was learned, and the commands: who may, what they say and do."""

import json
import re

import pytest
import sqlalchemy as sa

from exchange.jobs.models import OutboxJob
from exchange.matching.learning.kinds import WeightsState
from exchange.matching.learning.models import LearnedWeights, Learning
from exchange.matching.scoring import shipped_weights
from tests.matching.decided import County, preferring

PAGE = "/console/learning"


@pytest.fixture
def county(cast, act_as):
    return County(cast, act_as)


@pytest.fixture
def operator(cast, client):
    cast.sign_in(client, cast.operator)
    return client


def states(session):
    session.rollback()
    return session.scalars(sa.select(LearnedWeights.state)).all()


def test_social_workers_and_strangers_do_not_get_there(client, cast):
    assert client.get(PAGE).status_code == 302
    for who in (cast.broker, cast.officer):
        cast.sign_in(client, who)
        assert client.get(PAGE).status_code == 403
        assert client.post(f"{PAGE}/learn").status_code == 403


def test_a_supervisor_of_a_part_reads_and_changes_nothing(client, cast, session):
    assert cast.broker.person_id
    cast.make_worker("马青", "七星关社工站", "station", ("520502",), "broker")
    cast.sign_in(client, cast.supervisor)
    page = client.get(PAGE).text
    assert "现在用的是程序自带的权重" in page
    assert "现在就学" not in page
    for order in ("learn", "off", "use"):
        answer = client.post(f"{PAGE}/{order}", data={"version": "shipped"})
        assert answer.status_code == 403
    session.rollback()
    assert session.scalar(sa.select(Learning.is_on)) is None


def test_the_page_tells_what_was_learned_and_its_buttons_do_what_they_say(
    operator, county, run_jobs, session
):
    page = operator.get(PAGE).text
    assert "还差 100 个" in page
    county.decide(preferring("nearness", 6.0))
    page = operator.post(f"{PAGE}/learn", follow_redirects=True).text
    assert "过一分钟再来" in page
    run_jobs()
    page = operator.get(PAGE).text
    assert "现在用的是学到的权重" in page
    assert "比原来重要得多" in page
    assert re.search("不合适.{0,40}太远", page)
    assert "说的是：路近" in page
    assert states(session) == [WeightsState.IN_FORCE]
    page = operator.post(f"{PAGE}/use", data={"version": "shipped"}, follow_redirects=True).text
    assert "自动学习已关" in page
    assert "现在用的是程序自带的权重" in page
    assert states(session) == [WeightsState.RETIRED]
    page = operator.post(f"{PAGE}/use", data={"version": "shipped"}, follow_redirects=True).text
    assert "现在用的就是这一套" in page
    assert operator.post(f"{PAGE}/use", data={"version": "x"}).status_code == 404
    version = session.scalars(sa.select(LearnedWeights.version)).one()
    operator.post(f"{PAGE}/use", data={"version": version})
    assert states(session) == [WeightsState.IN_FORCE]
    assert "自动学习已关" not in operator.post(f"{PAGE}/on", follow_redirects=True).text
    assert "比原来重要得多" in operator.get(f"{PAGE}?version={version}").text


def test_learning_is_asked_for_once_however_often_one_taps(operator, session):
    for _ in range(2):
        operator.post(f"{PAGE}/learn")
    session.rollback()
    query = sa.select(sa.func.count()).where(OutboxJob.name == "matching.learn")
    assert session.scalar(query) == 1


def test_the_console_leads_there(operator):
    assert f'href="{PAGE}"' in operator.get("/console").text


def test_the_commands_learn_list_and_choose(app, county, session):
    county.decide(preferring("nearness", 6.0))
    runner = app.test_cli_runner()

    def told(*options):
        return runner.invoke(args=["exchange", "matching", *options])

    shown = json.loads(told("learn", "--dry-run", "--json").output.splitlines()[-1])
    assert shown["outcome"] == "in_force"
    assert shown["decisions"] == 360
    assert shown["weights"]["nearness"] > 1
    assert states(session) == []
    said = told("learn").output
    assert "360 decisions" in said
    assert "better on held-out" in said
    assert states(session) == [WeightsState.IN_FORCE]
    version = session.scalars(sa.select(LearnedWeights.version)).one()
    assert f"* {version}" in told("weights").output
    said = told("weights", "--use", "shipped").output
    assert f"* shipped  {shipped_weights().version}" in said
    assert "learning is off" in said
    assert told("weights", "--use", "nothing").exit_code == 1
