"""Every error below /api/ is a problem document with a code, in the reader's language."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from exchange.api.limits import READS, TALLY, Tally
from exchange.web.throttle import Limit
from tests.api.conftest import NEED, MakeProgram
from tests.cast import Cast

DEEP = b"[" * 100_000


def assert_problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.get_json(force=True)
    assert (answer.status_code, body["code"]) == (status, code), body
    assert answer.mimetype == "application/problem+json"
    assert body["status"] == status
    assert body["request_id"] == answer.headers["X-Request-Id"]
    assert body["type"] == f"/api/v1/problems/{code}"
    assert body["title"]
    assert body["detail"]
    return body


def test_unknown_address(program: MakeProgram) -> None:
    assert_problem(program().get("/nothing"), 404, "http_404")
    assert_problem(program().client.get("/api/"), 404, "http_404")


def test_wrong_method_names_the_right_ones(program: MakeProgram) -> None:
    answer = program().call("DELETE", "/listings")
    assert_problem(answer, 405, "http_405")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", DEEP, b'{"a": NaN}', b"1e999999999999", b"9" * 5000, b'{"a":1e99999999}'],
)
def test_unreadable_body(program: MakeProgram, cast: Cast, body: bytes) -> None:
    caller = program(cast.officer)
    answer = caller.call("POST", "/listings", data=body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.mimetype == "application/problem+json"


def test_body_of_another_type(program: MakeProgram, cast: Cast) -> None:
    answer = program(cast.officer).call("POST", "/listings", data="side=need")
    assert_problem(answer, 415, "http_415")


def test_body_that_is_too_large(program: MakeProgram, cast: Cast) -> None:
    answer = program(cast.officer).post("/listings", {**NEED, "text": "大" * 1_000_000})
    assert_problem(answer, 413, "http_413")


@pytest.mark.parametrize("body", [[], "x", 7, None, {}])
def test_body_of_another_shape(program: MakeProgram, cast: Cast, body: Any) -> None:
    answer = program(cast.officer).post("/listings", body)
    assert_problem(answer, 422, "invalid")


def test_refused_fields_are_named_as_the_caller_knows_them(
    program: MakeProgram, cast: Cast
) -> None:
    wrong = {"side": "both", "quantity": "many", "serves": [7], "colour": "red", "to_date": "soon"}
    answer = program(cast.officer).post("/listings", {**NEED, **wrong})
    body = assert_problem(answer, 422, "invalid")
    codes = {name: [one["code"] for one in found] for name, found in body["errors"].items()}
    assert codes == {
        "side": ["field_choice"],
        "quantity": ["quantity_unreadable"],
        "serves.0": ["field_type"],
        "colour": ["field_unknown"],
        "to_date": ["field_type"],
    }


def test_rules_name_fields_as_the_caller_knows_them(program: MakeProgram, cast: Cast) -> None:
    wrong = {"category": "nothing.such", "division": "529999", "text": "电话13900001234，快来"}
    answer = program(cast.officer).post("/listings", {**NEED, **wrong, "external_id": "N1"})
    assert set(answer.get_json()["errors"]) <= {"category", "division", "text"}
    assert {"category", "division"} <= set(answer.get_json()["errors"])


def test_a_sentence_with_gaps_is_still_a_sentence(program: MakeProgram, cast: Cast) -> None:
    answer = program(cast.officer).post("/listings", {**NEED, "text": "电话13900001234，快来"})
    body = assert_problem(answer, 422, "listing_invalid")
    assert body["errors"]["text"][0]["code"] == "contact_in_text"
    assert "%(" not in body["errors"]["text"][0]["detail"]


def test_language_follows_the_header(program: MakeProgram) -> None:
    caller = program()
    english = caller.call("GET", "/me", headers={"Accept-Language": "en-GB,en;q=0.8"})
    chinese = caller.call("GET", "/me", headers={"Accept-Language": "zh-CN"})
    assert english.get_json()["detail"].startswith("Please send a token")
    assert english.headers["Content-Language"] == "en"
    assert chinese.get_json()["detail"] != english.get_json()["detail"]
    assert "Accept-Language" in chinese.headers["Vary"]


def test_too_many_requests(app: Flask, program: MakeProgram) -> None:
    few = {READS.name: Limit(READS.name, 4, READS.window)}
    app.extensions[TALLY] = Tally(every=2, limits=few)
    caller = program()
    answers = [caller.get("/categories") for _ in range(8)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 3
    assert_problem(answers[-1], 429, "too_many")
    assert 0 < int(answers[-1].headers["Retry-After"]) <= READS.window.total_seconds() + 1


def test_what_breaks_inside_is_told_without_its_story(app: Flask, program: MakeProgram) -> None:
    def broken() -> str:
        raise RuntimeError("secret of the house")

    broken.__access__ = app.view_functions["api.openapi"].__access__  # type: ignore[attr-defined]
    app.add_url_rule("/api/v1/broken", "broken", broken)
    answer = program().get("/broken")
    assert_problem(answer, 500, "http_500")
    assert b"secret" not in answer.data


def test_a_code_can_be_looked_up(program: MakeProgram) -> None:
    assert program().get("/problems/token_invalid").get_json()["code"] == "token_invalid"
    assert program().get("/problems/http_404").status_code == 200
    assert_problem(program().get("/problems/nonsense"), 404, "http_404")
