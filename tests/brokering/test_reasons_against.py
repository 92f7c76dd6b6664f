"""A reason that counts against a pair says so in words, wherever people read it."""

import re

import pytest
from flask.testing import FlaskClient

from exchange.matching.models import Suggestion
from tests.brokering.conftest import Scene

AGAINST = '<span class="against">减分：</span>'
WEAK = "两边写得一样的只有：老师"
TOLD = [
    {"code": "titles_alike", "params": {"percent": 80}, "contribution": 1.2},
    {"code": "words_shared", "params": {"words": ["老师"]}, "contribution": -0.8},
]


def suggest(scene: Scene) -> None:
    scene.cast.session.add(
        Suggestion(
            need_id=scene.need_id, offer_id=scene.offer_id, score_micro=900_000, reasons=TOLD,
            engine="test", computed_at=scene.cast.now,
        )
    )  # fmt: skip
    scene.cast.session.commit()


def texts(page: str) -> str:
    """What is read, without marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("where", ["match", "today", "listing"])
def test_reason_against_is_read_as_one(scene: Scene, client: FlaskClient, where: str) -> None:
    suggest(scene)
    address = {
        "match": lambda: f"/matches/{scene.claimed()}",
        "today": lambda: "/today",
        "listing": lambda: f"/listings/{scene.cast.session.get_one(Suggestion, 1).need.public_id}",
    }[where]()
    scene.cast.sign_in(client, scene.cast.broker)
    page = client.get(address).text
    assert f"{AGAINST} {WEAK}" in page
    assert "两边写到" not in page
    assert "减分： 两边写得一样的只有：老师" in texts(page)
    assert page.count(AGAINST) == page.count(WEAK)  # what speaks for the pair is not called so


def test_in_english(scene: Scene, client: FlaskClient) -> None:
    suggest(scene)
    scene.cast.sign_in(client, scene.cast.broker)
    client.get("/locale/en")
    page = texts(client.get(f"/matches/{scene.claimed()}").text)
    assert "Against: They have only these words in common: 老师" in page
