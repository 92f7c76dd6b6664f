"""The operators' page on the refresh, and the command: who may, what they say and do."""

import pytest
import sqlalchemy as sa

from exchange.audit.models import AuditEntry
from exchange.matching.models import Refresh, RefreshState

PAGE = "/console/suggestions"


@pytest.fixture
def operator(cast, client):
    cast.sign_in(client, cast.operator)
    return client


def state(session):
    session.rollback()
    return session.scalar(sa.select(Refresh.state))


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/start", f"{PAGE}/stop", f"{PAGE}/resume"])
def test_only_operators_get_there(client, cast, session, path):
    ask = client.get if path == PAGE else client.post
    assert ask(path).status_code == 302
    cast.sign_in(client, cast.supervisor)
    assert ask(path).status_code == 403
    assert state(session) is None


def test_buttons_start_stop_and_go_on_and_the_page_says_how_it_stands(
    operator, village, run_jobs, session
):
    village.need()
    village.offer()
    run_jobs()
    assert "还没有需要" in operator.get(PAGE).text
    for order, wanted, said in (
        ("start", RefreshState.RUNNING, "已算 0 条，共 2 条"),
        ("stop", RefreshState.STOPPED, "已停下"),
        ("resume", RefreshState.RUNNING, "正在计算"),
    ):
        answer = operator.post(f"{PAGE}/{order}", follow_redirects=True)
        assert said in answer.text
        assert state(session) is wanted
    assert "已经是这样了" in operator.post(f"{PAGE}/resume", follow_redirects=True).text
    run_jobs()
    page = operator.get(PAGE).text
    assert "全部算完" in page
    assert "已算 2 条，共 2 条" in page
    noted = set(session.scalars(sa.select(AuditEntry.event)))
    assert {"RefreshStarted", "RefreshStopped", "RefreshResumed"} <= noted


def test_the_console_leads_there(operator):
    assert f'href="{PAGE}"' in operator.get("/console").text


def test_the_command_says_stops_and_resumes(app, village, run_jobs, session):
    village.need()
    village.offer()
    run_jobs()
    runner = app.test_cli_runner()

    def told(*options):
        return runner.invoke(args=["exchange", "rematch", *options])

    assert "never" in told("--status").output
    assert told("--stop").exit_code == 1
    answer = told()
    assert "2 listings, 0 suggestions changed" in answer.output
    assert "done: 2 of 2 listings (100 %)" in told("--status").output
    assert told("--resume").exit_code == 1
    assert state(session) is RefreshState.DONE
