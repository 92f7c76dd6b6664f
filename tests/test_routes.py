"""No door stands open by accident: every view of every route declares who may open it."""

from flask import Flask
from werkzeug.routing import Rule

from exchange.web.access import UNDECLARED_ALLOWED, rule_of

ANSWERED_BY_FLASK = {"HEAD", "OPTIONS"}


def doors(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in UNDECLARED_ALLOWED
        for method in (rule.methods or set()) - ANSWERED_BY_FLASK
    ]


def test_every_view_declares_who_may_open_it(app: Flask) -> None:
    undeclared = [
        f"{method} {rule.rule} ({rule.endpoint})"
        for rule, method in doors(app)
        if rule_of(app, rule.endpoint, method) is None
    ]
    assert undeclared == []


def test_there_are_doors_to_look_at(app: Flask) -> None:
    assert {"/healthz", "/readyz"} <= {rule.rule for rule, _ in doors(app)}


def test_a_view_that_declares_nothing_stays_closed(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "open")
    assert app.test_client().get("/forgotten").status_code == 403
