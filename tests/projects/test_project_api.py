"""Projects for programs."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from exchange.accounts.tokens.service import create_token
from tests.cast import VILLAGE, Cast, Player
from tests.projects.village import Village
from tests.projects.village import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.village import village as village  # noqa: PLC0414 - a fixture

Ask = Callable[..., Any]
BODY = {"title": "朵贝贡茶", "template": "one_product", "aim": "打响牌子。", "places": [VILLAGE]}


@pytest.fixture
def ask(app: Flask, village: Village) -> Ask:
    def asked(who: Player | None, method: str, path: str, body: Any = None) -> Any:
        client: FlaskClient = app.test_client()
        headers = {}
        if who is not None:
            with village.act_as() as act:
                made = create_token(
                    act, who.person_id, who.organisation_id, "p", may_write=True, days=3
                )
            headers["Authorization"] = f"Bearer {made.secret}"
        return client.open(f"/api/v1{path}", method=method, json=body, headers=headers)

    return asked


def test_a_whole_life_by_programs(village: Village, cast: Cast, ask: Ask) -> None:
    officer, firm = cast.officer, cast.enterprise
    made = ask(officer, "POST", "/projects", {**BODY, "outline": True})
    assert made.status_code == 201, made.text
    assert len(made.json["milestones"]) == 5
    one = f"/projects/{made.json['id']}"
    assert ask(None, "GET", one).status_code == 404
    changed = ask(officer, "PATCH", one, {"people": 120, "category": "market.brand"})
    assert (changed.json["people"], changed.json["category"]) == (120, "market.brand")
    assert ask(officer, "PATCH", one, {"aim": "x", "version": 1}).status_code == 409
    ask(officer, "PATCH", one, {"plan": "请（　　）位专家来。"})
    refused = ask(officer, "POST", f"{one}/submit", {})
    assert refused.status_code == 422
    assert "请（　　）位专家来" in refused.text
    ask(officer, "PATCH", one, {"plan": "请三位专家来。"})
    assert ask(officer, "POST", f"{one}/submit", {}).json["publication"] == "published"
    assert ask(None, "GET", one).json["title"] == "朵贝贡茶"
    assert [item["id"] for item in ask(None, "GET", "/projects").json["items"]] == [made.json["id"]]
    assert ask(None, "GET", "/projects?category=funds").json["items"] == []
    assert ask(None, "GET", "/projects?stage=flying").status_code == 422
    assert ask(officer, "POST", f"{one}/stage", {"stage": "running"}).json["stage"] == "running"
    assert ask(officer, "POST", f"{one}/stage", {"stage": "evaluated"}).status_code == 409
    line = ask(officer, "POST", f"{one}/budget", {"purpose": "包装", "planned_fen": 500})
    assert line.json["planned_fen"] == 500
    key = line.json["budget"][0]["id"]
    assert ask(officer, "PATCH", f"{one}/budget/{key}", {"planned_fen": 7}).json["planned_fen"] == 7
    assert ask(officer, "DELETE", f"{one}/budget/{key}").status_code == 204
    step = made.json["milestones"][0]["id"]
    done = ask(officer, "PATCH", f"{one}/milestones/{step}", {"done_on": "2026-11-20"})
    assert done.json["milestones"][0]["done_on"] == "2026-11-20"
    assert ask(officer, "DELETE", f"{one}/milestones/{step}").status_code == 204
    need = village.need("要设计")
    put = ask(officer, "POST", f"{one}/needs", {"needs": [need.public_id]})
    assert put.json["needs"][0]["need"]["id"] == need.public_id
    assert ask(officer, "DELETE", f"{one}/needs/{need.public_id}").status_code == 204
    asked = {"organisation": firm.organisation.public_id}
    assert ask(officer, "POST", f"{one}/partners", asked).json["partners"][0]["state"] == "invited"
    assert ask(None, "GET", one).json["partners"] == []
    assert ask(firm, "POST", f"{one}/invitation", {"accept": True}).status_code == 204
    assert ask(None, "GET", one).json["partners"][0]["role"] == "partner"
    assert ask(firm, "POST", f"{one}/leave").status_code == 204
    assert ask(officer, "POST", f"{one}/withdraw").json["publication"] == "withdrawn"


def test_programs_of_others_change_nothing(village: Village, cast: Cast, ask: Ask) -> None:
    one = f"/projects/{village.project()}"
    assert ask(None, "POST", "/projects", BODY).status_code == 401
    for method, path, body in (
        ("PATCH", one, {"aim": "x"}),
        ("POST", f"{one}/stage", {"stage": "paused"}),
        ("POST", f"{one}/budget", {"purpose": "x", "planned_fen": 1}),
        ("POST", f"{one}/withdraw", None),
    ):
        assert ask(cast.stranger, method, path, body).status_code == 403, path


def test_bad_bodies_are_named_by_field(cast: Cast, ask: Ask) -> None:
    for body, field in (
        ({**BODY, "title": ""}, "title"),
        ({**BODY, "places": ["529999"]}, "places"),
        ({**BODY, "category": "nothing"}, "category"),
        ({**BODY, "for_whom": ["kings"]}, "for_whom"),
        ({**BODY, "people": 1.5}, "people"),
        ({**BODY, "needs": ["nothing"]}, "needs"),
    ):
        answer = ask(cast.officer, "POST", "/projects", body)
        assert answer.status_code == 422, body
        assert field in str(answer.json["errors"]), answer.json
