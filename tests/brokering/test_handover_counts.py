"""A handover counts as the day and the centre do, and beside it what has ended."""

from flask.testing import FlaskClient

from exchange.brokering.kinds import CloseReason
from exchange.brokering.life import claiming, proposing
from exchange.listings.kinds import Side
from tests.accounts.test_points import colleague
from tests.brokering.conftest import Scene
from tests.brokering.test_handover import full as full  # noqa: PLC0414 - a fixture
from tests.brokering.test_handover import one_more
from tests.brokering.test_worker_api import Call
from tests.brokering.test_worker_api import call as call  # noqa: PLC0414 - a fixture


def test_open_cases_are_counted_as_elsewhere_and_what_ended_beside_them(
    full: Scene, client: FlaskClient, call: Call
) -> None:
    cast = full.cast
    need, offer = (one_more(full, side, f"没谈成的{side.value}")[0] for side in Side)
    with full.act(cast.broker) as act:
        match = claiming.claim(act, need, offer).public_id
        proposing.propose(act, match, "请看看")
    with full.act(cast.enterprise) as act:
        proposing.answer(act, match, Side.OFFER, accept=False, reason=CloseReason.TIME)
    colleague(cast, cast.broker, "小吴")
    cast.sign_in(client, cast.broker)
    page = client.get("/me/handover", follow_redirects=True).text
    assert "<p>手上还有 7 件。 1 件已结束，还有事要做。</p>" in page
    own = cast.broker.person.public_id
    _status, found = call(cast.broker, "GET", f"/workers/{own}/handover")
    assert (found["open_count"], found["ended_count"]) == (7, 1)
