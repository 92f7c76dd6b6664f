"""Two who answer one intention at once: the second reads what happened, and loses no word."""



import pytest
from flask.testing import FlaskClient

from exchange.kernel.errors import Conflict
from exchange.projects.intentions import answering, declaring
from exchange.projects.intentions.kinds import (
    DeclineReason,
    IntentionState,
)
from tests.projects.intending import Scene, said
from tests.projects.intending import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.intending import scene as scene  # noqa: PLC0414 - a fixture


def test_who_answers_second_reads_what_happened(scene: Scene, client: FlaskClient) -> None:
    cast, public_id = scene.cast, scene.declared()
    with scene.act(cast.officer) as act:
        answering.decline(act, public_id, DeclineReason.TIME, version=1)
    with pytest.raises(Conflict) as refused, scene.act(cast.broker) as act:
        answering.accept(act, public_id, 1)
    assert refused.value.code == "intention_is_declined"
    cast.sign_in(client, cast.broker)
    client.get("/locale/en")
    late = client.post(
        f"/intentions/{public_id}/accept", data={"version": 1, "text": ""}, follow_redirects=True
    )
    assert "Somebody has declined it already" in late.text
    assert "The time does not fit" in late.text


def test_nobody_accepts_what_they_have_not_read(scene: Scene) -> None:
    public_id = scene.declared()
    with scene.act(scene.cast.enterprise) as act:
        declaring.change_intention(act, public_id, said(text="改成派一名。"), 1)
    with pytest.raises(Conflict, match="intention_changed"), scene.act(scene.cast.officer) as act:
        answering.accept(act, public_id, 1)
    assert scene.intention(public_id).state is IntentionState.DECLARED


@pytest.mark.parametrize(("step", "field"), [("ask", "question"), ("decline", "note")])
def test_what_was_typed_stays_when_the_other_side_was_quicker(
    scene: Scene, client: FlaskClient, step: str, field: str
) -> None:
    cast, public_id = scene.cast, scene.declared()
    with scene.act(cast.enterprise) as act:
        declaring.change_intention(act, public_id, said(text="改成派一名。"), 1)
    cast.sign_in(client, cast.officer)
    client.get("/locale/en")
    given = {"reason": "time", field: "村里想先知道冷库要多大。", "version": "1"}
    path = f"/intentions/{public_id}/{step}"
    late = client.post(path, data=given)
    assert late.status_code == 409
    assert "It says something else by now" in late.text
    assert "改成派一名。" in late.text
    assert "村里想先知道冷库要多大。" in late.text
    assert "was not sent" not in late.text
    with scene.act(cast.enterprise) as act:
        declaring.withdraw(act, public_id)
    gone = client.post(path, data={**given, "version": "2"})
    assert gone.status_code == 409
    assert "was not sent" in gone.text
    assert "村里想先知道冷库要多大。" in gone.text
