"""Trainings for programs."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient

from exchange.accounts.tokens.service import create_token
from tests.cast import VILLAGE, Player
from tests.conftest import Queries
from tests.volunteering.conftest import Group
from tests.volunteering.test_training_pages import MP3
from tests.volunteering.test_training_pages import school as school  # noqa: PLC0414 - a fixture
from tests.volunteering.training_scene import (
    LESSON,
    School,
)

SignIn = Callable[[Player], FlaskClient]
After = Callable[[datetime], None]
Catch = Callable[[], AbstractContextManager[Queries]]


class Program:
    """A program with somebody's token."""

    def __init__(self, group: Group, client: FlaskClient, who: Player) -> None:
        person, owner = who.person_id, who.organisation_id
        with group.act_as() as act:
            made = create_token(act, person, owner, "program", may_write=True, days=30)
        self.client, self.headers = client, {"Authorization": f"Bearer {made.secret}"}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def ask(path: str, **values: Any) -> Any:
            return getattr(self.client, name)(path, headers=self.headers, **values)

        return ask


def test_programs_do_the_same(school: School, group: Group, client: FlaskClient) -> None:
    manager, volunteer = (Program(group, client, who) for who in (group.leader, group.volunteer()))
    made = manager.post("/api/v1/trainings", json={"title": "接口课", "division": VILLAGE})
    assert made.status_code == 201, made.text
    one = f"/api/v1/trainings/{made.json['id']}"
    page = {"title": "页", "text": "文"}
    assert manager.post(f"{one}/materials", json=page).status_code == 201
    assert manager.post(f"{one}/materials", json={**page, "url": "https://a.cn"}).status_code == 422
    form = {"title": "录音", "file": (io.BytesIO(MP3), "a.mp3")}
    filed = manager.post(f"{one}/materials/files", data=form)
    assert filed.status_code == 201, filed.text
    assert [item["kind"] for item in filed.json["materials"]] == ["text", "file"]
    question = {"text": "题", "options": ["一", "二"], "right": 0}
    asked = manager.post(f"{one}/questions", json={"questions": [question], "pass_mark": 1})
    assert asked.json["questions"][0]["right"] == 0
    dated = manager.post(
        f"{one}/dates",
        json={"starts_at": "2026-11-27T19:00:00+08:00", "ends_at": "2026-11-27T21:00:00+08:00",
              "maximum": 3},
    )  # fmt: skip
    assert dated.status_code == 201, dated.text
    assert manager.post(f"{one}/publish").json["state"] == "published"
    assert manager.patch(one, json={"valid_months": 6, "version": 1}).status_code == 409
    activity, (shift,) = group.run()
    require = f"/api/v1/activities/{activity.public_id}/required-trainings"
    assert manager.post(require, json={"trainings": [made.json["id"]]}).json["items"]
    refused = volunteer.post(f"/api/v1/shifts/{shift.public_id}/join", json={})
    assert (refused.status_code, refused.json["code"]) == (409, "training_needed_date")
    seen: dict[str, Any] = volunteer.get(one).json
    assert seen["questions"][0]["right"] is None
    assert volunteer.post(f"{one}/answers", json={"answers": [1]}).json["passed"] is False
    assert volunteer.post(f"{one}/answers", json={"answers": [0]}).json["passed"] is True
    assert [item["counts"] for item in volunteer.get("/api/v1/me/trainings").json["items"]] == [
        True
    ]
    assert volunteer.get(f"{one}/completions").status_code == 403
    assert volunteer.post(f"/api/v1/shifts/{shift.public_id}/join", json={}).status_code == 200
    (done,) = manager.get(f"{one}/completions").json["items"]
    gone = manager.post(f"{one}/completions/{done['id']}/revocation", json={"reason": "登记错了"})
    assert gone.json["counts"] is False
    assert manager.delete(one).status_code == 409
    assert {item["title"] for item in manager.get("/api/v1/trainings").json["items"]} == {
        LESSON, "接口课",
    }  # fmt: skip
