"""What is agreed keeps to the lots that were posted, and the page says so beside the amount."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.brokering.deeds import fulfilling
from exchange.brokering.rules import LotRule, may_share
from exchange.kernel.errors import Invalid
from exchange.listings.kinds import Side
from tests.brokering.conftest import Scene
from tests.invariants import broken


@pytest.mark.parametrize(
    ("milli", "rule", "code"),
    [
        (500, LotRule(2000, 500), "allowed"),
        (499, LotRule(2000, 500), "commitment_below_lot"),
        (300, LotRule(300, 500), "allowed"),  # all that is left
        (299, LotRule(300, 500), "commitment_below_lot"),
        (2000, LotRule(2000, is_whole=True), "allowed"),
        (1999, LotRule(2000, is_whole=True), "commitment_only_whole"),
        (1500, LotRule(2000, step_milli=1000), "only_whole_units"),
        (1000, LotRule(2000, step_milli=1000), "allowed"),
        (2500, LotRule(2500, step_milli=1000), "allowed"),
        (7, LotRule(None), "allowed"),
        (499, LotRule(None, 500), "commitment_below_lot"),
    ],
)
def test_all_that_is_left_may_always_go(milli: int, rule: LotRule, code: str) -> None:
    assert may_share(milli, rule).code == code


def posted(session: Session, scene: Scene, side: Side, **values: object) -> None:
    for name, value in values.items():
        setattr(scene.listing(side), name, value)
    session.commit()


def test_less_than_a_lot_is_refused_beside_the_amount(
    scene: Scene, client: FlaskClient, session: Session
) -> None:
    public_id = scene.introduced()
    posted(session, scene, Side.OFFER, lot_milli=40_000)
    scene.cast.sign_in(client, scene.cast.broker)
    client.get("/locale/en")
    path = f"/matches/{public_id}/commit"
    for taken in ("39", "39.5"):
        answer = client.post(path, data={"taken": taken, "covers": "30"})
        assert answer.status_code == 422
        assert "Less than 40 does not go to one partner." in answer.text
        assert 'id="commit-taken-error"' in answer.text
        assert f'value="{taken}"' in answer.text
    assert scene.listing(Side.OFFER).committed_milli == 0
    assert client.post(path, data={"taken": "70", "covers": "30"}).location
    assert client.post(path, data={"taken": "30", "covers": "30"}).location  # the rest
    session.rollback()
    assert scene.listing(Side.OFFER).remaining_milli == 0
    assert broken(session) == []


def test_a_whole_is_promised_as_a_whole_and_proposed_so(
    scene: Scene, client: FlaskClient, session: Session
) -> None:
    public_id = scene.introduced()
    posted(session, scene, Side.OFFER, is_whole=True)
    posted(session, scene, Side.NEED, quantity_milli=80_000)
    with (
        pytest.raises(Invalid) as refused,
        scene.act(scene.cast.broker) as act,
    ):
        fulfilling.commit(act, public_id, 80_000, 80_000)
    assert refused.value.fields == {"taken": ["commitment_only_whole"]}
    scene.cast.sign_in(client, scene.cast.broker)
    page = client.get(f"/matches/{public_id}").text
    assert re.search(r'name="taken"[^>]*value="100"', page)
    assert re.search(r'name="covers"[^>]*value="80"', page)
    with scene.act(scene.cast.broker) as act:
        fulfilling.commit(act, public_id, 100_000, 80_000)
    assert broken(session) == []
