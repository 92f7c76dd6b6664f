"""A day that nobody can mean is refused where it is typed: what is reckoned from it would fail."""

import pytest
from flask.testing import FlaskClient

from exchange.brokering.kinds import MatchState
from tests.brokering.conftest import Scene
from tests.brokering.conftest import cast as cast  # noqa: PLC0414 - a fixture
from tests.brokering.conftest import scene as scene  # noqa: PLC0414 - a fixture
from tests.brokering.test_deed_api import Call
from tests.brokering.test_deed_api import call as call  # noqa: PLC0414 - a fixture

ODD_DAYS = ["9999-12-31", "0001-01-01", "2200-01-01", "1899-12-31"]


@pytest.mark.parametrize("day", ODD_DAYS)
def test_a_promise_for_such_a_day_is_refused_and_stays(
    scene: Scene, client: FlaskClient, day: str
) -> None:
    public_id = scene.introduced()
    scene.cast.sign_in(client, scene.cast.broker)
    sent = {"taken": "30", "covers": "30", "due_on": day}
    refused = client.post(f"/matches/{public_id}/commit", data=sent)
    assert refused.status_code == 422
    assert "这个日期不对" in refused.text
    assert f'value="{day}"' in refused.text
    assert scene.match(public_id).state is MatchState.INTRODUCED
    assert client.get("/today").status_code == 200


@pytest.mark.parametrize("day", ODD_DAYS)
def test_the_api_says_so_too(scene: Scene, call: Call, day: str) -> None:
    public_id = scene.introduced()
    body = {"taken": 30, "covers": 30, "due_on": day}
    status, answer = call(scene.cast.broker, f"/matches/{public_id}/commit", body)
    assert status == 422
    assert answer["errors"]["due_on"] == [{"code": "field_day", "detail": "这个日期不对。"}]
