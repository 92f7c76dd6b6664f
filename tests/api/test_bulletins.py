"""Programs read bulletins; those of the centre set them up, compose, edit and approve them."""

from typing import Any

from exchange.kernel.act import House
from exchange.listings.kinds import Side
from tests.api.conftest import MakeProgram
from tests.cast import STATION_AREA, Cast
from tests.conftest import SettableClock
from tests.factories import make_listing

WEEKLY = {"division_code": STATION_AREA, "rhythm": "weekly", "weekday": 0, "hour": 8}


def a_need(house: House, cast: Cast, clock: SettableClock) -> None:
    """Two needs that came in yesterday, from today's point of view."""
    for title in ("要两台微耕机", "要一辆冷链车"):
        make_listing(house, cast.officer, Side.NEED, title=title)
    clock.forward(days=1)


def test_from_setting_it_up_to_reading_it(
    cast: Cast, house: House, clock: SettableClock, program: MakeProgram
) -> None:
    a_need(house, cast, clock)
    boss, worker, visitor = program(cast.supervisor), program(cast.broker), program()
    made = boss.post("/bulletin-places", WEEKLY)
    assert made.status_code == 201
    place: dict[str, Any] = made.get_json()
    assert (place["name"], place["version"], place["needs_approval"]) == ("Puding County", 1, True)
    assert boss.get(made.headers["Location"].removeprefix("/api/v1")).get_json() == place
    composed = boss.post(f"/bulletin-places/{place['id']}/compose")
    assert composed.status_code == 201
    issue = composed.get_json()
    address = f"/bulletins/{issue['id']}"
    assert boss.post(f"/bulletin-places/{place['id']}/compose").get_json()["id"] == issue["id"]
    needs = issue["sections"][0]
    assert needs["figures"] == ["2 new"]
    numbers = {item["title"]: item["number"] for item in needs["items"]}
    body = {
        "headline_en": "Machines wanted",
        "order": [numbers["要一辆冷链车"]],
        "left_out": [numbers["要两台微耕机"]],
        "version": issue["version"],
    }
    changed = worker.patch(address, body)
    assert changed.status_code == 200
    assert [one["is_left_out"] for one in changed.get_json()["sections"][0]["items"]] == [
        False,
        True,
    ]
    assert worker.patch(address, body).status_code == 409
    assert visitor.get(address).status_code == 404
    assert worker.post(f"{address}/submit", {}).get_json()["state"] == "submitted"
    assert worker.post(f"{address}/approve", {}).status_code == 403
    version = boss.get(address).get_json()["version"]
    for _time in range(2):
        answer = boss.post(f"{address}/approve", {"version": version})
        assert (answer.status_code, answer.get_json()["state"]) == (200, "published")
    read = visitor.get(address).get_json()
    assert (read["headline"], read["version"], read["note"]) == ("Machines wanted", None, None)
    assert [one["title"] for one in read["sections"][0]["items"]] == ["要一辆冷链车"]
    listed = visitor.get("/bulletins", division="5204").get_json()
    assert [one["id"] for one in listed["items"]] == [issue["id"]]
    assert visitor.get("/bulletins", division="53").get_json()["items"] == []
    assert visitor.get("/bulletins", place=place["id"]).get_json()["next_cursor"] is None
    (public,) = visitor.get("/bulletin-places").get_json()["items"]
    assert (public["version"], public["editor"]) == (None, None)
    assert visitor.client.get(public["atom"]).status_code == 200


def test_it_is_sent_back_and_dropped(
    cast: Cast, house: House, clock: SettableClock, program: MakeProgram
) -> None:
    a_need(house, cast, clock)
    boss = program(cast.supervisor)
    place = boss.post("/bulletin-places", WEEKLY).get_json()["id"]
    address = f"/bulletins/{boss.post(f'/bulletin-places/{place}/compose').get_json()['id']}"
    back = boss.post(f"{address}/send-back", {"note": "请改标题", "version": 1})
    assert (back.get_json()["state"], back.get_json()["note"]) == ("sent_back", "请改标题")
    assert boss.post(f"{address}/send-back", {"note": ""}).status_code == 422
    assert boss.post(f"{address}/drop", {"version": 1}).status_code == 409
    assert boss.post(f"{address}/drop", {"version": 2}).get_json()["state"] == "dropped"
    assert boss.post(f"{address}/approve", {}).get_json()["code"] == "bulletin_is_dropped"


def test_words_that_may_not_stand_there_are_refused_beside_their_field(
    cast: Cast, house: House, clock: SettableClock, program: MakeProgram
) -> None:
    a_need(house, cast, clock)
    boss = program(cast.supervisor)
    place = boss.post("/bulletin-places", WEEKLY).get_json()["id"]
    issue = boss.post(f"/bulletin-places/{place}/compose").get_json()
    address = f"/bulletins/{issue['id']}"
    answer = boss.patch(address, {"introduction_zh": "电话 13912345678", "version": 1})
    assert answer.status_code == 422
    assert "introduction_zh" in str(answer.get_json())
    assert boss.patch(address, {"order": [99], "version": 1}).status_code == 422
    assert boss.patch(address, {"headline_zh": "没有版本"}).status_code == 422


def test_a_place_is_changed_by_its_supervisor_alone(cast: Cast, program: MakeProgram) -> None:
    boss, worker = program(cast.supervisor), program(cast.broker)
    place = boss.post("/bulletin-places", WEEKLY).get_json()
    address = f"/bulletin-places/{place['id']}"
    assert boss.post("/bulletin-places", WEEKLY).status_code == 409
    elsewhere = {**WEEKLY, "division_code": "520502"}
    assert boss.post("/bulletin-places", elsewhere).status_code == 403
    assert boss.post("/bulletin-places", {**WEEKLY, "division_code": "52"}).status_code == 422
    assert worker.patch(address, {"hour": 9}).status_code == 403
    editor = cast.broker.person.public_id
    changed = boss.patch(address, {"hour": 9, "editor": editor, "version": 1})
    assert changed.get_json()["hour"] == 9
    assert (changed.get_json()["editor"], changed.get_json()["weekday"]) == (editor, 0)
    assert boss.patch(address, {"hour": 10, "version": 1}).status_code == 409
    assert boss.patch(address, {"is_on": False}).get_json()["is_on"] is False
    assert boss.post(f"{address}/compose").status_code == 409


def test_people_follow_and_stop(cast: Cast, program: MakeProgram) -> None:
    place = program(cast.supervisor).post("/bulletin-places", WEEKLY).get_json()["id"]
    reader = program(cast.stranger)
    assert reader.post(f"/bulletin-places/{place}/follow").status_code == 204
    assert reader.call("DELETE", f"/bulletin-places/{place}/follow").status_code == 204
    assert program().post(f"/bulletin-places/{place}/follow").status_code == 401


def test_pages_of_issues_follow_one_another(
    cast: Cast, clock: SettableClock, program: MakeProgram
) -> None:
    boss, visitor = program(cast.supervisor), program()
    place = boss.post("/bulletin-places", {**WEEKLY, "needs_approval": False}).get_json()["id"]
    made = []
    for _day in range(3):
        clock.forward(days=1)
        made.append(boss.post(f"/bulletin-places/{place}/compose").get_json()["id"])
    found, cursor = [], None
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = visitor.get("/bulletins", **query).get_json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == made[::-1]
    assert visitor.get("/bulletins", cursor="nothing").status_code == 422
