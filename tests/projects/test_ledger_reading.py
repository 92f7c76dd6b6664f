"""Accounts as everybody reads them: budget, tables, notice, page by page."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.projects.ledger.kinds import (
    EntryKind,
)
from exchange.projects.models import Project
from tests.conftest import Queries, SettableClock
from tests.projects.ledger_scene import LIMIT, PICTURE, Scene
from tests.projects.ledger_scene import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.ledger_scene import scene as scene  # noqa: PLC0414 - a fixture
from tests.projects.test_ledger_pages import sign_in

Catch = Callable[[], AbstractContextManager[Queries]]


def test_budget_and_spending_stand_side_by_side_in_words(
    scene: Scene, client: FlaskClient, session: Session
) -> None:
    door, training = session.get_one(Project, scene.project_id).budget
    keys = door.public_id, training.public_id
    session.rollback()
    scene.approve(scene.receipt(3_000_000))
    scene.approve(scene.payment(1_000_000, budget_key=keys[0]))
    scene.approve(scene.payment(600_000, budget_key=keys[1]))
    scene.payment(10_000)
    scene.approve(scene.counter(2))
    client.get("/locale/en")
    page = client.get(scene.path).text
    assert "spent ¥0 of ¥50,000 (0%)" in page
    assert "spent ¥6,000 of ¥5,000, ¥1,000 more than planned" in page
    assert "spent ¥100, not in the plan" in page
    assert "spent ¥6,100 of ¥55,000 (11%)" in page


def test_tables_carry_everything_and_no_formula(scene: Scene, client: FlaskClient) -> None:
    scene.receipt(123_45, purpose="=HYPERLINK(1)", counterparty_name="@evil")
    scene.approve(scene.goods(EntryKind.RECEIPT, 2_500))
    scene.counter(1)
    client.get("/locale/en")
    table = client.get(f"{scene.path}.csv")
    assert table.mimetype == "text/csv"
    assert table.data.startswith(b"\xef\xbb\xbf")
    lines = table.text.lstrip("\ufeff").splitlines()
    assert len(lines) == 4
    assert "'=HYPERLINK(1)" in lines[1]
    assert "'@evil" in lines[1]
    assert "123.45" in lines[1]
    assert "2.5" in lines[2]
    assert ",-123.45,,0.00," in lines[3]  # in the column of what it takes back
    assert ",yuan," in lines[1]
    assert ",sacks," in lines[2]
    client.get("/locale/zh")
    there = client.get(f"{scene.path}.csv").text
    assert ",元," in there
    assert ",袋," in there
    told = client.get(f"{scene.path}.json").get_json()
    assert [one["number"] for one in told["entries"]] == [1, 2, 3]
    assert [one["balance"] for one in told["accounts"]] == ["0.00", "2.5"]
    assert told["entries"][0]["corrected_by"] == 3


def test_the_notice_of_a_period_adds_up(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    scene.receipt(80_000)
    clock.forward(days=40)  # the next year
    scene.payment(30_000, purpose="第二季买膜")
    scene.counter(2, "退货")
    scene.payment(10_000, purpose="租车")
    client.get("/locale/en")
    now = client.get(f"{scene.path}/notice").text
    cells = [re.sub("<.*?>", "", one) for one in re.findall(r"<td.*?</td>", now)]
    assert cells[:4] == ["¥800", "¥0", "¥100", "¥700"]
    assert "第二季买膜" in now
    assert "Takes back no. 2" in now
    gone = re.findall(r'<td data-label="Out">(.*?)</td>', now)[-3:]
    assert gone == ["¥300", "-¥300", "¥100"]  # the column adds up to what went out
    before = client.get(f"{scene.path}/notice?from=2026-11-01&to=2026-11-30").text
    assert "第二季买膜" not in before
    wrong = client.get(f"{scene.path}/notice?from=2026-12-01&to=2026-11-30")
    assert wrong.status_code == 422
    assert "The last day is before the first." in wrong.text
    for odd in ("from=x", "to=0001-01-01", "from=9999-12-31&to=9999-12-31"):
        assert client.get(f"{scene.path}/notice?{odd}").status_code in (200, 422)


def test_pages_of_entries_follow_each_other(scene: Scene, client: FlaskClient) -> None:
    for number in range(23):
        scene.receipt(100 + number)
    first = client.get(scene.path).text
    assert 'id="no-23"' in first
    assert 'id="no-3"' not in first
    assert f"{scene.path}?before=4" in first
    second = client.get(f"{scene.path}?before=4").text
    assert re.findall(r'id="no-(\d+)"', second) == ["3", "2", "1"]
    for odd in ("x", "-1", "9" * 40, ""):
        assert client.get(f"{scene.path}?before={odd}").status_code == 200


@pytest.mark.parametrize("who", ["visitor", "treasurer"])
@pytest.mark.parametrize("door", ["", ".csv", ".json", "/notice"])
def test_twice_the_entries_take_the_same_number_of_queries(
    scene: Scene, client: FlaskClient, catch_queries: Catch, door: str, who: str
) -> None:
    def fill() -> None:
        for number in range(4):
            scene.receipt(100 + number, publics=[PICTURE])
        scene.counter(len(scene.entries()) - 1)
        scene.receipt(LIMIT + 1)

    def count() -> int:
        if who == "treasurer":
            sign_in(scene, client, scene.treasurer)
        with catch_queries() as queries:
            assert client.get(f"{scene.path}{door}").status_code == 200
        return queries.count

    fill()
    before = count()
    fill()
    assert count() == before
