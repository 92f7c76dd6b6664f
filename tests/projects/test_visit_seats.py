"""No group waits for more seats than there are; what is off shows nothing to join."""

from datetime import timedelta

from flask.testing import FlaskClient

from exchange.projects.visits import announcing
from exchange.projects.visits.kinds import SignUpState
from tests.conftest import SettableClock
from tests.projects.intending import Scene
from tests.projects.intending import cast as cast  # noqa: PLC0414 - a fixture
from tests.projects.intending import scene as scene  # noqa: PLC0414 - a fixture
from tests.projects.test_cooperation_api import MakeProgram, put
from tests.projects.test_cooperation_api import program as program  # noqa: PLC0414 - a fixture
from tests.projects.test_visits import DAY, announced, guest, signed, visit

LINK = "https://meeting.example.cn/j/123"


def test_a_group_larger_than_all_seats_never_waits(
    scene: Scene, client: FlaskClient, program: MakeProgram
) -> None:
    cast, public_id = scene.cast, announced(scene)
    signed(scene, public_id, guest(scene, 1), 3)
    cast.sign_in(client, cast.enterprise)
    client.get("/locale/en")
    path = f"/visits/{public_id}"
    page = client.get(path).text
    assert 'value="3"' in page
    assert 'value="4"' not in page
    refused = client.post(f"{path}/sign-up", data={"people": "4"})
    assert refused.status_code == 422
    assert "There are 3 seats in all." in refused.text
    assert 'id="people-error"' in refused.text
    assert len(visit(scene, public_id).sign_ups) == 1
    assert signed(scene, public_id, cast.enterprise, 3) is SignUpState.WAITING
    assert client.post(f"{path}/sign-up", data={"people": "5"}).status_code == 422
    answer = put(program(cast.enterprise), f"{path}/sign-up", {"people": 4})
    assert answer.status_code == 422
    assert "people" in answer.text


def test_what_is_off_or_over_shows_no_way_in_and_no_free_seats(
    scene: Scene, client: FlaskClient, clock: SettableClock
) -> None:
    cast = scene.cast
    off, over = announced(scene, link=LINK), announced(scene, link=LINK, title="第二场")
    for one in (off, over):
        signed(scene, one, cast.enterprise, 3)
        signed(scene, one, guest(scene, int(one == over)), 2)
        cast.sign_in(client, cast.enterprise)
        page = client.get(f"/visits/{one}").text
        assert LINK in page
        assert "候补 1 家" in page
    with scene.act(cast.officer) as act:
        announcing.cancel(act, off, "大雪封路")
    page = client.get(f"/visits/{off}").text
    for words in (LINK, "候补 1 家", "还剩 0 个", "打开线上会议"):
        assert words not in page
    clock.set(DAY + timedelta(minutes=30))
    cast.sign_in(client, cast.enterprise)
    assert LINK in client.get(f"/visits/{over}").text
    clock.set(DAY + timedelta(hours=3))
    page = client.get(f"/visits/{over}").text
    for words in (LINK, "候补 1 家", "还剩 0 个", "打开线上会议"):
        assert words not in page
