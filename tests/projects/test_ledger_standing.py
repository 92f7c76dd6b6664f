"""What was booked stays readable, whatever the people of the project do; and who did it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.listings.kinds import Visibility
from exchange.projects.kinds import Publication
from exchange.projects.models import Project
from tests.api.conftest import MakeProgram
from tests.api.conftest import program as program  # noqa: PLC0414 - a fixture
from tests.projects.ledger_scene import Scene
from tests.projects.ledger_scene import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.ledger_scene import scene as scene  # noqa: PLC0414 - a fixture

DOORS = ("", "/entries/1", "/notice", ".csv", ".json")


def codes(scene: Scene, client: FlaskClient) -> set[int]:
    return {client.get(f"{scene.path}{door}").status_code for door in DOORS}


def change(session: Session, scene: Scene, **values: object) -> None:
    project = session.get_one(Project, scene.project_id)
    for name, value in values.items():
        setattr(project, name, value)
    session.commit()


def test_a_project_with_an_entry_is_not_taken_back(
    scene: Scene, client: FlaskClient, session: Session, program: MakeProgram
) -> None:
    scene.receipt(100)
    page = f"/projects/{scene.project_key}"
    scene.cast.sign_in(client, scene.cast.officer)
    client.get("/locale/en")
    assert f"{page}/withdraw" not in client.get(page).text
    answer = client.post(f"{page}/withdraw", follow_redirects=True)
    assert "complete or stop it" in answer.text
    refused = program(scene.cast.officer).post(f"{page}/withdraw")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "project_has_accounts")
    session.expire_all()
    assert session.get_one(Project, scene.project_id).publication is Publication.PUBLISHED


def test_without_an_entry_it_is_taken_back_as_before(
    scene: Scene, client: FlaskClient, session: Session
) -> None:
    page = f"/projects/{scene.project_key}"
    scene.cast.sign_in(client, scene.cast.officer)
    assert f"{page}/withdraw" in client.get(page).text
    client.post(f"{page}/withdraw")
    session.expire_all()
    assert session.get_one(Project, scene.project_id).publication is Publication.WITHDRAWN
    client.post("/sign-out")
    assert codes(scene, client) == {404}


@pytest.mark.parametrize("circle", [Visibility.VERIFIED, Visibility.BROKERS])
def test_a_project_with_an_entry_is_not_shown_to_fewer(
    circle: Visibility, scene: Scene, client: FlaskClient, session: Session, program: MakeProgram
) -> None:
    scene.receipt(100)
    page = f"/projects/{scene.project_key}"
    scene.cast.sign_in(client, scene.cast.officer)
    client.get("/locale/en")
    words = {"title": "冷链项目", "aim": "让鲜果当天运到贵阳。", "version": "1"}
    answer = client.post(f"{page}/edit", data={**words, "visibility": circle.value})
    assert answer.status_code == 422
    assert "complete or stop it" in answer.text
    refused = program(scene.cast.officer).patch(page, {"visibility": circle.value})
    assert refused.status_code == 422
    assert refused.get_json()["errors"]["visibility"][0]["code"] == "project_has_accounts"
    session.expire_all()
    assert session.get_one(Project, scene.project_id).visibility is Visibility.PUBLIC


def test_the_book_stands_while_other_words_are_looked_at(
    scene: Scene, client: FlaskClient, session: Session
) -> None:
    scene.receipt(100)
    change(session, scene, publication=Publication.SUBMITTED, title="还没看过的新名字")
    client.get("/locale/en")
    assert client.get(f"/projects/{scene.project_key}").status_code == 404
    assert codes(scene, client) == {200}
    for door in DOORS:
        assert "还没看过的新名字" not in client.get(f"{scene.path}{door}").text, door
    told = client.get(scene.path).text
    assert "stays readable here" in told
    assert "培训" not in told
    assert client.get(f"{scene.path}.json").get_json()["budget"] == []
    assert client.get(f"{scene.path}/record").status_code in (302, 404)


def test_programs_read_the_book_meanwhile(
    scene: Scene, session: Session, program: MakeProgram
) -> None:
    scene.receipt(100)
    change(session, scene, publication=Publication.WITHDRAWN)
    anybody = program()
    assert anybody.get(scene.path).get_json()["budget"] == []
    assert len(anybody.get(f"{scene.path}/entries").get_json()["items"]) == 1
    assert anybody.get(f"{scene.path}/entries/1").status_code == 200


def test_a_hold_takes_the_book_away_and_lifting_it_brings_it_back(
    scene: Scene, client: FlaskClient, session: Session
) -> None:
    scene.receipt(100)
    change(session, scene, held_at=scene.cast.now)
    assert codes(scene, client) == {404}
    change(session, scene, publication=Publication.SUBMITTED)
    assert codes(scene, client) == {404}
    change(session, scene, held_at=None)
    assert codes(scene, client) == {200}


def test_names_of_who_did_it_are_for_those_inside_and_roles_for_everybody(
    scene: Scene, client: FlaskClient, program: MakeProgram
) -> None:
    scene.receipt(100)
    scene.approve(scene.receipt(500_000))
    client.get("/locale/en")
    first, second = client.get(f"{scene.path}.json").get_json()["entries"]
    assert (first["recorder_role"], first["recorder"]) == ("treasurer", None)
    assert (first["approver_role"], first["approver"]) == (None, None)
    assert (second["approver_role"], second["approver"]) == ("approver", None)
    table = client.get(f"{scene.path}.csv").text
    assert "the treasurer,a second person," in table
    assert "钱会计" not in table
    stranger = program(scene.cast.stranger).get(f"{scene.path}/entries/2").get_json()
    assert stranger["recorder"] is None
    for who in (scene.cast.officer, scene.cast.broker):
        item = program(who).get(f"{scene.path}/entries/2").get_json()
        assert (item["recorder"], item["approver"]) == ("钱会计", "章监委")
    items = program(scene.treasurer).get(f"{scene.path}/entries").get_json()["items"]
    assert [one["approver"] for one in items] == ["章监委", None]
    scene.cast.sign_in(client, scene.cast.officer)
    assert "钱会计,章监委," in client.get(f"{scene.path}.csv").text
