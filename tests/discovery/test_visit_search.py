"""Roadshows and visits to come are found in the one search by whoever may see the project."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from exchange.listings.kinds import Visibility
from exchange.projects.changing import change_project
from exchange.projects.holding import set_held
from exchange.projects.publishing import withdraw_project
from exchange.projects.queries import project_with_id
from exchange.projects.values import values_of
from exchange.projects.visits import announcing
from exchange.projects.visits.kinds import VisitKind
from exchange.search.jobs import ensure_index, expected
from exchange.search.wiring import search_index
from tests.api.conftest import Program
from tests.cast import STATION_AREA
from tests.conftest import SettableClock
from tests.discovery.test_without_index import HARMS, Harm
from tests.projects.intending import Scene
from tests.projects.intending import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.intending import scene as plain_scene  # noqa: F401 - a fixture
from tests.projects.making import make_project
from tests.projects.test_visits import DAY, announced, guest, shown, signed

ASKED = "/search/visits?q=冷库"
Jobs = Callable[[], int]


@pytest.fixture
def scene(plain_scene: Scene) -> Scene:  # noqa: F811 - the fixture above
    app = plain_scene.cast.app
    with app.app_context():
        ensure_index(app.extensions["exchange.jobs"])
    return plain_scene


def is_found(client: FlaskClient, address: str, public_id: str) -> bool:
    page = client.get(address)
    assert page.status_code == 200
    return f'href="/visits/{public_id}"' in page.text


def assert_indexed(scene: Scene) -> None:
    """The index holds what the database says."""
    app = scene.cast.app
    with app.app_context():
        scene.session.rollback()
        index = search_index(app.extensions["exchange"])
        census = expected(app.extensions["exchange.jobs"])
        assert (index.count(), index.high_water()) == (census.documents, census.high_water)


def changed(scene: Scene, work: Callable[..., Any]) -> None:
    with scene.act(scene.cast.officer) as act:
        project = project_with_id(act.session, scene.project_id)
        assert project is not None
        work(act, project)


def test_one_is_found_by_its_words_kind_and_place_until_it_begins(
    scene: Scene, client: FlaskClient, run_jobs: Jobs, clock: SettableClock
) -> None:
    public_id = announced(scene, text="看看新建的气调库", closes_at=DAY - timedelta(days=1))
    other = announced(scene, title="茶园一日", kind=VisitKind.ROADSHOW)
    run_jobs()
    page = client.get(ASKED).text
    assert f"/visits/{public_id}" in page.partition(f"/visits/{other}")[0]  # it stands first
    for said in ("<mark>冷库</mark>", "冷链项目", "还剩 3 个名额", "报名截止"):
        assert said in page
    for words in ("气调库", "考察 冷库", "普定 冷库", "村委会门口"):
        assert is_found(client, f"/search/visits?q={words}", public_id), words
    assert is_found(client, "/search/visits?q=路演 茶园", other)
    assert is_found(client, f"{ASKED}&division={STATION_AREA}", public_id)
    assert not is_found(client, f"{ASKED}&division=520403", public_id)
    assert "/search/visits?q=" in client.get("/search?q=冷库").text
    assert 'action="/search/visits"' in client.get("/visits").text
    everything = client.get("/search?q=冷库").text
    assert f'href="/visits/{public_id}"' in everything
    assert not is_found(client, "/needs?q=冷库", public_id)
    assert_indexed(scene)
    clock.set(DAY + timedelta(minutes=1))
    assert not is_found(client, ASKED, public_id)


def test_what_is_changed_or_called_off_is_found_as_it_is_now(
    scene: Scene, client: FlaskClient, run_jobs: Jobs
) -> None:
    public_id = announced(scene)
    run_jobs()
    with scene.act(scene.cast.officer) as act:
        announcing.change_visit(act, public_id, shown(title="茶园一日"))
    run_jobs()
    assert "<mark>冷库</mark>" not in client.get(ASKED).text
    assert is_found(client, "/search/visits?q=茶园", public_id)
    assert_indexed(scene)
    with scene.act(scene.cast.officer) as act:
        announcing.cancel(act, public_id, "大雪封路")
    assert not is_found(client, "/search/visits?q=茶园", public_id)
    run_jobs()
    assert_indexed(scene)


def test_it_follows_its_project(scene: Scene, client: FlaskClient, run_jobs: Jobs) -> None:
    cast, public_id = scene.cast, announced(scene)
    run_jobs()
    for held in (True, False):
        changed(scene, lambda act, project, held=held: set_held(act, project, held=held))
        assert not is_found(client, ASKED, public_id)  # before the index knows
        run_jobs()
        assert is_found(client, ASKED, public_id) is not held
        assert_indexed(scene)

    def narrower(act: Any, project: Any) -> None:
        kept = values_of(project)
        values = type(kept)(**{**vars(kept), "visibility": Visibility.VERIFIED})
        change_project(act, project, values)

    changed(scene, narrower)
    run_jobs()
    assert not is_found(client, ASKED, public_id)
    cast.sign_in(client, cast.enterprise)
    assert is_found(client, ASKED, public_id)
    changed(scene, withdraw_project)
    run_jobs()
    assert not is_found(client, ASKED, public_id)
    assert_indexed(scene)


@pytest.mark.parametrize("harm", HARMS)
def test_without_the_index_the_words_are_looked_for_in_the_list(
    scene: Scene, client: FlaskClient, run_jobs: Jobs, harm: Harm
) -> None:
    public_id = announced(scene)
    run_jobs()
    house = scene.cast.app.extensions["exchange"]
    search_index(house).close()
    with scene.cast.app.app_context():
        harm(house)
    assert is_found(client, ASKED, public_id)
    assert not is_found(client, "/search/visits?q=茶园", public_id)


def test_programs_search_the_same(scene: Scene, client: FlaskClient, run_jobs: Jobs) -> None:
    public_id = announced(scene)
    run_jobs()
    anybody = Program(client)
    found = anybody.get("/search/visits", q="冷库").get_json()
    assert [one["id"] for one in found["items"]] == [public_id]
    assert found["next_cursor"] is None
    assert anybody.get("/search/visits", q="二胡").get_json()["items"] == []
    assert anybody.get("/search/visits", cursor="x1").status_code == 422
    assert anybody.get("/search/visits", division="nowhere").status_code == 422


def test_nothing_found_says_so_and_leads_on(scene: Scene, client: FlaskClient) -> None:
    page = client.get("/search/visits?q=没有的词").text
    assert "没找到路演和考察" in page
    assert 'href="/visits"' in page


def test_twice_the_visits_take_the_same_number_of_queries(
    scene: Scene, client: FlaskClient, run_jobs: Jobs, catch_queries: Callable[..., Any]
) -> None:
    def more(number: int) -> None:
        with scene.open() as act:
            owner = scene.cast.officer.organisation
            project = make_project(act, owner, title=f"果园{number}", now=act.now).public_id
            public_id = announcing.announce(act, project, shown(title=f"冷库{number}")).public_id
        signed(scene, public_id, guest(scene, number), 1)

    def sent() -> tuple[int, int]:
        with catch_queries() as queries:
            answer = client.get(ASKED)
        return queries.count, len(answer.data)

    for number in range(2):
        more(number)
    run_jobs()
    client.get(ASKED)
    before, size = sent()
    for number in range(2, 6):
        more(number)
    run_jobs()
    after, larger = sent()
    assert larger > size
    assert after == before
