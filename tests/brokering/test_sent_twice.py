"""A promise or a delivery that is sent twice is there once; a form read too early says so."""

import re
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.brokering.deeds import delivering, fulfilling
from exchange.brokering.deeds.models import Delivery
from exchange.brokering.models import Commitment
from tests.brokering.conftest import Scene
from tests.brokering.test_deed_api import Call
from tests.brokering.test_deed_api import call as call  # noqa: PLC0414 - a fixture

AGREED, NOTED = "这期间已经约定了一笔", "这期间您已经记了一次交付"


def form_of(client: FlaskClient, match: str, form_id: str) -> dict[str, Any]:
    """What a tab that is open sends along unseen."""
    return hidden_in(client.get(f"/matches/{match}").text, form_id)


def hidden_in(text: str, form_id: str) -> dict[str, Any]:
    part = text.partition(f'id="{form_id}"')[2].partition("</form>")[0]
    fields = (dict(re.findall(r'(\w+)="([^"]*)"', one)) for one in re.findall("<input[^>]*>", part))
    sent = {one["name"]: one["value"] for one in fields if one.get("type") == "hidden"}
    assert sent["read"]
    return sent


def promises(scene: Scene) -> list[int]:
    scene.cast.session.rollback()
    rows = scene.cast.session.scalars(sa.select(Commitment).order_by(Commitment.id))
    return [one.taken_milli for one in rows]


def notes(scene: Scene) -> list[int]:
    scene.cast.session.rollback()
    rows = scene.cast.session.scalars(sa.select(Delivery).order_by(Delivery.id))
    return [one.milli for one in rows]


def test_a_promise_from_two_tabs_is_one_and_a_further_one_is_sent_on_purpose(
    scene: Scene, client: FlaskClient
) -> None:
    match = scene.introduced()
    scene.cast.sign_in(client, scene.cast.broker)
    door, tab = f"/matches/{match}/commit", form_of(client, match, "step-commit")
    same = {**tab, "taken": "30", "covers": "30"}
    for _ in range(3):
        assert client.post(door, data=same).status_code == 302
    assert promises(scene) == [30_000]
    other = client.post(door, data={**same, "taken": "20", "covers": "15"})
    assert other.status_code == 422
    assert AGREED in other.text
    assert promises(scene) == [30_000]
    part = other.text.partition('id="step-commit"')[2].partition("</form>")[0]
    assert 'value="20"' in part
    assert 'value="15"' in part
    again = hidden_in(other.text, "step-commit") | {"taken": "20", "covers": "15"}
    assert client.post(door, data=again).status_code == 302
    assert client.post(door, data=again).status_code == 302
    assert promises(scene) == [30_000, 20_000]
    further = form_of(client, match, "step-commit") | {"taken": "20", "covers": "15"}
    assert client.post(door, data=further).status_code == 302
    assert promises(scene) == [30_000, 20_000, 20_000]


def test_a_promise_that_somebody_else_made_meanwhile_is_read_before_another(
    scene: Scene, client: FlaskClient
) -> None:
    match = scene.introduced()
    scene.cast.sign_in(client, scene.cast.broker)
    tab = form_of(client, match, "step-commit") | {"taken": "30", "covers": "30"}
    with scene.act(scene.cast.supervisor) as act:
        fulfilling.commit(act, match, 30_000, 30_000)
    late = client.post(f"/matches/{match}/commit", data=tab)
    assert late.status_code == 422
    assert AGREED in late.text
    assert promises(scene) == [30_000]


def test_a_delivery_from_two_tabs_counts_once_and_keeps_nobody_else(
    scene: Scene, client: FlaskClient
) -> None:
    cast, (match, commitment) = scene.cast, scene.agreed()
    door, form_id = f"/matches/{match}/delivery", f"deliver-{commitment}"
    cast.sign_in(client, cast.enterprise)
    tab = form_of(client, match, form_id)
    same = {**tab, "amount": "2", "arrived_on": "2026-11-22", "note": "头一车"}
    with scene.act(cast.officer) as act:  # the other side's word is no reason to wait
        delivering.record_delivery(act, match, commitment, 5_000)
    for _ in range(2):
        assert client.post(door, data=same).status_code == 302
    assert notes(scene) == [5_000, 2_000]
    other = client.post(door, data={**same, "note": "第二车"})
    assert other.status_code == 422
    assert NOTED in other.text
    assert "第二车" in other.text
    again = hidden_in(other.text, form_id) | {"amount": "2", "note": "第二车"}
    assert client.post(door, data=again).status_code == 302
    assert notes(scene) == [5_000, 2_000, 2_000]


def test_programs_name_what_they_send_and_may_send_it_again(
    scene: Scene, call: Call
) -> None:
    cast, match = scene.cast, scene.introduced()
    commit, deliver = f"/matches/{match}/commit", f"/matches/{match}/delivery"
    body = {"taken": 10, "covers": 10, "key": "a-1"}
    for _ in range(2):
        status, found = call(cast.broker, commit, body)
        assert (status, len(found["commitments"])) == (200, 1)
    status, found = call(cast.broker, commit, {**body, "taken": 11})
    assert (status, found["code"]) == (409, "commitment_meanwhile")
    status, found = call(cast.supervisor, commit, body)
    assert (status, found["code"]) == (409, "commitment_meanwhile")
    for _ in range(2):  # without a name as ever
        status, found = call(cast.broker, commit, {"taken": 10, "covers": 10})
        assert status == 200
    assert promises(scene) == [10_000] * 3
    body = {"commitment": found["commitments"][0]["id"], "amount": 2, "key": "b"}
    for who in (cast.enterprise, cast.enterprise, cast.officer):
        assert call(who, deliver, body)[0] == 200
    status, found = call(cast.officer, deliver, {**body, "amount": 3})
    assert (status, found["code"]) == (409, "delivery_meanwhile")
    assert notes(scene) == [2_000, 2_000]
    assert call(cast.officer, deliver, {**body, "key": "x" * 41})[0] == 422


def test_a_form_that_was_read_at_anything_at_all_is_answered(
    scene: Scene, client: FlaskClient
) -> None:
    match = scene.introduced()
    scene.cast.sign_in(client, scene.cast.broker)
    for read in ("x" * 5_000, "\0", "none\n", "中"):
        sent = {"taken": "30", "covers": "30", "read": read}
        assert client.post(f"/matches/{match}/commit", data=sent).status_code in (302, 422)
