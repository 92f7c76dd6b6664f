"""Outcomes of matches are carried over to the project of their needs; the overview of a worker."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient

from exchange.brokering.deeds.fulfilling import confirm_outcome, record_outcome
from exchange.brokering.deeds.kinds import Period
from exchange.brokering.deeds.rules import Effects
from exchange.listings.kinds import Side, Visibility
from exchange.listings.models import Listing
from exchange.projects.kinds import Stage
from exchange.projects.models import Project, ProjectNeed
from tests.brokering.conftest import Scene
from tests.cast import Cast
from tests.conftest import Queries
from tests.factories import make_listing
from tests.projects.evaluation_scene import Evaluated
from tests.projects.evaluation_scene import scene as scene  # noqa: PLC0414 - a fixture

Catch = Callable[[], AbstractContextManager[Queries]]


@pytest.fixture
def cast(scene: Evaluated) -> Cast:
    """One cast for the project and the match."""
    return scene.cast


@pytest.fixture
def matched_pair(scene: Evaluated, act_as: Callable[..., AbstractContextManager[object]]) -> Scene:
    cast = scene.cast
    house = cast.house
    need = make_listing(house, cast.officer, Side.NEED).id
    offer = make_listing(house, cast.enterprise, Side.OFFER).id
    return Scene(cast, need, offer, act_as)  # type: ignore[arg-type]  # acts of the system or a player


def delivered(found: Scene, *, confirmed: bool = True) -> None:
    """Both sides say that thirty arrived, for forty people."""
    match, _commitment = found.agreed()
    with found.act(found.cast.officer) as act:
        effects = Effects(income_fen=5_000_000, income_period=Period.YEAR)
        version = record_outcome(act, match, "到了", 40, 30_000, effects).version
    if confirmed:
        with found.act(found.cast.enterprise) as act:
            confirm_outcome(act, match, Side.OFFER, version=version)


def put_in(scene: Evaluated, need_id: int) -> None:
    scene.make()
    scene.session.add(
        ProjectNeed(listing_id=need_id, project_id=scene.project_id, added_at=scene.cast.now)
    )
    scene.session.commit()


def test_confirmed_outcomes_stand_on_the_project_s_page_with_where_they_come_from(
    scene: Evaluated, matched_pair: Scene, client: FlaskClient
) -> None:
    delivered(matched_pair)
    put_in(scene, matched_pair.need_id)
    page = scene.open_page(client, None).text
    for words in ("30 units", "40 people", "50,000 yuan each year", "要两台微耕机"):
        assert words in page
    assert "From 1 match" in page


def test_what_one_side_has_not_confirmed_is_not_carried_over(
    scene: Evaluated, matched_pair: Scene, client: FlaskClient
) -> None:
    delivered(matched_pair, confirmed=False)
    put_in(scene, matched_pair.need_id)
    assert "30 units" not in scene.open_page(client, scene.cast.officer).text


def test_needs_that_the_reader_may_not_see_add_nothing_for_them(
    scene: Evaluated, matched_pair: Scene, client: FlaskClient
) -> None:
    delivered(matched_pair)
    need = scene.session.get_one(Listing, matched_pair.need_id)
    need.visibility = Visibility.BROKERS
    scene.session.commit()
    put_in(scene, matched_pair.need_id)
    assert "30 units" not in scene.open_page(client, None).text
    assert "30 units" not in scene.open_page(client, scene.cast.stranger).text
    assert "30 units" in scene.open_page(client, scene.cast.officer).text


def test_a_coarse_need_is_not_tied_to_the_project(
    scene: Evaluated, matched_pair: Scene, client: FlaskClient
) -> None:
    delivered(matched_pair)
    need = scene.session.get_one(Listing, matched_pair.need_id)
    need.public_title, need.public_division_code = "一户人家要农机", "520422"
    scene.session.commit()
    put_in(scene, matched_pair.need_id)
    for who in (None, scene.cast.stranger, scene.cast.enterprise):
        page = scene.open_page(client, who).text
        assert "一户人家要农机" not in page
        assert need.public_id not in page
    assert "要两台微耕机" in scene.open_page(client, scene.cast.officer).text


def test_a_worker_sees_which_rounds_are_overdue_in_their_places(
    scene: Evaluated, client: FlaskClient
) -> None:
    scene.finished()
    project: Project = scene.project
    scene.hours_pass(days=15)
    for who in (scene.cast.broker, scene.cast.supervisor):
        scene.enter(client, who)
        page = client.get("/evaluations").text
        assert project.title in page
        assert "Some have not answered yet" in page
        assert "0 of 2 sides have answered" in page
    scene.enter(client, scene.cast.officer)
    assert client.get("/evaluations").status_code == 403
    scene.enter(client, scene.cast.broker)
    for tab in ("open", "all", "nonsense", ""):
        assert client.get(f"/evaluations?show={tab}").status_code == 200
    scene.make(places=["520502"], title="别处的项目")
    scene.stage(Stage.COMPLETED)
    scene.hours_pass(days=15)
    scene.enter(client, scene.cast.broker)
    assert "别处的项目" not in client.get("/evaluations?show=all").text


def test_twice_the_rounds_take_the_same_number_of_queries(
    scene: Evaluated, client: FlaskClient, catch_queries: Catch
) -> None:
    def sent() -> tuple[int, int]:
        scene.enter(client, scene.cast.broker)
        with catch_queries() as queries:
            answer = client.get("/evaluations?show=all")
        assert answer.status_code == 200
        return queries.count, len(answer.data)

    for _ in range(2):
        scene.finished()
    before, size = sent()
    for _ in range(3):
        scene.finished()
    after, larger = sent()
    assert larger > size
    assert after == before
