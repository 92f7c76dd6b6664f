"""What is offered to those who take needs up, and what is not."""

from flask.testing import FlaskClient

from exchange.brokering.centre.overview_cuts import Scope
from exchange.brokering.centre.overview_queries import overview
from exchange.brokering.desk.routed_pairs import count_unclaimed, unclaimed_needs
from exchange.listings.kinds import Side
from exchange.listings.publishing import hold_listing
from tests.brokering.conftest import Scene
from tests.brokering.test_overview import moment
from tests.cast import CENTRE_AREA


def hold_need(scene: Scene, *, held: bool) -> None:
    with scene.act(scene.cast.supervisor) as act:
        hold_listing(act, scene.listing(Side.NEED), held=held)


def figures(scene: Scene) -> tuple[int, int, int, int]:
    """Open and unclaimed for the centre; listed and counted for the worker."""
    cast, session = scene.cast, scene.cast.session
    session.rollback()
    whole = overview(session, Scope((CENTRE_AREA,)), moment(scene)).whole
    broker = cast.broker.actor
    listed = unclaimed_needs(session, broker, own=True, after_id=0, limit=20)
    return whole.open_needs, whole.unclaimed, len(listed), count_unclaimed(session, broker)


def test_a_need_that_is_looked_into_is_offered_to_nobody(
    scene: Scene, client: FlaskClient
) -> None:
    need = scene.listing(Side.NEED).public_id
    door = f"/needs/waiting/{need}/take"
    assert figures(scene) == (1, 1, 1, 1)
    hold_need(scene, held=True)
    assert figures(scene) == (1, 0, 0, 0)
    for who in (scene.cast.broker, scene.cast.supervisor):
        scene.cast.sign_in(client, who)
        assert door not in client.get("/needs/waiting").text
        refused = client.post(door, follow_redirects=True)
        assert "这条需求有人正在核实" in refused.text
    hold_need(scene, held=False)
    assert figures(scene) == (1, 1, 1, 1)
    scene.cast.sign_in(client, scene.cast.broker)
    assert door in client.get("/needs/waiting").text
    client.post(door)
    assert f"/needs/waiting/{need}/give-back" in client.get("/needs/waiting").text
