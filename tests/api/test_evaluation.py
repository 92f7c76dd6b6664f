"""Evaluation for programs: each verb works, refuses the stranger, refuses bad input."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from exchange.projects.kinds import Stage
from tests.api.conftest import MakeProgram
from tests.cast import Cast
from tests.conftest import SettableClock
from tests.projects.evaluation_scene import ActAs, Evaluated

STATEMENT = {"aims": 4, "teamwork": 5, "talk": 4, "means": 5, "lasting": 3, "again": "changed"}


@pytest.fixture
def scene(
    app: Flask, session: Session, act_as: ActAs, clock: SettableClock, cast: Cast,
    run_jobs: Callable[[], int],
) -> Evaluated:  # fmt: skip
    made = Evaluated(app, session, act_as, clock, run_jobs, cast)
    made.make()
    made.stage(Stage.COMPLETED)
    return made


def path(scene: Evaluated, rest: str = "") -> str:
    return scene.path + rest


def test_everybody_reads_the_rounds_as_far_as_they_may(
    scene: Evaluated, program: MakeProgram
) -> None:
    mine = program(scene.cast.officer).get(path(scene)).get_json()
    final = next(one for one in mine["items"] if one["kind"] == "final")
    assert final["state"] == "open"
    assert "/v/" in final["survey_url"]
    public = program().get(path(scene)).get_json()
    assert {one["survey_url"] for one in public["items"]} == {None}
    assert {tuple(one["answers"]) for one in public["items"]} == {()}
    assert program().get("/projects/zzzzzzzzzzzzzz/evaluation").status_code == 404


def test_both_sides_speak_and_strangers_do_not(scene: Evaluated, program: MakeProgram) -> None:
    where = path(scene, "/final/statement")
    officer = program(scene.cast.officer)
    assert officer.post(where, STATEMENT).status_code == 204
    assert officer.post(where, STATEMENT).status_code == 204
    assert officer.post(where, {**STATEMENT, "aims": 6}).status_code == 422
    assert program(scene.cast.stranger).post(where, STATEMENT).status_code == 403
    assert program().post(where, STATEMENT).status_code == 401
    assert scene.events().count("SideSpoke") == 1


def test_results_are_written_and_released(scene: Evaluated, program: MakeProgram) -> None:
    line = {"label": "冷藏车", "planned": 2, "reached": "2.5", "unit": "辆", "reach": "fully"}
    body = {"lines": [line], "people_reached": 320, "lessons": "先修路", "released": True}
    where = path(scene, "/final/results")
    assert program(scene.cast.enterprise).post(where, body).status_code == 403
    officer = program(scene.cast.officer)
    assert officer.post(where, {**body, "people_reached": -1}).status_code == 422
    below = officer.post(where, {**body, "lines": [{**line, "reached": -1}]}).get_json()
    assert below["errors"]["lines.0.reached"][0]["code"] == "quantity_negative"
    nothing = {**body, "lines": [{**line, "reached": 0}]}
    assert officer.post(where, nothing).status_code == 200, "as on the page, none may be reached"
    assert officer.post(where, body).status_code == 200
    items = program().get(path(scene)).get_json()["items"]
    (told,) = [one["results"] for one in items if one["results"]]
    assert told["lessons"] == "先修路"
    assert told["lines"][0]["reached"] == 2.5


def test_days_are_set_and_a_project_is_concluded(
    scene: Evaluated, program: MakeProgram
) -> None:
    officer, where = program(scene.cast.officer), path(scene, "/final/schedule")
    assert officer.patch(where, {"day": "2026-12-01"}).status_code == 200
    assert officer.patch(where, {"day": "2026-01-01"}).status_code == 422
    assert program(scene.cast.stranger).patch(where, {"day": "2026-12-02"}).status_code == 403
    assert officer.post(path(scene, "/conclude")).status_code == 409
    scene.close()
    later = program(scene.cast.officer)
    assert later.post(path(scene, "/conclude")).status_code == 204
    assert scene.project.stage is Stage.EVALUATED


def test_sheets_and_words_are_for_the_worker(scene: Evaluated, program: MakeProgram) -> None:
    broker, officer = program(scene.cast.broker), program(scene.cast.officer)
    assert officer.post(path(scene, "/final/papers"), {"count": 1}).status_code == 403
    made = broker.post(path(scene, "/final/papers"), {"count": 1}).get_json()
    sheet = {"number": made["numbers"][0], "is_old_enough": True, "better": "little",
             "words": "路好走了"}  # fmt: skip
    assert officer.post("/evaluations/papers", sheet).status_code == 403
    assert broker.post("/evaluations/papers", {**sheet, "number": "P1"}).status_code == 422
    assert broker.post("/evaluations/papers", sheet).status_code == 204
    assert broker.post("/evaluations/papers", sheet).status_code == 422
    assert officer.get(path(scene, "/final/words")).status_code == 403
    (word,) = broker.get(path(scene, "/final/words")).get_json()["items"]
    assert word["text"] == "路好走了"
    where = path(scene, f"/final/words/{word['id']}")
    assert broker.post(where, {"text": "路好走多了"}).status_code == 204
    assert officer.post(where, {"text": "x"}).status_code == 403
    assert broker.get("/evaluations").get_json()["items"] == []
    assert broker.get("/evaluations", show="nonsense").status_code == 422
    lines = broker.get("/evaluations", show="all").get_json()["items"]
    assert {one["kind"] for one in lines} >= {"final"}
    assert officer.get("/evaluations").status_code == 403
