"""What every page shares: headers, request ids, language, tokens, health."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from exchange.web.access import PUBLIC, access
from exchange.web.views import safe_next


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    headers = client.get("/healthz").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "private, no-store"


def test_a_request_id_is_taken_over_when_it_is_harmless(client: FlaskClient) -> None:
    given = client.get("/healthz", headers={"X-Request-Id": "abcdef-12345"})
    assert given.headers["X-Request-Id"] == "abcdef-12345"
    refused = client.get("/healthz", headers={"X-Request-Id": "a b"})
    assert refused.headers["X-Request-Id"] not in ("", "a b")


def test_readiness_names_what_is_missing(app: Flask, client: FlaskClient) -> None:
    app.extensions["exchange"].resources["readiness"] = {"index": lambda: False}
    answer = client.get("/readyz")
    assert answer.status_code == 503
    checks = answer.get_json()["checks"]
    assert (checks["database"], checks["index"]) == (True, False)


def test_the_site_is_alive_even_when_it_is_not_ready(app: Flask, client: FlaskClient) -> None:
    app.extensions["exchange"].resources["readiness"] = {"index": lambda: False}
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "/\t/[elsewhere.example",
        "/\r\nSet-Cookie: a=b",
        "/\x85",
        "/\ud800",
        "/\t/elsewhere.example",
        "",
        None,
    ],
)
def test_a_way_back_never_leads_elsewhere(target: str | None) -> None:
    assert safe_next(target) == "/"


def test_a_way_back_on_this_site_is_kept() -> None:
    for path in ("/listings?q=apples", "/search?q=冷链 车", "/"):
        assert safe_next(path) == path


def test_the_language_is_remembered(client: FlaskClient) -> None:
    assert client.get("/locale/en").status_code == 302
    with client.session_transaction() as kept:
        assert kept["locale"] == "en"


@pytest.mark.parametrize("door", ["/locale/en", "/care/on", "/sign-in"])
def test_a_way_back_that_nobody_can_read_is_no_fault(client: FlaskClient, door: str) -> None:
    assert client.get(f"{door}?next=/%09/%5Bx").status_code in (200, 302)


def test_an_unknown_language_is_not_found(client: FlaskClient) -> None:
    assert client.get("/locale/xx").status_code == 404


def test_a_number_for_those_who_ask_stands_where_it_helps_and_is_short(
    app: Flask, client: FlaskClient
) -> None:
    app.add_url_rule("/broken", "broken", access(PUBLIC)(lambda: 1 / 0))
    given = {"X-Request-Id": "abcdef12-34567890"}
    assert "abcdef12" not in client.get("/nowhere", headers=given).text
    page = client.get("/broken", headers=given)
    assert page.status_code == 500
    assert "abcdef12" in page.text
    assert "abcdef12-3" not in page.text


def test_inner_pages_offer_type_and_language_on_phones_too(client: FlaskClient) -> None:
    footer = client.get("/sign-in").text.partition("<footer")[2]
    assert "/care/on" in footer
    assert "/locale/en" in footer


@pytest.mark.parametrize("way", ["get", "post"])
def test_nobody_sends_a_nul(client: FlaskClient, way: str) -> None:
    sent = {"division_text": "普\0定", "division": "52\x000422", "next": "/"}
    values = {"query_string": sent} if way == "get" else {"data": sent}
    assert client.open("/place", method=way.upper(), **values).status_code < 500
