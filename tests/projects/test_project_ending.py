"""Completing, stopping or taking back a project: what ends with it is said before."""

import re

from flask.testing import FlaskClient

from exchange.projects.kinds import Stage
from exchange.projects.models import Project
from tests.projects.intending import Scene
from tests.projects.intending import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.intending import scene as scene  # noqa: PLC0414 - a fixture
from tests.projects.test_visits import DAY, announced, visit


def set_running(scene: Scene) -> None:
    with scene.open() as act:
        act.session.get_one(Project, scene.project_id).stage = Stage.RUNNING


def form_of(page: str, stage: str) -> str:
    forms = re.findall(r"<form(?:(?!</form>).)*?</form>", page, re.DOTALL)
    return next(one for one in forms if f'name="wanted" value="{stage}"' in one)


def test_what_is_called_off_with_a_project_is_said_before_it_is_completed(
    scene: Scene, client: FlaskClient
) -> None:
    set_running(scene)
    scene.cast.sign_in(client, scene.cast.officer)
    client.get("/locale/en")
    path = f"/projects/{scene.public_id}"
    plain = form_of(client.get(path).text, "completed")
    assert "called off" not in plain
    assert "No new intentions" in plain
    assert ">It is done</button>" in plain
    first = announced(scene)
    announced(scene, title="第二场", starts_at=DAY.replace(day=6))
    scene.declared()
    page = client.get(path).text
    for stage in ("completed", "stopped"):
        asked = form_of(page, stage)
        assert "2 roadshows and visits to come are called off" in asked
        assert "1 intention without an answer is declined" in asked
        assert ">Yes: " in asked
    assert "called off" not in form_of(page, "paused")
    assert "<summary>It is done" in page
    assert page.count("2 roadshows and visits to come are called off") == 3
    sent = client.post(
        f"{path}/stage", data={"wanted": "completed", "version": scene.project.version}
    )
    assert sent.status_code == 302
    assert visit(scene, first).state.value == "cancelled"
