"""Doors of deliveries, changes, messages and files refuse strangers, and bad input by its field."""

from flask import Flask
from flask.testing import FlaskClient

from tests.brokering.conftest import Scene
from tests.brokering.test_deliveries import deliver

SENT = {
    "side": "need", "commitment": "x", "delivery": "x", "change": "x", "file": "x", "give": "yes",
    "accept": "yes", "thread": "need", "text": "x", "kind": "week", "note": "x", "amount": "1",
    "taken": "1", "covers": "1", "helped": "1", "again": "no",
}  # fmt: skip


def test_every_door_refuses_the_stranger_and_whoever_is_not_signed_in(
    app: Flask, scene: Scene, client: FlaskClient
) -> None:
    match, _ = scene.agreed()
    doors = [
        rule.rule.replace("<public_id>", match)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("deeds.") and "POST" in (rule.methods or ())
    ]
    assert len(doors) > 12
    for door in doors:
        scene.cast.sign_out(client)
        assert "/sign-in" in client.post(door, data=SENT).location, door
        scene.cast.sign_in(client, scene.cast.stranger)
        assert client.post(door, data=SENT).status_code in (403, 404), door
        assert client.post(door).status_code in (403, 404), door


def test_every_door_answers_bad_input_beside_the_field(
    scene: Scene, client: FlaskClient
) -> None:
    match, commitment = scene.agreed()
    delivery = deliver(scene, scene.cast.enterprise, match, commitment, 1_000)
    scene.cast.sign_in(client, scene.cast.officer)
    for door, sent, words in (
        ("delivery", {"commitment": commitment, "amount": "很多"}, "请写一个数字"),
        ("deliveries/dispute", {"side": "need", "delivery": delivery}, "这里要填"),
        ("changes", {"commitment": commitment, "taken": "500", "covers": "1"}, "没有这么多"),
        ("changes", {"commitment": commitment, "taken": "30", "covers": "30"}, "等于没改"),
        ("files", {"caption": "x"}, "这里要填"),
    ):
        answer = client.post(f"/matches/{match}/{door}", data=sent)
        assert answer.status_code == 422, door
        assert words in answer.text, door
