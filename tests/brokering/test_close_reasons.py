"""A match ends for a reason that fits: what was never promised was not broken either."""

import re

import pytest
from flask.testing import FlaskClient

from exchange.brokering.kinds import CloseReason, MatchState
from exchange.brokering.labels import FAIL_REASONS, UNPROMISED_REASONS
from tests.brokering.conftest import Scene
from tests.brokering.test_deed_api import Call
from tests.brokering.test_deed_api import call as call  # noqa: PLC0414 - a fixture

BROKEN = {"not_delivered", "quality"}


def offered(page: str) -> set[str]:
    """The reasons in the form that ends the match."""
    select = re.search(r'<select[^>]*id="close-reason".*?</select>', page, re.DOTALL)
    assert select
    return set(re.findall(r'<option[^>]*value="(\w+)"', select.group()))


@pytest.mark.parametrize("state", ["proposed", "introduced", "agreed"])
def test_reasons_of_a_broken_promise_are_offered_where_something_was_promised(
    scene: Scene, client: FlaskClient, state: str
) -> None:
    reached = getattr(scene, state)()
    public_id = reached if isinstance(reached, str) else reached[0]
    scene.cast.sign_in(client, scene.cast.broker)
    found = offered(client.get(f"/matches/{public_id}").text)
    fitting = FAIL_REASONS if state == "agreed" else UNPROMISED_REASONS
    assert found == {one.value for one in fitting}
    assert bool(found & BROKEN) is (state == "agreed")


@pytest.mark.parametrize(
    ("state", "way"), [("proposed", "withdraw"), ("introduced", "withdraw"), ("introduced", "fail")]
)
def test_another_reason_is_refused_beside_its_field(
    scene: Scene, client: FlaskClient, call: Call, state: str, way: str
) -> None:
    public_id = getattr(scene, state)()
    scene.cast.sign_in(client, scene.cast.broker)
    sent = {"reason": "not_delivered", "note": "没有送到"}
    answer = client.post(f"/matches/{public_id}/{way}", data=sent)
    assert answer.status_code == 422
    assert "这个原因对不上" in answer.text
    assert "没有送到" in answer.text
    assert not offered(answer.text) & BROKEN
    status, told = call(scene.cast.broker, f"/matches/{public_id}/{way}", sent)
    assert (status, set(told["errors"])) == (422, {"reason"})
    assert scene.match(public_id).state is MatchState(state)
    fits = client.post(f"/matches/{public_id}/{way}", data=sent | {"reason": "time"})
    assert fits.status_code == 302
    assert scene.match(public_id).close_reason is CloseReason.TIME
