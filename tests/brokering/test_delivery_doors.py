"""Doors of deliveries, changes, messages and files refuse strangers, and bad input by its field."""

import io

from flask import Flask
from flask.testing import FlaskClient

from exchange.brokering.deeds import delivering
from exchange.listings.kinds import Side
from tests.brokering.conftest import Scene
from tests.brokering.test_deliveries import deliver
from tests.cast import Player
from tests.listings.filing_scene import photo_bytes

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
        ("delivery", {"commitment": commitment, "amount": "-3"}, "必须大于 0"),
        ("delivery", {"commitment": commitment, "amount": "9" * 14}, "最多填 1,000,000,000,000"),
        ("changes", {"commitment": commitment, "taken": "0", "covers": "1"}, "必须大于 0"),
        ("outcome", {"text": "用上了", "people": "-1"}, "请填写 0 到 10,000,000 之间"),
        ("outcome", {"text": "用上了", "people": "9" * 20}, "请填写 0 到 10,000,000 之间"),
        ("outcome", {"text": "用上了", "people": "3", "income": "9" * 12}, "请填写 0.01 到"),
        ("deliveries/dispute", {"side": "need", "delivery": delivery}, "这里要填"),
        ("changes", {"commitment": commitment, "taken": "500", "covers": "1"}, "没有这么多"),
        ("changes", {"commitment": commitment, "taken": "30", "covers": "30"}, "等于没改"),
        ("files", {"caption": "x"}, "这里要填"),
    ):
        answer = client.post(f"/matches/{match}/{door}", data=sent)
        assert answer.status_code == 422, door
        assert words in answer.text, door


def test_a_refused_form_says_that_its_photos_are_to_be_chosen_once_more(
    scene: Scene, client: FlaskClient
) -> None:
    match, commitment = scene.agreed()
    scene.cast.sign_in(client, scene.cast.officer)
    door, again = f"/matches/{match}/delivery", "请再选一次照片"
    wrong = {"commitment": commitment, "amount": "很多"}
    assert again not in client.post(door, data=wrong).text
    for amount in ("很多", "500"):  # unreadable; readable and more than is agreed
        photos = [(io.BytesIO(photo_bytes()), f"{number}.jpg") for number in range(3)]
        answer = client.post(door, data={**wrong, "amount": amount, "photos": photos})
        assert answer.status_code == 422, amount
        assert answer.text.count(again) == 1, amount
    assert again not in client.get(f"/matches/{match}").text


def test_a_refused_answer_of_a_proxy_says_so_of_the_photo_of_the_consent(
    scene: Scene, client: FlaskClient
) -> None:
    match = scene.proposed()
    scene.cast.sign_in(client, scene.cast.broker)
    photo = (io.BytesIO(photo_bytes()), "a.jpg")
    sent = {"side": "need", "accept": "yes", "consent": "written", "photos": photo}
    answer = client.post(f"/matches/{match}/answer", data=sent)
    assert answer.status_code == 422
    assert answer.text.count("请再选一次照片") == 1


def agreed_part(scene: Scene, client: FlaskClient, who: Player, match: str) -> str:
    """What a reader finds of what is agreed."""
    scene.cast.sign_in(client, who)
    text = client.get(f"/matches/{match}").text
    return text.partition('id="agreed"')[2].partition("</section>")[0]


def test_a_delivery_says_whose_word_is_missing_until_both_have_confirmed(
    scene: Scene, client: FlaskClient
) -> None:
    cast = scene.cast
    match, commitment = scene.agreed()
    given = deliver(scene, cast.enterprise, match, commitment, 1_000)
    for who in (cast.officer, cast.enterprise):
        assert "等需求方确认" in agreed_part(scene, client, who, match)
    with scene.act(cast.officer) as act:
        delivering.confirm_delivery(act, match, given, Side.NEED)
    assert "到了，已确认" in agreed_part(scene, client, cast.officer, match)
    deliver(scene, cast.officer, match, commitment, 2_000)
    part = agreed_part(scene, client, cast.enterprise, match)
    assert part.count("到了，已确认") == 1
    assert "需求方已确认" in part


def test_a_settled_dispute_reads_as_what_was_decided_by_whom_and_why(
    scene: Scene, client: FlaskClient
) -> None:
    cast = scene.cast
    match, commitment = scene.agreed()
    given = deliver(scene, cast.enterprise, match, commitment, 10_000)
    with scene.act(cast.officer) as act:
        delivering.dispute_delivery(act, match, given, Side.NEED, "只到了四台")
    assert "有不同说法" in agreed_part(scene, client, cast.officer, match)
    with scene.act(cast.broker) as act:
        delivering.settle_delivery(act, match, given, 4_000, "和两边数过，是四台")
    for who in (cast.officer, cast.enterprise, cast.broker):
        part = agreed_part(scene, client, who, match)
        assert "有不同说法" not in part
        assert "社工已定" in part
        for said in (cast.broker.person.name, "10 台 → 4 台", "和两边数过，是四台"):
            assert said in part.replace("\N{NO-BREAK SPACE}", " "), said
    with scene.act(cast.officer) as act:
        delivering.confirm_delivery(act, match, given, Side.NEED)
    assert "到了，已确认" in agreed_part(scene, client, cast.officer, match)
