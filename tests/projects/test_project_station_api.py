"""What the station does with a project, and what else is done there, for programs."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from exchange.accounts.kinds import PointLevel
from exchange.kernel.actor import Duty
from tests.api.conftest import MakeProgram
from tests.api.conftest import program as program  # noqa: PLC0414 - a fixture
from tests.cast import ELSEWHERE, STATION_AREA, VILLAGE, Cast
from tests.conftest import Queries
from tests.projects.village import Village
from tests.projects.village import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.village import village as village  # noqa: PLC0414 - a fixture


def test_a_supervisor_holds_a_project_and_shows_it_again(
    village: Village, cast: Cast, program: MakeProgram
) -> None:
    one = f"/projects/{village.project()}"
    boss, anybody = program(cast.supervisor), program()
    assert boss.post(f"{one}/hold", {"held": True}).status_code == 204
    assert boss.post(f"{one}/hold", {"held": True}).status_code == 204
    assert anybody.get(one).status_code == 404
    assert boss.get(one).get_json()["held"] is True
    assert program(cast.officer).get(one).get_json()["held"] is True
    assert boss.post(f"{one}/hold", {"held": False}).status_code == 204
    assert anybody.get(one).get_json()["held"] is False
    assert boss.post(f"{one}/hold", {}).status_code == 422


def test_nobody_else_holds_a_project(village: Village, cast: Cast, program: MakeProgram) -> None:
    one = f"/projects/{village.project()}"
    for who in (cast.officer, cast.broker, cast.stranger):
        assert program(who).post(f"{one}/hold", {"held": True}).status_code == 403, who
    assert program().post(f"{one}/hold", {"held": True}).status_code == 401


def test_a_supervisor_chooses_who_looks_after_a_project(
    village: Village, cast: Cast, program: MakeProgram
) -> None:
    one = f"/projects/{village.project()}"
    boss, broker = program(cast.supervisor), program(cast.broker)
    key = cast.broker.person.public_id
    listed = [item["id"] for item in boss.get(f"{one}/workers").get_json()["items"]]
    assert key in listed
    assert broker.get(f"{one}/workers").status_code == 403
    chosen = boss.post(f"{one}/worker", {"person": key})
    assert chosen.get_json()["worker"] == {"id": key, "name": "韦青"}
    assert program().get(one).get_json()["worker"] is None
    assert boss.post(f"{one}/worker", {"person": None}).get_json()["worker"] is None
    stranger = cast.stranger.person.public_id
    for wrong in (stranger, "nobody"):
        refused = boss.post(f"{one}/worker", {"person": wrong})
        assert refused.status_code == 422
        assert "person" in refused.get_json()["errors"]


def test_a_social_worker_takes_a_project_that_nobody_looks_after(
    village: Village, cast: Cast, program: MakeProgram
) -> None:
    one = f"/projects/{village.project()}"
    taken = program(cast.broker).post(f"{one}/worker", {"person": "me"})
    assert taken.get_json()["worker"]["name"] == "韦青"
    other = cast.make_worker(
        "石榴", "另一个站", PointLevel.STATION, (STATION_AREA,), Duty.BROKER
    )
    assert program(other).post(f"{one}/worker", {"person": "me"}).status_code in (403, 409)
    assert program(cast.officer).post(f"{one}/worker", {"person": "me"}).status_code == 403


def test_what_else_is_done_there_for_those_inside(
    village: Village, cast: Cast, program: MakeProgram
) -> None:
    groups: dict[str, Any] = {"beneficiaries": ["left_behind_children"]}
    mine = village.project(title="暑期陪伴", **groups)
    other = village.project(cast.enterprise, title="课后托管", places=(VILLAGE,), **groups)
    village.project(cast.enterprise, title="别处", places=(ELSEWHERE,), **groups)
    told = program(cast.officer).get(f"/projects/{mine}/overlap").get_json()["items"]
    assert [(one["kind"], one["id"], one["title"]) for one in told] == [
        ("project", other, "课后托管")
    ]
    assert told[0]["url"] == f"/projects/{other}"
    assert program(cast.broker).get(f"/projects/{mine}/overlap").get_json()["items"] == told
    assert program(cast.stranger).get(f"/projects/{mine}/overlap").get_json()["items"] == []
    assert program().get(f"/projects/{mine}/overlap").status_code == 401


def test_twice_the_projects_take_the_same_number_of_queries(
    village: Village, cast: Cast, program: MakeProgram,
    catch_queries: Callable[[], AbstractContextManager[Queries]],
) -> None:  # fmt: skip
    reader = program(cast.broker)

    def asked() -> int:
        with catch_queries() as queries:
            assert reader.get("/projects").status_code == 200
        return queries.count

    for number in range(2):
        village.project(title=f"项目{number}", worker_id=cast.broker.person_id)
    asked()
    first = asked()
    for number in range(4):
        village.project(title=f"又一个{number}", worker_id=cast.supervisor.person_id)
    assert asked() == first
