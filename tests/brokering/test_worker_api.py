"""Handover, absence, caseload, what rests, and pictures, through the API."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from exchange.accounts.tokens.service import create_token
from exchange.brokering.centre.caseload_service import Receiver, assign_need
from exchange.brokering.centre.escalation_jobs import escalate_job
from exchange.files import pictures
from exchange.jobs.runner import JobRun
from exchange.listings.kinds import Side
from tests.accounts.test_points import colleague
from tests.brokering.conftest import Scene
from tests.cast import Player
from tests.conftest import SettableClock

Call = Callable[..., Any]


@pytest.fixture
def call(scene: Scene, client: FlaskClient) -> Call:
    """``call(who, "GET", path, …)``: status and JSON of an operation."""
    keys: dict[int, str] = {}

    def calling(who: Player, method: str, path: str, **given: Any) -> Any:
        if who.person_id not in keys:
            owner = who.organisation_id
            with scene.open() as act:
                made = create_token(act, who.person_id, owner, "x", may_write=True, days=60)
                keys[who.person_id] = made.secret
        headers = {"Authorization": f"Bearer {keys[who.person_id]}", "Accept-Language": "en"}
        answer = client.open(f"/api/v1{path}", method=method, headers=headers, **given)
        return answer.status_code, answer.json

    return calling


def picture(colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(out, "JPEG")
    return out.getvalue()


def files(*contents: bytes, **fields: str) -> dict[str, Any]:
    photos = [(io.BytesIO(one), f"{number}.jpg") for number, one in enumerate(contents)]
    return {"data": {"photos": photos, **fields}, "content_type": "multipart/form-data"}


def test_a_handover_from_preview_to_summary(scene: Scene, call: Call) -> None:
    cast, match = scene.cast, scene.claimed()
    other = colleague(cast, cast.broker, "小吴")
    me = call(cast.broker, "GET", "/me")[1]["id"]
    assert me == cast.broker.person.public_id
    status, found = call(cast.broker, "GET", f"/workers/{me}/handover")
    assert status == 200
    (case,) = found["cases"]
    assert (case["match"], case["state"]) == (match, "claimed")
    assert other.person.public_id in case["receivers"]
    assert "Stands at" in case["summary"]
    to = other.person.public_id
    body = {"cases": [{"key": case["key"], "to": to, "summary": "等回话"}], "note": "钥匙在门卫"}
    path = f"/workers/{me}/handover"
    assert call(cast.officer, "POST", path, json=body)[0] == 403
    assert call(other, "POST", path, json=body)[0] == 404
    assert call(cast.broker, "POST", path, json={"cases": body["cases"] * 2})[0] == 422
    gone = {"cases": [{**body["cases"][0], "to": cast.stranger.person.public_id}]}
    status, refused = call(cast.broker, "POST", path, json=gone)
    assert (status, list(refused["errors"])) == (422, [f"to-{case['key']}"])
    strange = {"cases": [{**body["cases"][0], "key": "match-0"}]}
    assert call(cast.broker, "POST", path, json=strange)[1]["code"] == "handover_incomplete"
    status, made = call(cast.supervisor, "POST", path, json=body)
    assert status == 201
    assert made["cases"][0]["to"] == {"id": to, "name": "小吴"}
    assert call(cast.supervisor, "POST", path, json=body)[1]["code"] == "handover_nothing"
    assert found["last_handover"] is None
    assert call(cast.broker, "GET", path)[1]["last_handover"] == made["id"]
    status, read = call(other, "GET", f"/handovers/{made['id']}")
    assert (status, read["cases"][0]["summary"], read["note"]) == (200, "等回话", "钥匙在门卫")
    assert call(cast.officer, "GET", f"/handovers/{made['id']}")[0] == 403


def test_caseload_and_what_rests(
    scene: Scene, call: Call, app: Flask, clock: SettableClock
) -> None:
    cast = scene.cast
    mine = cast.broker.person.public_id
    with scene.act(cast.supervisor) as act:
        assign_need(act, scene.listing(Side.NEED).public_id, Receiver(worker=mine))
    status, found = call(cast.supervisor, "GET", f"/workers/{mine}/caseload")
    assert (status, found["in_hand"], found["limit"]) == (200, 1, 60)
    assert found["cases"][0]["match"] is None
    assert call(cast.stranger, "GET", f"/workers/{mine}/caseload")[0] == 403
    assert call(cast.supervisor, "GET", "/escalations")[1]["items"] == []
    run: JobRun = app.extensions["exchange.jobs"]
    for _round in range(2):
        clock.forward(days=4)
        with app.app_context():
            escalate_job.handler(run, [{}])
    status, found = call(cast.supervisor, "GET", "/escalations")
    assert status == 200
    (one,) = found["items"]
    assert (one["cause"], one["days"], one["worker"]["id"]) == ("assigned", 8, mine)
    assert call(cast.broker, "GET", "/escalations")[0] == 403
    for bad in ("x", "9" * 30, "²"):
        assert call(cast.supervisor, "GET", f"/escalations?cursor={bad}")[0] == 422


def test_a_need_that_rests_in_nobodys_hands(
    scene: Scene, call: Call, app: Flask, clock: SettableClock
) -> None:
    clock.forward(days=3)
    with app.app_context():
        escalate_job.handler(app.extensions["exchange.jobs"], [{}])
    status, found = call(scene.cast.supervisor, "GET", "/escalations")
    assert status == 200
    (one,) = found["items"]
    assert (one["cause"], one["days"], one["worker"]) == ("unclaimed", 3, None)
    assert one["need"]["id"] == scene.listing(Side.NEED).public_id


def test_an_absence(scene: Scene, call: Call, clock: SettableClock) -> None:
    cast = scene.cast
    other = colleague(cast, cast.broker, "小吴")
    path = f"/workers/{cast.broker.person.public_id}/absences"
    status, found = call(cast.broker, "GET", path)
    assert (status, found["items"]) == (200, [])
    assert other.person.public_id in {one["id"] for one in found["colleagues"]}
    today = clock.now().date()
    body = {
        "stand_in": other.person.public_id, "from_on": (today + timedelta(days=2)).isoformat(),
        "to_on": (today + timedelta(days=4)).isoformat(),
    }  # fmt: skip
    assert call(cast.officer, "POST", path, json=body)[0] == 403
    assert call(other, "POST", path, json=body)[0] == 404
    wrong = body | {"to_on": "2020-01-01"}
    assert list(call(cast.broker, "POST", path, json=wrong)[1]["errors"]) == ["to_on"]
    status, found = call(cast.supervisor, "POST", path, json=body)
    assert (status, found["items"][0]["is_now"]) == (201, False)
    assert list(call(cast.broker, "POST", path, json=body)[1]["errors"]) == ["from_on"]
    one = found["items"][0]["id"]
    assert call(cast.stranger, "POST", f"{path}/{one}/end", json={})[0] == 403
    status, found = call(cast.broker, "POST", f"{path}/{one}/end")
    assert (status, found["items"]) == (200, [])
    assert call(cast.broker, "POST", f"{path}/{one}/end")[0] == 409


def test_what_reaches_me(scene: Scene, call: Call) -> None:
    who = scene.cast.officer
    status, found = call(who, "GET", "/me/messages")
    assert status == 200
    assert found["channels"] == ["sms"]
    assert {one["kind"] for one in found["choices"]} >= {"matches", "answers"}
    body = {
        "choices": [{"kind": "matches", "channel": "sms", "rhythm": "daily"}],
        "quiet": {"start": "20:30", "until": "06:00"},
    }
    status, found = call(who, "PATCH", "/me/messages", json=body)
    assert status == 200
    assert {"kind": "matches", "channel": "sms", "rhythm": "daily"} in found["choices"]
    assert found["quiet"] == body["quiet"]
    assert call(who, "PATCH", "/me/messages", json={})[1] == found
    assert call(who, "PATCH", "/me/messages", json={"quiet": None})[1]["quiet"] is None
    for bad in (
        {"quiet": {"start": "25:00", "until": "06:00"}},
        {"quiet": {"start": "²0:00", "until": "06:00"}},
        {"choices": [{"kind": "security", "channel": "sms", "rhythm": "off"}]},
        {"choices": [{"kind": "matches", "channel": "pigeon", "rhythm": "off"}]},
        {"choices": 3},
    ):
        assert call(who, "PATCH", "/me/messages", json=bad)[0] == 422, bad


def test_pictures_of_a_listing(
    scene: Scene, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "LARGEST_BYTES", 5000)
    cast = scene.cast
    path = f"/listings/{scene.listing(Side.NEED).public_id}/pictures"
    assert call(cast.officer, "GET", path) == (200, {"items": []})
    said = {"children": "no_child"}
    for wrong in ({}, {"children": "child"}, {"children": "yes"}):
        status, refused = call(cast.officer, "POST", path, **files(picture(), **wrong))
        assert (status, list(refused["errors"])) == (422, ["children"])
    status, found = call(cast.officer, "POST", path, **files(picture(), picture("red"), **said))
    assert (status, len(found["items"])) == (201, 2)
    assert call(cast.enterprise, "POST", path, **files(picture(), **said))[0] == 404
    for given, code in (
        (files(b"no picture", **said), "picture_unreadable"),
        (files(b"0" * 5001, **said), "picture_too_large"),
        (files(*[picture()] * 5, **said), "too_many_pictures"),
        (files(**said), "required"),
    ):
        status, refused = call(cast.officer, "POST", path, **given)
        assert (status, refused["errors"]["photos"][0]["code"]) == (422, code)
    one = found["items"][0]["id"]
    assert call(cast.officer, "DELETE", f"{path}/{one}")[0] == 200
    assert call(cast.officer, "DELETE", f"{path}/{one}")[0] == 404


def test_pictures_with_a_match_and_of_a_delivery(scene: Scene, call: Call) -> None:
    cast, (match, commitment) = scene.cast, scene.agreed()
    one = f"/matches/{match}"
    note = {"commitment": commitment, "amount": "10", "note": "头一车"}
    status, whole = call(
        cast.enterprise, "POST", f"{one}/delivery-note", **files(picture(), **note)
    )
    assert (status, whole["state"]) == (200, "delivering")
    (delivery,) = call(cast.officer, "GET", f"{one}/deeds")[1]["deliveries"]
    assert (delivery["amount"], len(delivery["photos"])) == (10, 1)
    status, refused = call(
        cast.enterprise, "POST", f"{one}/delivery-note", **files(picture(), amount="-1")
    )
    assert status == 422
    assert {"commitment", "amount"} <= set(refused["errors"])
    said = {"caption": "仓库", "internal": "true"}
    assert call(cast.officer, "POST", f"{one}/pictures", **files(picture(), **said))[0] == 403
    status, found = call(cast.broker, "POST", f"{one}/pictures", **files(picture(), **said))
    assert (status, found["items"][0]["internal"]) == (201, True)
    assert call(cast.officer, "GET", f"{one}/pictures")[1]["items"] == []
    assert call(cast.stranger, "GET", f"{one}/pictures")[0] == 404
    assert call(cast.stranger, "POST", f"{one}/pictures", **files(picture()))[0] == 404
    status, refused = call(cast.broker, "POST", f"{one}/pictures", **files(*[picture()] * 5))
    assert (status, refused["errors"]["photos"][0]["code"]) == (422, "too_many_match_pictures")
    file = found["items"][0]["id"]
    assert call(cast.broker, "DELETE", f"{one}/pictures/{file}")[1]["items"] == []
