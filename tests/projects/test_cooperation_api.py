"""Intentions and visits for programs."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from exchange.accounts.tokens.service import create_token
from exchange.kernel.act import Act
from tests.api.conftest import Program
from tests.cast import Player
from tests.projects.intending import Scene
from tests.projects.intending import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.intending import scene as scene  # noqa: PLC0414 - a fixture

MakeProgram = Callable[[Player], Program]
SENT = {"kind": "technology", "text": "派工程师来。", "until": "2027-01-31"}
VISIT = {
    "kind": "visit", "title": "看冷库", "starts_at": "2026-12-05T09:30:00+08:00",
    "place": "村委会", "seats": 1,
}  # fmt: skip


@pytest.fixture
def program(
    app: Flask, session: Session, act_as: Callable[..., AbstractContextManager[Act]]
) -> MakeProgram:
    """A program with a token of the player."""
    assert session

    def make(who: Player) -> Program:
        with act_as() as act:
            made = create_token(
                act, who.person_id, who.organisation_id, "a program", may_write=True, days=30
            )
            return Program(app.test_client(), made.secret, made.token.id)

    return make


def put(program: Program, path: str, body: Any) -> Any:
    return program.call("PUT", path, json=body)


def test_programs_declare_talk_and_answer(scene: Scene, program: MakeProgram) -> None:
    cast = scene.cast
    firm, village, strange = (
        program(who) for who in (cast.enterprise, cast.officer, cast.stranger)
    )
    made = firm.post(f"/projects/{scene.public_id}/intentions", SENT)
    assert made.status_code == 201
    key = made.get_json()["id"]
    assert made.get_json()["state"] == "declared"
    assert strange.get(f"/intentions/{key}").status_code == 404
    assert strange.get(f"/projects/{scene.public_id}/intentions").get_json()["items"] == []
    assert [one["id"] for one in firm.get("/intentions").get_json()["items"]] == [key]
    asked = village.post(f"/intentions/{key}/answer", {"answer": "ask", "text": "几个人？"})
    assert asked.get_json()["state"] == "asked"
    said = firm.post(f"/intentions/{key}/messages", {"text": "两个人。"})
    assert (said.get_json()["state"], len(said.get_json()["messages"])) == ("declared", 2)
    changed = put(firm, f"/intentions/{key}", {**SENT, "text": "派三个人。"})
    assert changed.get_json()["text"] == "派三个人。"
    stale = village.post(f"/intentions/{key}/answer", {"answer": "accept", "version": 1})
    assert (stale.status_code, stale.get_json()["code"]) == (409, "intention_changed")
    yes = village.post(f"/intentions/{key}/answer", {"answer": "accept"})
    assert (yes.get_json()["state"], yes.get_json()["follow_up_on"]) == ("accepted", "2026-12-22")
    late = village.post(f"/intentions/{key}/answer", {"answer": "decline", "reason": "time"})
    assert (late.status_code, late.get_json()["code"]) == (409, "intention_is_accepted")
    done = firm.post(f"/intentions/{key}/outcome", {"came_about": True})
    assert done.get_json()["state"] == "fulfilled"


def test_what_waits_for_an_answer_is_listed_for_the_project_and_its_station(
    scene: Scene, program: MakeProgram
) -> None:
    cast = scene.cast
    made = program(cast.enterprise).post(f"/projects/{scene.public_id}/intentions", SENT)
    key = made.get_json()["id"]

    def waiting(who: Player) -> list[str]:
        answer = program(who).get("/intentions/to-answer")
        assert answer.status_code == 200
        return [one["id"] for one in answer.get_json()["items"]]

    assert [waiting(who) for who in (cast.officer, cast.broker)] == [[key], [key]]
    assert [waiting(who) for who in (cast.enterprise, cast.stranger)] == [[], []]
    program(cast.officer).post(f"/intentions/{key}/answer", {"answer": "accept"})
    assert waiting(cast.officer) == []


def test_what_is_wrong_is_named_by_field(scene: Scene, program: MakeProgram) -> None:
    firm, village = program(scene.cast.enterprise), program(scene.cast.officer)
    path = f"/projects/{scene.public_id}/intentions"
    for change, field in (
        ({"text": "打13812345678"}, "text"),
        ({"until": "2020-01-01"}, "until"),
        ({"kind": "gold"}, "kind"),
        ({"kind": "investment"}, "risk_read"),
        ({"quantity": -1}, "quantity"),
        ({"need": "nowhere"}, "need"),
    ):
        refused = firm.post(path, {**SENT, **change})
        assert refused.status_code == 422, change
        assert field in refused.text
    meant = {**SENT, "need": scene.need_public_id, "quantity": 2}
    first = firm.post(path, meant).get_json()
    assert first["unit"] == scene.need.unit == "台", "the unit of the need, where none is said"
    assert firm.post(path, meant).get_json()["id"] == first["id"], "sent twice, declared once"
    assert firm.post(path, {**meant, "unit": "车次"}).status_code == 409
    changed = put(firm, f"/intentions/{first['id']}", {**meant, "unit": "车次"})
    assert changed.get_json()["unit"] == "车次", "two trucks carry thirty tonnes"
    made = firm.post(path, SENT).get_json()["id"]
    bare = village.post(f"/intentions/{made}/answer", {"answer": "decline"})
    assert bare.status_code == 422
    assert firm.call("DELETE", f"/intentions/{made}").status_code == 204
    assert firm.get(f"/intentions/{made}").get_json()["state"] == "withdrawn"


def test_what_a_project_wishes_for_is_put_and_read(scene: Scene, program: MakeProgram) -> None:
    firm, village = program(scene.cast.enterprise), program(scene.cast.officer)
    path = f"/projects/{scene.public_id}/wanted"
    body = {"wanted": [{"kind": "purchase", "words": "收刺梨"}]}
    assert put(firm, path, body).status_code == 403
    assert put(village, path, body).json == body
    assert firm.get(path).json == body


def test_programs_announce_sign_up_and_leave(scene: Scene, program: MakeProgram) -> None:
    cast = scene.cast
    firm, village, other = (
        program(who) for who in (cast.enterprise, cast.officer, cast.stranger)
    )
    assert firm.post(f"/projects/{scene.public_id}/visits", VISIT).status_code == 403
    made = village.post(f"/projects/{scene.public_id}/visits", VISIT)
    assert made.status_code == 201
    key = made.get_json()["id"]
    more = put(firm, f"/visits/{key}/sign-up", {"people": 2})
    assert more.status_code == 422
    assert "people" in more.get_json()["errors"]
    signed = put(firm, f"/visits/{key}/sign-up", {"people": 1}).get_json()
    assert (signed["own"], signed["left"]) == ({"people": 1, "state": "signed"}, 0)
    later = put(other, f"/visits/{key}/sign-up", {"people": 1}).get_json()
    assert later["own"]["state"] == "waiting"
    assert firm.call("DELETE", f"/visits/{key}/sign-up").status_code == 204
    assert other.get(f"/visits/{key}").get_json()["own"]["state"] == "signed"
    odd = {**VISIT, "closes_at": "0001-01-01T00:00:00+14:00", "ends_at": "9999-12-31T23:59:59Z"}
    assert put(village, f"/visits/{key}", odd).status_code == 422
    off = village.post(f"/visits/{key}/cancel", {"reason": "大雪"})
    assert off.get_json()["state"] == "cancelled"
    assert len(village.get(f"/projects/{scene.public_id}/visits").get_json()["items"]) == 1
