"""Preparation runs in order, is quiet when quick, and shows how far it is when it is long."""

import io
from collections.abc import Sequence

import pytest
from flask import Flask

from exchange.web import preparation
from exchange.web.preparation import (
    Progress,
    ProgressLine,
    add_announcement,
    add_preparation_step,
    announcements,
    prepare_site,
)


@pytest.fixture(autouse=True)
def _nothing_else(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the rooms' own steps aside: these tests are about the order and the words."""
    app.extensions["exchange.preparation"] = []
    app.extensions["exchange.announcements"] = []
    monkeypatch.setattr(preparation, "upgrade", lambda: None)


def test_steps_run_in_order(app: Flask) -> None:
    ran: list[str] = []
    for order, name in ((80, "index"), (10, "divisions"), (50, "city")):
        add_preparation_step(app, order, name, lambda _app, _progress, name=name: ran.append(name))
    prepare_site(app, io.StringIO())
    assert ran == ["divisions", "city", "index"]


def test_quick_steps_say_nothing(app: Flask) -> None:
    add_preparation_step(app, 10, "Divisions", lambda _app, progress: progress(1, 1))
    out = io.StringIO()
    prepare_site(app, out)
    assert out.getvalue() == ""


def test_a_long_step_shows_each_tenth_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparation, "QUIET_SECONDS", 0.0)
    out = io.StringIO()
    with ProgressLine("Divisions", out) as line:
        for done in range(1001):
            line.show(done, 1000)
    shown = out.getvalue().splitlines()
    assert shown[:3] == ["Divisions: 0 %", "Divisions: 10 %", "Divisions: 20 %"]
    assert shown[-2:] == ["Divisions: 100 %", "Divisions: done (0 s)"]
    assert len(shown) == 12


def test_an_error_in_a_step_is_not_swallowed(app: Flask) -> None:
    def failing(_app: Flask, _progress: Progress) -> None:
        raise LookupError

    add_preparation_step(app, 10, "Divisions", failing)
    with pytest.raises(LookupError):
        prepare_site(app, io.StringIO())


def test_rooms_add_lines_for_the_greeting(app: Flask) -> None:
    def lines() -> Sequence[str]:
        return ["officer: 13900000001"]

    add_announcement(app, lines)
    assert announcements(app) == ["officer: 13900000001"]
