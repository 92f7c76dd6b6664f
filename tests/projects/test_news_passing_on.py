"""What leaves the site: feeds, the poster, texts for a chat group, and the bulletin's question."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from exchange.kernel.actor import VISITOR
from exchange.listings.kinds import Visibility
from exchange.listings.sharing.rules import short_code
from exchange.projects.models import Project
from exchange.projects.news.panels import story_panel
from exchange.projects.news.queries import public_news
from exchange.projects.news.rules import Figure
from exchange.web.feeds import ATOM
from exchange.web.panels import show_slot
from tests.cast import ELSEWHERE, STATION_AREA, VILLAGE
from tests.conftest import Queries, SettableClock
from tests.projects.news_scene import NewsScene
from tests.projects.news_scene import scene as scene  # noqa: PLC0414 - a fixture

Catch = Callable[[], AbstractContextManager[Queries]]
A = f"{{{ATOM}}}"


def entries(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    root = ET.fromstring(answer.data)  # noqa: S314 - what the site itself has written
    assert root.findtext(f"{A}id", "").startswith("http")
    assert root.findtext(f"{A}updated")
    assert root.findtext(f"{A}author/{A}name")
    found = root.findall(f"{A}entry")
    for one in found:
        assert one.findtext(f"{A}id", "").startswith("http")
        assert one.findtext(f"{A}updated")
    return [one.findtext(f"{A}title", "") for one in found]


def test_the_feed_of_a_project_is_well_formed_and_the_newest_first(
    scene: NewsScene, client: FlaskClient, clock: SettableClock
) -> None:
    assert entries(client, f"{scene.path}.atom") == []
    scene.post("冷库 <b>好了</b> & 通电\x0b")
    clock.forward(hours=1)
    scene.post("车买好了", figures=[Figure("冷链车", 2000, "辆")])
    assert entries(client, f"{scene.path}.atom") == ["车买好了", "冷库 <b>好了</b> & 通电"]
    answer = client.get(f"{scene.path}.atom")
    assert "冷链车 2 辆" in answer.text
    same = client.get(f"{scene.path}.atom", headers={"If-None-Match": answer.headers["ETag"]})
    assert same.status_code == 304
    assert f'href="{scene.path}.atom"' in client.get(scene.path).text


def test_the_feed_of_a_place_holds_what_is_public_there(
    scene: NewsScene, client: FlaskClient
) -> None:
    hidden = scene.make("内部项目", visibility=Visibility.BROKERS)
    far = scene.make("远处的项目", owner=scene.cast.stranger)
    scene.post("村里的")
    scene.post("内部的", project=hidden)
    scene.post("远处的", scene.cast.stranger, far)
    assert entries(client, f"/projects/news.atom?place={STATION_AREA}") == ["冷链项目: 村里的"]
    assert entries(client, f"/projects/news.atom?place={VILLAGE}") == ["冷链项目: 村里的"]
    assert entries(client, f"/projects/news.atom?place={ELSEWHERE}") == ["远处的项目: 远处的"]
    assert sorted(entries(client, "/projects/news.atom")) == [
        "冷链项目: 村里的", "远处的项目: 远处的",
    ]  # fmt: skip
    scene.cast.sign_in(client, scene.cast.broker)
    assert "内部的" not in client.get("/projects/news.atom").text
    for place in ("99", "x", "5204221022439", "520422102999"):
        assert client.get(f"/projects/news.atom?place={place}").status_code == 404


def test_the_bulletin_asks_for_public_news_of_a_period(
    scene: NewsScene, clock: SettableClock
) -> None:
    hidden = scene.make("内部项目", visibility=Visibility.VERIFIED)
    begun = clock.now()
    for text in ("第一", "第二", "第三"):
        scene.post(text)
        scene.post(f"内部{text}", project=hidden)
        clock.forward(days=7)

    def told(places: list[str], days: int, until: int, limit: int = 10) -> list[str]:
        since, end = begun + timedelta(days=days), begun + timedelta(days=until)
        return [one.text for one in public_news(scene.session, places, since, end, limit)]

    assert told([STATION_AREA], 0, 21) == ["第三", "第二", "第一"]
    assert told([STATION_AREA, VILLAGE], 0, 14) == ["第二", "第一"]
    assert told([], 7, 14) == ["第二"]
    assert told([ELSEWHERE], 0, 21) == []
    assert told([], 0, 21, limit=1) == ["第三"]


def test_the_poster_and_the_texts_say_what_everybody_may_read(
    scene: NewsScene, client: FlaskClient
) -> None:
    update = scene.post("冷库好了", figures=[Figure("冷库", 80_000, "立方米")])
    poster = client.get(f"/projects/{scene.key}/poster").text
    code = short_code(scene.project_id)
    for said in ("冷链项目", "冷库好了", "80", 'class="qr"', f"/p/{code}", "2 步里完成了 0 步"):
        assert said in poster
    text = client.get(f"/projects/{scene.key}/share").text
    assert "【项目】冷链项目" in text
    assert f"/p/{code}" in text
    of_one = client.get(f"{scene.path}/{update.public_id}/share").text
    assert "【动态】冷链项目" in of_one
    assert f"/p/n/{short_code(update.id)}" in of_one
    assert client.get(f"/p/{code}").headers["Location"] == f"/projects/{scene.key}"
    leads = client.get(f"/p/n/{short_code(update.id)}").headers["Location"]
    assert leads == f"{scene.path}/{update.public_id}"


def test_a_poster_and_texts_are_in_the_readers_language_whoever_copies_them(
    scene: NewsScene, client: FlaskClient
) -> None:
    update = scene.post("冷库好了", figures=[Figure("冷库", 80_000, "立方米")])
    client.get("/locale/en")
    poster = client.get(f"/projects/{scene.key}/poster").text
    assert "Print" in poster
    assert "2 步里完成了 0 步" in poster
    assert "【项目】" in client.get(f"/projects/{scene.key}/share").text
    of_one = f"{scene.path}/{update.public_id}/share"
    assert "【动态】" in client.get(of_one).text
    assert "【News】" in client.get(f"{of_one}?language=en").text


def test_what_is_not_for_everybody_is_not_passed_on(
    scene: NewsScene, client: FlaskClient
) -> None:
    update = scene.post("冷库好了")
    with scene.act_as() as act:
        act.session.get_one(Project, scene.project_id).visibility = Visibility.VERIFIED
    short = (f"/p/{short_code(scene.project_id)}", f"/p/n/{short_code(update.id)}")
    for path in (f"/projects/{scene.key}/poster", f"/projects/{scene.key}/share", *short):
        assert client.get(path).status_code == 404
    scene.cast.sign_in(client, scene.cast.officer)
    for path in (f"/projects/{scene.key}/poster", f"{scene.path}/{update.public_id}/share"):
        assert client.get(path).status_code == 409
    assert "/poster" not in client.get(scene.path).text
    for odd in ("1", "0", "zzzzzzzzzzzzzz", "zzzzzzzzzzzzz", "é"):
        assert client.get(f"/p/{odd}").status_code == 404
        assert client.get(f"/p/n/{odd}").status_code == 404


def test_the_story_shows_the_last_three(
    scene: NewsScene, client: FlaskClient, clock: SettableClock
) -> None:
    for number in range(4):
        scene.post(f"第{number}次")
        clock.forward(hours=1)
    project = scene.project
    with scene.app.test_request_context():
        values = {"actor": VISITOR, "project": project, "page": None}
        page = str(show_slot("projects.story", **values))
        acts = str(show_slot("projects.acts", **values))
    assert "第1次" in page
    assert "第0次" not in page
    assert "全部动态" in page
    assert "登录后关注" in acts
    assert VISITOR.person_id is None


def test_the_story_of_a_project_without_news_says_so(scene: NewsScene) -> None:
    with scene.app.test_request_context():
        content = story_panel(scene.project)
    assert content.values["news"] == []


@pytest.mark.parametrize("name", ["news", "feed", "place", "api", "followed", "silent"])
def test_twice_the_news_take_the_same_number_of_queries(
    scene: NewsScene, client: FlaskClient, catch_queries: Catch, clock: SettableClock, name: str
) -> None:
    who = scene.cast.broker
    addresses = {
        "news": scene.path, "feed": f"{scene.path}.atom", "place": "/projects/news.atom",
        "api": f"/api/v1{scene.path}", "followed": "/my/followed-projects",
        "silent": "/projects/silent",
    }  # fmt: skip

    def more(number: int) -> None:
        scene.cast.sign_in(client, scene.cast.officer)
        scene.send(client, 1, text=f"第{number}次", children="no_child", token=f"t{number}")
        project = scene.make(f"项目{number}")
        scene.cast.sign_in(client, who)
        client.post(f"/projects/{project.public_id}/follow")

    def sent() -> tuple[int, int]:
        clock.forward(days=40)
        scene.cast.sign_in(client, who)
        with catch_queries() as queries:
            answer = client.get(addresses[name])
        assert answer.status_code == 200
        return queries.count, len(answer.data)

    more(1)
    more(2)
    client.get("/healthz")
    sent()
    before, size = sent()
    for number in range(3, 6):
        more(number)
    after, larger = sent()
    assert larger > size
    assert after == before
