"""The list behind a figure says who has what, and what has waited longest stands first."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from exchange.brokering.centre import overview_views
from exchange.brokering.centre.caseload_service import Receiver, assign_need
from exchange.brokering.life import claiming, proposing
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from tests.accounts.test_points import colleague, point_at
from tests.brokering.conftest import Scene
from tests.conftest import Queries, SettableClock
from tests.factories import make_listing

Catch = Callable[[], AbstractContextManager[Queries]]


def make_need(scene: Scene, title: str, days: int = 0) -> Listing:
    """A need that was posted so many days ago."""
    made = make_listing(scene.cast.house, scene.cast.officer, Side.NEED, title=title)
    with scene.open() as act:
        need = act.session.get_one(Listing, made.id)
        need.published_at = act.now - timedelta(days=days)
        return need


def cases(scene: Scene, client: FlaskClient, query: str) -> str:
    scene.cast.sign_in(client, scene.cast.supervisor)
    centre = point_at(scene.cast, scene.cast.supervisor).public_id
    answer = client.get(f"/points/{centre}/cases?{query}")
    assert answer.status_code == 200
    return answer.text


def line_of(page: str, title: str) -> str:
    found = [one for one in page.split('<article class="card case-line">')[1:] if title in one]
    assert len(found) == 1
    return found[0].split("</article>")[0]


def test_an_open_need_is_in_the_hands_of_who_brokers_its_match(
    scene: Scene, client: FlaskClient
) -> None:
    need = make_need(scene, "有人对接的需求").id
    make_need(scene, "没人管的需求")
    with scene.act(scene.cast.broker) as act:
        claiming.claim(act, need, scene.offer_id)
    page = cases(scene, client, "what=open")
    line = line_of(page, "有人对接的需求")
    assert "韦青" in line
    assert "没人跟进" not in line
    assert "checkbox" not in line  # its match is given, not the need
    assert "没人跟进" in line_of(page, "没人管的需求")
    assert "checkbox" in line_of(page, "没人管的需求")


def test_the_heading_of_needs_without_a_match_says_what_it_means(
    scene: Scene, client: FlaskClient
) -> None:
    need = make_need(scene, "交给社工的需求").public_id
    with scene.act(scene.cast.supervisor) as act:
        assign_need(act, need, Receiver(worker=scene.cast.broker.person.public_id))
    page = cases(scene, client, "what=unclaimed")
    assert "还没有对接的需求</h1>" in page
    assert "韦青" in line_of(page, "交给社工的需求")


def titles(page: str) -> list[str]:
    return re.findall(r"<b>(第\d)[^<]*</b>", page)


def pages(scene: Scene, client: FlaskClient, what: str) -> list[list[str]]:
    found, query = [], f"what={what}"
    while True:
        page = cases(scene, client, query)
        found.append(titles(page))
        more = re.search(r'href="/points/[^"]+/cases\?([^"]*after=[^"]*)"', page)
        if more is None:
            return found
        query = more.group(1).replace("&amp;", "&")


def test_the_longest_waiting_need_stands_first_over_all_pages(
    scene: Scene, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview_views, "PAGE", 2)
    scene.claimed()  # the need of the scene has a match
    for number, days in ((3, 5), (1, 20), (4, 1), (2, 20)):
        make_need(scene, f"第{number}", days)
    assert pages(scene, client, "unclaimed") == [["第1", "第2"], ["第3", "第4"]]


def test_the_longest_wait_for_an_answer_stands_first_over_all_pages(
    scene: Scene, client: FlaskClient, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview_views, "PAGE", 2)
    claimed = {}
    for number in (3, 1, 4, 2):
        need = make_need(scene, f"第{number}").id
        with scene.act(scene.cast.broker) as act:
            claimed[number] = claiming.claim(act, need, scene.offer_id).public_id
    for number in range(1, 5):
        with scene.act(scene.cast.broker) as act:
            proposing.propose(act, claimed[number], "请看看")
        clock.forward(days=1)
    assert pages(scene, client, "unanswered") == [["第1", "第2"], ["第3", "第4"]]
    page = cases(scene, client, "what=unanswered").replace("\xa0", "")
    assert "11月22日 问的" in line_of(page, "第1")


@pytest.mark.parametrize(
    "after",
    [
        "m", "n", "x", "m12", "n9-", "m-9", "n99999999999999999999-1", "m9223372036854775807-1",
        "n9223372036854775807-9223372036854775807", "n１-２", "m1-0000000000000000000000",
        "n1-9223372036854775807",
    ],
)  # fmt: skip
def test_odd_places_to_go_on_are_a_page(scene: Scene, client: FlaskClient, after: str) -> None:
    cases(scene, client, f"what=told&after={after}")
    cases(scene, client, f"what=unclaimed&after={after}")


def test_more_open_needs_take_no_more_queries(
    scene: Scene, client: FlaskClient, catch_queries: Catch
) -> None:
    def sent() -> int:
        cases(scene, client, "what=open")
        with catch_queries() as queries:
            cases(scene, client, "what=open")
        return queries.count

    scene.claimed()
    before = sent()
    colleague(scene.cast, scene.cast.broker, "小吴")
    for number in range(4):
        need = make_need(scene, f"第{number}").id
        with scene.act(scene.cast.broker) as act:
            claiming.claim(act, need, scene.offer_id)
    assert sent() == before
