"""A project that a program begins from a match."""

from flask.testing import FlaskClient

from exchange.listings.kinds import State
from tests.api.conftest import MakeProgram
from tests.api.conftest import program as program  # noqa: PLC0414 - a fixture
from tests.brokering.conftest import Scene
from tests.cast import VILLAGE

TITLE = {"title": "冷链做长久", "aim": "每年都运得出去。"}


def test_the_needs_side_begins_a_project_and_asks_the_other(
    scene: Scene, program: MakeProgram
) -> None:
    match = scene.match(scene.introduced())
    need, firm = match.need.public_id, match.offer.organisation.public_id
    officer = program(scene.cast.officer)
    made = officer.post("/projects", {**TITLE, "match": match.public_id})
    assert made.status_code == 201, made.text
    told = made.get_json()
    assert told["publication"] == "draft"
    assert [one["need"]["id"] for one in told["needs"]] == [need]
    asked = [(one["organisation"]["id"], one["state"]) for one in told["partners"]]
    assert asked == [(firm, "invited")]
    assert told["places"] == [VILLAGE]
    again = officer.post("/projects", {**TITLE, "match": match.public_id})
    assert again.get_json()["id"] == told["id"]


def test_the_social_worker_writes_it_for_the_needs_side(
    scene: Scene, program: MakeProgram
) -> None:
    public_id = scene.introduced()
    body = {**TITLE, "match": public_id, "places": ["520422"]}
    made = program(scene.cast.broker).post("/projects", body)
    assert made.status_code == 201, made.text
    told = made.get_json()
    assert told["worker"]["id"] == scene.cast.broker.person.public_id
    assert told["organisation"]["id"] == scene.cast.officer.organisation.public_id
    assert told["places"] == ["520422"]


def test_the_page_takes_along_a_need_that_the_match_has_met(
    scene: Scene, client: FlaskClient
) -> None:
    match = scene.match(scene.introduced())
    match.need.state, need = State.FULFILLED, match.need.title
    scene.cast.session.commit()
    scene.cast.sign_in(client, scene.cast.broker)
    client.get("/locale/en")
    sent = {**TITLE, "template": "other", "match": match.public_id, "division": VILLAGE}
    where = client.post("/projects/new", data=sent).headers["Location"]
    page = client.get(where).text
    assert need in page
    assert "1 of 1 needs have a partner" in page
    assert f"It is published by {scene.cast.officer.organisation.name_zh}." in page
    scene.cast.sign_in(client, scene.cast.officer)
    assert "It is published by" not in client.get(where).text


def test_a_need_that_is_met_in_part_does_not_count_as_taken_up(
    scene: Scene, client: FlaskClient
) -> None:
    match = scene.match(scene.introduced())
    match.need.quantity_milli, match.need.committed_milli = 600_000, 60_000
    match.need.unit = "亩"
    scene.cast.session.commit()
    scene.cast.sign_in(client, scene.cast.broker)
    sent = {**TITLE, "template": "other", "match": match.public_id, "division": VILLAGE}
    where = client.post("/projects/new", data=sent).headers["Location"]
    page = client.get(where).text
    assert "还差 540 亩" in page
    assert "1 样需求，0 样有人接了" in page
    assert "另有 1 样有人接了一部分" in page
    assert ">有人接了一部分<" in page
    scene.match(match.public_id).need.committed_milli = 600_000
    scene.cast.session.commit()
    page = client.get(where).text
    assert "1 样需求，1 样有人接了" in page
    assert "一部分" not in page


def test_a_match_of_others_or_one_that_is_too_young_begins_nothing(
    scene: Scene, program: MakeProgram
) -> None:
    public_id = scene.proposed()
    for who in (scene.cast.officer, scene.cast.stranger):
        for match in (public_id, "nothing", "../x"):
            refused = program(who).post("/projects", {**TITLE, "match": match})
            assert refused.status_code == 422, match
            assert "match" in refused.get_json()["errors"]
