"""News of projects are found in the one search by whoever may read the project."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.kernel.act import Act
from exchange.listings.kinds import Visibility
from exchange.projects.changing import change_project
from exchange.projects.holding import set_held
from exchange.projects.kinds import Publication
from exchange.projects.models import Project, ProjectUpdate
from exchange.projects.news.rules import Figure
from exchange.projects.news.service import NewsValues, change_news, withdraw_news
from exchange.projects.publishing import submit_project, withdraw_project
from exchange.projects.queries import project_with_id
from exchange.projects.values import values_of
from exchange.search.jobs import ensure_index, expected
from exchange.search.wiring import search_index
from tests.cast import STATION_AREA
from tests.discovery.test_without_index import HARMS, Harm
from tests.projects.news_scene import NewsScene

WORDS = "东坡的桃苗今天栽完了，明天开始浇水。"
ASKED = "/search/news?q=桃苗"


@pytest.fixture
def scene(
    app: Flask,
    session: Session,
    act_as: Callable[..., AbstractContextManager[Act]],
) -> NewsScene:
    with app.app_context():
        ensure_index(app.extensions["exchange.jobs"])
    return NewsScene(app, session, act_as)


def is_found(client: FlaskClient, address: str, update: ProjectUpdate) -> bool:
    page = client.get(address)
    assert page.status_code == 200
    return f"/news/{update.public_id}" in page.text


def assert_indexed(scene: NewsScene) -> None:
    """The index holds what the database says."""
    with scene.app.app_context():
        scene.session.rollback()
        run = scene.app.extensions["exchange.jobs"]
        index = search_index(scene.house)
        census = expected(run)
        assert (index.count(), index.high_water()) == (census.documents, census.high_water)


def changed(scene: NewsScene, work: Callable[[Act, Project], Any]) -> None:
    with scene.act_as(scene.cast.officer.actor) as act:
        project = project_with_id(act.session, scene.project_id)
        assert project is not None
        work(act, project)


def test_news_are_found_by_their_words_and_say_project_and_day(
    scene: NewsScene, client: FlaskClient, run_jobs: Callable[[], int]
) -> None:
    update = scene.post(WORDS, figures=[Figure("新栽果苗", 1_200_000, "株")])
    other = scene.post("冷库的地基打好了。")
    run_jobs()
    page = client.get(ASKED).text
    assert f"/news/{update.public_id}" in page
    assert f"/news/{other.public_id}" not in page
    assert "冷链项目" in page
    assert "<mark>桃苗</mark>" in page
    assert "11\N{NO-BREAK SPACE}月" in page
    for words in ("新栽果苗", "冷链项目 桃苗", "项目动态 桃苗", "普定 桃苗"):
        assert is_found(client, f"/search/news?q={words}", update), words
    assert is_found(client, f"{ASKED}&division={STATION_AREA}", update)
    assert not is_found(client, f"{ASKED}&division=520403", update)
    assert "/search/news?q=" in client.get("/search?q=桃苗").text
    assert is_found(client, "/search?q=桃苗", update)
    for page_of_others in ("/needs", "/search/bulletins", "/search/activities"):
        assert not is_found(client, f"{page_of_others}?q=桃苗", update)
    assert_indexed(scene)


def test_what_is_changed_or_taken_back_is_found_as_it_is_now(
    scene: NewsScene, client: FlaskClient, run_jobs: Callable[[], int]
) -> None:
    update = scene.post(WORDS)
    run_jobs()
    with scene.act_as(scene.cast.officer.actor) as act:
        row = act.session.get_one(ProjectUpdate, update.id)
        change_news(act, row, NewsValues("冷库的大门装好了。"))
    run_jobs()
    assert not is_found(client, ASKED, update)
    assert is_found(client, "/search/news?q=冷库大门", update)
    assert_indexed(scene)
    with scene.act_as(scene.cast.officer.actor) as act:
        withdraw_news(act, act.session.get_one(ProjectUpdate, update.id))
    assert not is_found(client, "/search/news?q=冷库大门", update)
    run_jobs()
    assert not is_found(client, "/search/news?q=冷库大门", update)
    assert_indexed(scene)


def test_news_follow_their_project_when_it_is_hidden_and_shown_again(
    scene: NewsScene, client: FlaskClient, run_jobs: Callable[[], int]
) -> None:
    cast, update = scene.cast, scene.post(WORDS)
    run_jobs()
    for held in (True, False):
        changed(scene, lambda act, project, held=held: set_held(act, project, held=held))
        assert not is_found(client, ASKED, update)  # before the index knows
        run_jobs()
        assert is_found(client, ASKED, update) is not held
        assert_indexed(scene)
    changed(scene, lambda act, project: set_held(act, project, held=True))
    run_jobs()
    cast.sign_in(client, cast.enterprise)
    assert not is_found(client, ASKED, update)
    cast.sign_in(client, cast.broker)
    assert is_found(client, ASKED, update)


def test_news_of_a_project_that_was_taken_back_are_gone_until_it_stands_again(
    scene: NewsScene, client: FlaskClient, run_jobs: Callable[[], int]
) -> None:
    cast, update = scene.cast, scene.post(WORDS)
    run_jobs()
    changed(scene, withdraw_project)
    run_jobs()
    assert not is_found(client, ASKED, update)
    cast.sign_in(client, cast.officer)
    assert not is_found(client, ASKED, update)
    assert_indexed(scene)
    changed(scene, submit_project)
    assert scene.project.publication is Publication.PUBLISHED
    run_jobs()
    cast.sign_out(client)
    assert is_found(client, ASKED, update)
    assert_indexed(scene)


def test_a_narrower_circle_of_the_project_is_that_of_its_news(
    scene: NewsScene, client: FlaskClient, run_jobs: Callable[[], int]
) -> None:
    cast, update = scene.cast, scene.post(WORDS)
    run_jobs()

    def narrower(act: Act, project: Project) -> None:
        kept = values_of(project)
        values = type(kept)(**{**vars(kept), "visibility": Visibility.VERIFIED})
        change_project(act, project, values)

    changed(scene, narrower)
    assert not is_found(client, ASKED, update)
    run_jobs()
    assert not is_found(client, ASKED, update)
    cast.sign_in(client, cast.enterprise)
    assert is_found(client, ASKED, update)
    assert_indexed(scene)


@pytest.mark.parametrize("harm", HARMS)
def test_without_the_index_the_words_are_looked_for_in_what_may_be_read(
    scene: NewsScene, client: FlaskClient, run_jobs: Callable[[], int], harm: Harm
) -> None:
    update = scene.post(WORDS)
    hidden = scene.make("不公开的项目", visibility=Visibility.BROKERS)
    unseen = scene.post("别处的桃苗", project=hidden)
    run_jobs()
    search_index(scene.house).close()
    with scene.app.app_context():
        harm(scene.house)
    assert is_found(client, ASKED, update)
    assert not is_found(client, ASKED, unseen)
    assert not is_found(client, "/search/news?q=冷链车", update)
    assert not is_found(client, f"{ASKED}&division=520403", update)


def test_nothing_found_says_so_and_leads_on(scene: NewsScene, client: FlaskClient) -> None:
    page = client.get("/search/news?q=没有的词").text
    assert "没找到动态" in page
    assert 'href="/projects"' in page


def test_twice_the_news_take_the_same_number_of_queries(
    scene: NewsScene,
    client: FlaskClient,
    run_jobs: Callable[[], int],
    catch_queries: Callable[..., Any],
) -> None:
    def sent() -> tuple[int, int]:
        with catch_queries() as queries:
            answer = client.get(ASKED)
        return queries.count, len(answer.data)

    for number in range(2):
        scene.post(f"第 {number} 片桃苗栽完了", project=scene.make(f"果园{number}"))
    run_jobs()
    client.get(ASKED)
    before, size = sent()
    for number in range(2, 7):
        scene.post(f"第 {number} 片桃苗栽完了", project=scene.make(f"果园{number}"))
    run_jobs()
    after, larger = sent()
    assert larger > size
    assert after == before
