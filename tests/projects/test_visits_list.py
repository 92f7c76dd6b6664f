"""Roadshows and visits to come of all projects, for whoever may see the project."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from exchange.listings.kinds import Visibility
from exchange.projects.holding import set_held
from exchange.projects.kinds import Publication
from exchange.projects.models import Project
from exchange.projects.visits import announcing, signing_up
from exchange.projects.visits.kinds import VisitKind
from tests.api.conftest import Program
from tests.cast import FIRM_AREA
from tests.conftest import SettableClock
from tests.projects.intending import Scene
from tests.projects.intending import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.intending import scene as scene  # noqa: PLC0414 - a fixture
from tests.projects.making import make_project
from tests.projects.test_visits import DAY, announced, guest, shown, signed

OTHER_AREA = "520403"


@pytest.fixture
def anybody(scene: Scene) -> Program:
    """A program without a token."""
    return Program(scene.cast.app.test_client())


def listed(client: FlaskClient, address: str = "/visits") -> list[str]:
    """Public ids on the page, in their order."""
    page = client.get(address)
    assert page.status_code == 200
    return re.findall(r'<h3><a href="/visits/(\w+)"', page.text)


def elsewhere(scene: Scene, **values: Any) -> str:
    """One of the enterprise's own project, in its own place."""
    with scene.act(scene.cast.enterprise) as act:
        owner = scene.cast.enterprise.organisation
        project = make_project(
            act, owner, title="冷链仓", places=(FIRM_AREA,), now=act.now
        ).public_id
        return announcing.announce(act, project, shown(title="看看冷链仓", **values)).public_id


def set_project(scene: Scene, **values: Any) -> None:
    with scene.open() as act:
        project = act.session.get_one(Project, scene.project_id)
        for name, value in values.items():
            setattr(project, name, value)


def test_each_says_project_place_day_seats_and_until_when_to_sign_up(
    scene: Scene, client: FlaskClient
) -> None:
    later = announced(scene, closes_at=DAY - timedelta(days=2), title="路演")
    first = elsewhere(scene, starts_at=DAY - timedelta(days=1))
    signed(scene, later, scene.cast.enterprise, 2)
    assert "/visits" in client.get("/projects").text
    page = client.get("/visits").text.replace("\N{NO-BREAK SPACE}", " ")
    assert listed(client) == [first, later]
    assert re.findall(r"<h2>(12 月 \d 日)</h2>", page) == ["12 月 4 日", "12 月 5 日"]
    for said in (
        "冷链项目", "冷链仓", "村委会门口", "普定县", "还剩 1 个名额", "还剩 3 个名额",
        "报名截止 12 月 3 日 09:30", "报名截止 12 月 4 日 09:30",
    ):  # fmt: skip
        assert said in page, said


def test_place_day_kind_and_free_seats_narrow_it(scene: Scene, client: FlaskClient) -> None:
    here = announced(scene, seats=1)
    there = elsewhere(scene, kind=VisitKind.ROADSHOW, starts_at=DAY + timedelta(days=1))
    assert listed(client, "/visits?division=520422") == [here]
    assert listed(client, f"/visits?division={FIRM_AREA}") == [there]
    assert listed(client, "/visits?division_text=普定县") == [here]
    assert listed(client, f"/visits?division={OTHER_AREA}") == []
    assert listed(client, "/visits?day=2026-12-06") == [there]
    assert listed(client, "/visits?kind=visit") == [here]
    signed(scene, here, guest(scene, 1), 1)
    assert listed(client, "/visits?free=1") == [there]
    assert listed(client, "/visits?day=nonsense&kind=x&division=y&page=-3") == [here, there]
    empty = client.get("/visits?day=2027-01-01").text
    assert "这里目前没有路演和考察" in empty
    assert 'href="/visits"' in empty


def test_only_what_is_to_come_of_projects_that_the_reader_may_see(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    cast, public_id = scene.cast, announced(scene)
    off = announced(scene, title="不办的")
    with scene.act(cast.officer) as act:
        announcing.cancel(act, off, "大雪封路")
    assert listed(client) == [public_id]
    set_project(scene, visibility=Visibility.VERIFIED)
    assert listed(client) == []
    cast.sign_in(client, cast.enterprise)
    assert listed(client) == [public_id]
    with scene.open() as act:
        set_held(act, act.session.get_one(Project, scene.project_id), held=True)
    assert listed(client) == []
    set_project(scene, held_at=None, publication=Publication.DRAFT)
    assert listed(client) == []
    set_project(scene, publication=Publication.PUBLISHED)
    assert listed(client) == [public_id]
    clock.set(DAY + timedelta(minutes=1))
    cast.sign_in(client, cast.enterprise)
    assert listed(client) == []


def test_after_the_closing_day_it_stands_there_and_says_so(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    public_id = announced(scene, closes_at=DAY - timedelta(days=2))
    clock.set(DAY - timedelta(days=1))
    assert listed(client) == [public_id]
    assert "报名已截止" in client.get("/visits").text


def test_an_enterprise_comes_to_it_from_where_it_looks_at_projects(
    scene: Scene, client: FlaskClient
) -> None:
    scene.cast.sign_in(client, scene.cast.enterprise)
    for address in (
        "/projects", f"/projects/compare?p={scene.public_id}", "/my/visits", "/my/intentions",
        f"/projects/{scene.public_id}/visits",
    ):  # fmt: skip
        assert re.search(r'href="/visits(\?[^"]*)?"', client.get(address).text), address
    narrowed = client.get("/projects?division=520422").text
    assert 'href="/visits?division=520422"' in narrowed


def test_its_pages_follow_each_other(scene: Scene, client: FlaskClient, anybody: Program) -> None:
    made = [
        announced(scene, title=f"第{number}场", starts_at=DAY + timedelta(hours=number // 2))
        for number in range(23)
    ]
    first = listed(client)
    assert len(first) == 20
    assert first + listed(client, "/visits?page=2") == made
    found: list[str] = []
    cursor, pages = None, 0
    while pages == 0 or cursor:
        page = anybody.get("/visits", limit=7, **({"cursor": cursor} if cursor else {})).get_json()
        found += [one["id"] for one in page["items"]]
        cursor, pages = page["next_cursor"], pages + 1
    assert (found, pages) == (made, 4)


def test_programs_ask_with_the_same_filters(scene: Scene, anybody: Program) -> None:
    here = announced(scene, closes_at=datetime(2026, 12, 3, 1, 30, tzinfo=UTC))
    there = elsewhere(scene, kind=VisitKind.ROADSHOW, seats=1)

    def found(**asked: str) -> list[str]:
        return [one["id"] for one in anybody.get("/visits", **asked).get_json()["items"]]

    assert found() == [here, there]
    assert found(division="520422") == found(kind="visit") == [here]
    assert found(day="2026-12-06") == []
    with scene.act(guest(scene, 1)) as act:
        signing_up.sign_up(act, there, 1)
    assert found(free="true") == [here]
    (item,) = anybody.get("/visits", kind="visit").get_json()["items"]
    assert (item["place"], item["left"], item["project"]) == ("村委会门口", 3, scene.public_id)
    assert item["closes_at"].startswith("2026-12-03T")
    for name, value in (("cursor", "nothing"), ("division", "nowhere"), ("kind", "party")):
        assert anybody.get("/visits", **{name: value}).status_code == 422
    set_project(scene, visibility=Visibility.BROKERS)
    assert found() == [there]


def test_twice_the_rows_take_the_same_number_of_queries(
    scene: Scene, client: FlaskClient, anybody: Program, catch_queries: Callable[..., Any]
) -> None:
    def more(number: int) -> None:
        with scene.open() as act:
            owner = scene.cast.officer.organisation
            project = make_project(act, owner, title=f"果园{number}", now=act.now).public_id
            made = announcing.announce(act, project, shown(title=f"第{number}场", seats=20))
            public_id = made.public_id
        for who in (scene.cast.enterprise, guest(scene, number)):
            signed(scene, public_id, who, 1)

    def sent(address: str) -> tuple[int, int]:
        with catch_queries() as queries:
            answer = client.get(address)
        assert answer.status_code == 200
        return queries.count, len(answer.data)

    paths = ("/visits", "/api/v1/visits")
    for number in range(2):
        more(number)
    client.get("/healthz")
    before = [sent(path) for path in paths]
    for number in range(2, 6):
        more(number)
    for (count, size), (later, larger) in zip(before, map(sent, paths), strict=True):
        assert larger > size
        assert later == count
