"""What only one side has claimed waits in sight, and counts no more once the match has ended."""

import pytest
from flask.testing import FlaskClient

from exchange.brokering.deeds import delivering
from exchange.brokering.deeds.kinds import DeliveryState
from exchange.brokering.kinds import CloseReason
from exchange.brokering.life import closing
from exchange.listings.kinds import Side
from tests.brokering.conftest import Scene
from tests.brokering.test_deed_api import Call
from tests.brokering.test_deed_api import call as call  # noqa: PLC0414 - a fixture
from tests.brokering.test_deliveries import deliver, note
from tests.invariants import broken

END = {"reason": "not_delivered", "note": "后来没有再送"}
UNCONFIRMED, HINT = "有一次交付没有确认，不算数", "还有交付没有确认。现在结束这次对接"


def held(scene: Scene) -> tuple[int, int]:
    """What both listings count as given or met."""
    scene.cast.session.rollback()
    need, offer = (scene.listing(side).committed_milli for side in (Side.NEED, Side.OFFER))
    return need, offer


def test_a_match_that_ends_gives_back_what_was_never_confirmed(
    scene: Scene, client: FlaskClient
) -> None:
    cast, (match, commitment) = scene.cast, scene.agreed()
    sure = deliver(scene, cast.officer, match, commitment, 5_000)
    claimed = deliver(scene, cast.enterprise, match, commitment, 7_000)
    assert held(scene) == (30_000, 30_000)
    cast.sign_in(client, cast.enterprise)
    assert HINT in client.get(f"/matches/{match}").text
    assert client.post(f"/matches/{match}/fail", data=END).status_code == 302
    assert held(scene) == (5_000, 5_000)
    assert note(scene, sure).state is DeliveryState.CONFIRMED
    assert note(scene, claimed).state is DeliveryState.STRUCK
    page = client.get(f"/matches/{match}").text
    assert page.count(UNCONFIRMED) == 1
    assert "等需求方确认" not in page
    assert HINT not in page
    assert broken(cast.session) == []


def test_what_a_social_worker_has_decided_stays_when_the_match_ends(scene: Scene) -> None:
    cast, (match, commitment) = scene.cast, scene.agreed()
    given = deliver(scene, cast.enterprise, match, commitment, 7_000)
    with scene.act(cast.officer) as act:
        delivering.dispute_delivery(act, match, given, Side.NEED, "只到了四台")
    with scene.act(cast.broker) as act:
        delivering.settle_delivery(act, match, given, 4_000, "数过")
    with scene.act(cast.broker) as act:
        closing.fail(act, match, CloseReason.TERMS, "谈不拢")
    assert held(scene) == (4_000, 4_000)
    assert note(scene, given).struck_at is None
    assert broken(cast.session) == []


def test_programs_that_end_a_match_read_that_it_does_not_count(
    scene: Scene, call: Call
) -> None:
    cast, (match, commitment) = scene.cast, scene.agreed()
    deliver(scene, cast.enterprise, match, commitment, 30_000)
    status, found = call(cast.officer, f"/matches/{match}/fail", END)
    assert status == 200
    assert found["commitments"][0]["delivered"] == 0
    assert [one["code"] for one in found["timeline"]][:2] == ["failed", "delivery_unconfirmed"]
    assert held(scene) == (0, 0)
    assert call(cast.officer, f"/matches/{match}/deeds")[1]["deliveries"][0]["state"] == "struck"


@pytest.mark.parametrize("claimant", ["enterprise", "broker"])
def test_all_has_arrived_only_once_it_is_confirmed(
    scene: Scene, client: FlaskClient, claimant: str
) -> None:
    cast, (match, commitment) = scene.cast, scene.agreed()
    given = deliver(scene, getattr(cast, claimant), match, commitment, 30_000)
    for who, words in (
        (cast.enterprise, "都交付了，等确认"),
        (cast.broker, "都交付了，等确认"),
        (cast.officer, "都交付了，等您确认"),
    ):
        cast.sign_in(client, who)
        part = client.get(f"/matches/{match}").text.partition('id="agreed"')[2]
        assert part.startswith('><details class="more" open>')
        summary = part.partition("</summary>")[0]
        assert words in summary
        assert "都到了" not in summary
    with scene.act(cast.officer) as act:
        delivering.confirm_delivery(act, match, given, Side.NEED)
    for who in (cast.broker, cast.officer):
        cast.sign_in(client, who)
        part = client.get(f"/matches/{match}").text.partition('id="agreed"')[2]
        assert "都到了" in part.partition("</summary>")[0]
