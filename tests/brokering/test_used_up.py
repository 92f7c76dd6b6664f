"""Where nothing is left, the page of a match does not lead to agreeing a further amount."""

import pytest
from flask.testing import FlaskClient

from exchange.brokering.deeds import fulfilling
from exchange.kernel.errors import Conflict
from exchange.listings.kinds import Side
from tests.brokering.conftest import Scene
from tests.brokering.test_match_page import look
from tests.factories import make_listing

FORM, MORE = 'id="step-commit"', "再约定一笔"


def agreed_elsewhere(scene: Scene, side: Side) -> str:
    """Introduced, and all of one side is promised in another match."""
    first, kept = scene.introduced(), (scene.need_id, scene.offer_id)
    other = side.other
    owner = scene.cast.officer if other is Side.NEED else scene.cast.enterprise
    made = make_listing(scene.cast.house, owner, other, title="另一条").id
    if other is Side.NEED:
        scene.need_id = made
    else:
        scene.offer_id = made
    scene.agreed(100_000, 100_000)
    scene.need_id, scene.offer_id = kept
    return first


def test_a_further_amount_is_offered_while_something_is_left_and_folded(
    scene: Scene, client: FlaskClient
) -> None:
    public_id, _ = scene.agreed(40_000, 40_000)
    page = look(scene, client, scene.cast.broker, public_id).text
    assert FORM in page
    assert f'<details class="more"><summary>{MORE}' in page
    sent = {"taken": "60", "covers": "60"}
    assert client.post(f"/matches/{public_id}/commit", data=sent).status_code == 302
    page = look(scene, client, scene.cast.broker, public_id).text
    assert FORM not in page
    assert MORE not in page
    late = client.post(f"/matches/{public_id}/commit", data=sent)  # from a page opened before
    assert late.status_code == 422
    assert "这一步没有办成" in late.text
    with pytest.raises(Conflict), scene.act(scene.cast.broker) as act:
        fulfilling.commit(act, public_id, 1_000, 1_000)


@pytest.mark.parametrize(
    ("side", "words"), [(Side.NEED, "这条需求已经够了"), (Side.OFFER, "这份供给已经用完了")]
)
def test_a_first_amount_is_not_the_next_step_where_nothing_is_left(
    scene: Scene, client: FlaskClient, side: Side, words: str
) -> None:
    page = look(scene, client, scene.cast.broker, agreed_elsewhere(scene, side))
    assert words in page.text
    assert FORM not in page.text
    assert page.main_form is None


def test_a_need_without_a_quantity_takes_further_amounts(
    scene: Scene, client: FlaskClient
) -> None:
    scene.listing(Side.NEED).quantity_milli = None
    scene.cast.session.commit()
    public_id, _ = scene.agreed(40_000, 40_000)
    page = look(scene, client, scene.cast.broker, public_id).text
    assert MORE in page
