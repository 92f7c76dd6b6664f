"""Programs that call the API, each with a token of one of the cast."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from exchange.accounts.tokens.service import create_token
from exchange.kernel.act import Act
from exchange.search.jobs import ensure_index
from tests.cast import VILLAGE, Cast, Player

NEED = {
    "side": "need",
    "title": "刺梨鲜果要冷链车",
    "text": "九月中旬起每天两吨鲜果，要冷链车送到贵阳。",
    "category": "logistics.coldchain",
    "division": VILLAGE,
    "quantity": 30,
    "unit": "车次",
    "terms": "subsidised",
    "to_date": "2027-09-30",
    "beneficiaries": ["general"],
}
OFFER = {
    **NEED,
    "side": "offer",
    "title": "冷藏车三辆，回程空车",
    "text": "安顺到贵阳的冷链车，每周一回程空着，可以带鲜果。",
    "division": "520402",
    "serves": ["52"],
    "quantity": 100,
}


@dataclass
class Program:
    """Calls the API with a token, or with none, in English."""

    client: FlaskClient
    token: str = ""
    token_id: int = 0

    def call(self, method: str, path: str, **values: Any) -> TestResponse:
        headers = {"Accept-Language": "en", **values.pop("headers", {})}
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **values)

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.call("GET", path, query_string=query)

    def post(self, path: str, body: Any = None, **values: Any) -> TestResponse:
        return self.call("POST", path, json=body, **values)

    def patch(self, path: str, body: Any, **values: Any) -> TestResponse:
        return self.call("PATCH", path, json=body, **values)


MakeProgram = Callable[..., Program]


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    """The people of the play, and an index to find things in."""
    with app.app_context():
        ensure_index(app.extensions["exchange.jobs"])
    cast = Cast(app, session)
    for player in (cast.officer, cast.enterprise, cast.broker, cast.stranger):
        assert player.person_id
    return cast


@pytest.fixture
def program(
    app: Flask, cast: Cast, act_as: Callable[..., AbstractContextManager[Act]]
) -> MakeProgram:
    """``program(cast.officer)`` has a new token of the player; ``program()`` has none."""

    def make(who: Player | None = None, *, may_write: bool = True) -> Program:
        if who is None:
            return Program(app.test_client())
        person, owner = who.person_id, who.organisation_id
        with act_as() as act:
            made = create_token(act, person, owner, "a program", may_write=may_write, days=30)
            return Program(app.test_client(), made.secret, made.token.id)

    return make
