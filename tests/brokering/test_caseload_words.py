"""Whoever takes or gives cases reads on the page what the worker has in hand."""

import html

import pytest
from flask.testing import FlaskClient

from exchange.brokering.centre.settings import CentreSettings, set_centre_settings
from exchange.listings.kinds import Side
from tests.accounts.test_points import colleague, point_at
from tests.brokering.conftest import Scene
from tests.brokering.test_bulk import key
from tests.brokering.test_handover import another_match, cases_of, one_more
from tests.cast import Player

OWN = "您手上已有 2 件以上"


@pytest.fixture
def limited(scene: Scene) -> Scene:
    """The centre thinks two cases enough, and the worker has one."""
    centre = point_at(scene.cast, scene.cast.supervisor).public_id
    with scene.act(scene.cast.supervisor) as act:
        set_centre_settings(act, centre, CentreSettings(caseload_limit=2), 0)
    another_match(scene, 1)
    scene.cast.session.rollback()
    return scene


def send(scene: Scene, client: FlaskClient, who: Player, path: str, **sent: object) -> str:
    scene.cast.sign_in(client, who)
    answer = client.post(path, data=sent, follow_redirects=True)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def pair(scene: Scene) -> dict[str, str]:
    return {side.value: scene.listing(side).public_id for side in Side}


@pytest.mark.parametrize("path", ["/matches", "/today/claim"])
def test_taking_a_pair_up(limited: Scene, client: FlaskClient, path: str) -> None:
    assert OWN in send(limited, client, limited.cast.broker, path, **pair(limited))


def test_a_worker_with_room_reads_nothing(scene: Scene, client: FlaskClient) -> None:
    assert "您手上已有" not in send(scene, client, scene.cast.broker, "/matches", **pair(scene))


def test_taking_a_need(limited: Scene, client: FlaskClient) -> None:
    _id, need = one_more(limited, Side.NEED, "没人接的需求")
    assert OWN in send(limited, client, limited.cast.broker, f"/needs/waiting/{need}/take")


def test_all_pairs_together(limited: Scene, client: FlaskClient) -> None:
    listing = limited.listing(Side.NEED).public_id
    others = [limited.listing(Side.OFFER).public_id, one_more(limited, Side.OFFER, "另一批")[1]]
    sent = {"listing": listing, "others": others}
    assert OWN in send(limited, client, limited.cast.broker, "/matches/together", **sent)


def test_giving_several(limited: Scene, client: FlaskClient) -> None:
    cast = limited.cast
    other = colleague(cast, cast.broker, "小吴")
    chosen = [key(limited, another_match(limited, number)) for number in (2, 3)]
    cast.sign_in(client, cast.supervisor)
    form = client.post("/matches/bulk", data={"act": "assign", "chosen": chosen}).text
    assert "小吴，手上 0 件" in form
    assert "韦青，手上 3 件" in form
    sent = {"chosen": chosen, "receiver": f"worker:{other.person.public_id}"}
    said = send(limited, client, cast.supervisor, "/matches/bulk/assign", **sent)
    assert "小吴 手上现有 2 件，中心认为 2 件已经够多" in said


def test_handing_all_over(limited: Scene, client: FlaskClient) -> None:
    cast = limited.cast
    other = colleague(cast, cast.broker, "小吴").person.public_id
    another_match(limited, 2)
    address = f"/workers/{cast.broker.person.public_id}/handover"
    cast.sign_in(client, cast.supervisor)
    assert "小吴，手上 0 件" in client.get(address).text
    keys = [case.key for case in cases_of(limited, cast.broker)]
    sent: dict[str, object] = {"case": keys, "all_to": other}
    sent |= {f"summary-{one}": "材料齐了" for one in keys}
    said = send(limited, client, cast.supervisor, address, **sent)
    assert "小吴 手上现有 2 件" in said


def test_giving_from_the_list_behind_a_figure(limited: Scene, client: FlaskClient) -> None:
    cast = limited.cast
    other = colleague(cast, cast.broker, "小吴")
    matches = [another_match(limited, number) for number in (2, 3)]
    station = point_at(cast, cast.broker).public_id
    cast.sign_in(client, cast.supervisor)
    page = client.get(f"/points/{station}/cases?what=live").text
    assert "小吴，手上 0 件" in page
    names = [one.split('"')[0] for one in page.split('name="chosen" value="')[1:]]
    chosen = [one for one in names if any(match in one for match in matches)]
    sent = {"what": "live", "chosen": chosen, "receiver": f"worker:{other.person.public_id}"}
    said = send(limited, client, cast.supervisor, f"/points/{station}/cases", **sent)
    assert "小吴 手上现有 2 件" in said
