"""News of projects for programs."""

import io

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.api.conftest import MakeProgram
from tests.cast import Cast
from tests.projects.making import make_project
from tests.projects.news_scene import ActAs, camera_picture

FIGURE = {"label": "新栽果苗", "number": 1200, "unit": "株"}


@pytest.fixture
def path(cast: Cast, act_as: ActAs) -> str:
    with act_as() as act:
        project = make_project(act, cast.officer.organisation, now=act.now)
        return f"/projects/{project.public_id}/news"


def test_a_program_posts_changes_and_takes_back(
    program: MakeProgram, cast: Cast, path: str
) -> None:
    mine, anybody = program(cast.officer), program()
    body = {"text": "今天栽完果苗。", "figures": [FIGURE], "token": "abc1"}
    made = mine.post(path, body)
    assert made.status_code == 201
    item = made.get_json()
    assert (item["text"], item["figures"], item["version"]) == (body["text"], [FIGURE], 1)
    assert made.headers["Location"].endswith(f"{path}/{item['id']}")
    assert mine.post(path, body).get_json()["id"] == item["id"]  # twice
    seen = anybody.get(path).get_json()
    assert [one["id"] for one in seen["items"]] == [item["id"]]
    assert seen["items"][0]["version"] is None
    one = f"{path}/{item['id']}"
    changed = mine.patch(one, {"text": "今天栽完桃苗。", "version": 1}).get_json()
    assert (changed["text"], changed["figures"], changed["version"]) == (
        "今天栽完桃苗。", [FIGURE], 2,
    )  # fmt: skip
    assert mine.patch(one, {"text": "旧的", "version": 1}).status_code == 409
    assert mine.call("DELETE", one).status_code == 204
    assert anybody.get(one).status_code == 404
    assert anybody.get(path).get_json()["items"] == []


def test_pictures_need_the_word_about_children(
    program: MakeProgram, cast: Cast, path: str
) -> None:
    mine = program(cast.officer)
    one = f"{path}/{mine.post(path, {'text': '好了'}).get_json()['id']}"

    def send(**said: str) -> tuple[int, list[dict[str, str]]]:
        data = {"photos": [(io.BytesIO(camera_picture()), "a.jpg")], **said}
        answer = mine.call("POST", f"{one}/pictures", data=data)
        return answer.status_code, mine.get(one).get_json()["pictures"]

    assert send() == (422, [])
    assert send(children="yes") == (422, [])
    assert send(children="child") == (422, [])
    status, pictures = send(children="no_child")
    assert status == 201
    assert mine.client.get(pictures[0]["thumb"]).status_code == 200
    gone = mine.call("DELETE", f"{one}/pictures/{pictures[0]['id']}")
    assert gone.get_json()["pictures"] == []


def test_strangers_and_odd_bodies_are_refused(
    program: MakeProgram, cast: Cast, path: str
) -> None:
    other, mine = program(cast.stranger), program(cast.officer)
    assert other.post(path, {"text": "好了"}).status_code == 403
    assert program().post(path, {"text": "好了"}).status_code == 401
    one = f"{path}/{mine.post(path, {'text': '好了'}).get_json()['id']}"
    assert other.patch(one, {"text": "坏了"}).status_code == 403
    assert other.call("DELETE", one).status_code == 403
    odd = {"text": "好了", "figures": [{**FIGURE, "number": 0}]}
    for body in ({}, {"text": ""}, {"text": "好了", "unknown": 1}, odd):
        assert mine.post(path, body).status_code == 422
    refused = mine.post(path, {"text": "打 13900001234 找我"})
    assert refused.status_code == 422
    assert "phone numbers" in refused.text
    assert mine.get(path, cursor="x").status_code == 422


def test_pages_of_news_follow_one_another(program: MakeProgram, cast: Cast, path: str) -> None:
    mine = program(cast.officer)
    for number in range(3):
        mine.post(path, {"text": f"第{number}次"})
    first = mine.get(path, limit=2).get_json()
    assert [one["text"] for one in first["items"]] == ["第2次", "第1次"]
    rest = mine.get(path, limit=2, cursor=first["next_cursor"]).get_json()
    assert [one["text"] for one in rest["items"]] == ["第0次"]
    assert rest["next_cursor"] is None


def test_a_program_follows_and_ends_it(
    program: MakeProgram, cast: Cast, path: str, app: Flask, session: Session
) -> None:
    firm, where = program(cast.enterprise), path.replace("/news", "/following")
    assert firm.get(where).get_json() == {"follows": False, "followers": 0}
    for _ in range(2):
        assert firm.post(where).get_json() == {"follows": True, "followers": 1}
    for _ in range(2):
        assert firm.call("DELETE", where).status_code == 204
    assert firm.get(where).get_json() == {"follows": False, "followers": 0}
    assert program().get(where).status_code == 401
