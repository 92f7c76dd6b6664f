"""Supervisors set up which places have a bulletin, and when it comes out."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from exchange.discovery.bulletins.models import BulletinPlace
from tests.accounts.test_points import point_at
from tests.cast import STATION_AREA, Player
from tests.discovery.bulletin_scene import MONDAY, Desk, titles
from tests.discovery.test_bulletin_pages import text


def settings(**changed: str) -> dict[str, str]:
    """The form of a place."""
    given = {
        "rhythm": "weekly", "weekday": "0", "month_day": "1", "hour": "8", "editor": "",
        "needs_approval": "y", "is_on": "y", "point": "", "division": "",
    }  # fmt: skip
    return given | changed


def places(desk: Desk) -> list[BulletinPlace]:
    desk.session.rollback()
    return list(desk.session.scalars(sa.select(BulletinPlace)))


def test_a_supervisor_sets_up_a_county_and_changes_its_day(desk: Desk, client: FlaskClient) -> None:
    desk.cast.sign_in(client, desk.cast.supervisor)
    text(client, "/bulletins/places/new")
    client.post("/bulletins/places/new", data=settings(division=STATION_AREA))
    (place,) = places(desk)
    assert (place.division_code, place.needs_approval) == (STATION_AREA, True)
    address = f"/bulletins/places/{place.public_id}"
    assert "普定县" in text(client, address)
    editor = desk.cast.broker.person.public_id
    desk.cast.sign_in(client, desk.cast.supervisor)
    body = settings(rhythm="monthly", month_day="31", editor=editor, version="1")
    assert client.post(address, data=body).status_code == 302
    (place,) = places(desk)
    assert (place.rhythm.value, place.month_day, place.version) == ("monthly", 31, 2)
    assert place.editor_id == desk.cast.broker.person_id
    desk.cast.sign_in(client, desk.cast.supervisor)
    answer = client.post(address, data=settings(version="1", hour="9"))
    assert answer.status_code == 422
    assert "刚才有人改过这些设置" in answer.get_data(as_text=True)


def test_a_service_point_has_one_too(desk: Desk, client: FlaskClient) -> None:
    point = point_at(desk.cast, desk.cast.supervisor)
    key = point.public_id
    desk.cast.sign_in(client, desk.cast.supervisor)
    client.post("/bulletins/places/new", data=settings(point=key))
    (place,) = places(desk)
    assert place.service_point_id is not None
    desk.listing("市里的需求", "2026-11-18")
    desk.composed()
    assert titles(desk.view()) == ["市里的需求"]
    assert desk.view("zh").place == "安顺社工指导中心"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, "请说在哪里"),
        ({"division": "5204"}, "简报按县或乡镇来出"),
        ({"division": "520502"}, "这个地方不归您管"),
        ({"division": STATION_AREA, "month_day": "32"}, "请填 1 到 31 号"),
        ({"division": STATION_AREA, "month_day": ""}, "这里要填"),
        ({"division": STATION_AREA, "hour": "23"}, ""),
        ({"division": STATION_AREA, "editor": "nobody"}, ""),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    desk: Desk, client: FlaskClient, changed: dict[str, str], sentence: str
) -> None:
    desk.cast.sign_in(client, desk.cast.supervisor)
    answer = client.post("/bulletins/places/new", data=settings(**changed))
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert places(desk) == []


def test_a_place_has_one_bulletin_only(desk: Desk, client: FlaskClient) -> None:
    desk.opened()
    desk.cast.sign_in(client, desk.cast.supervisor)
    answer = client.post("/bulletins/places/new", data=settings(division=STATION_AREA))
    assert answer.status_code == 422
    assert "这个地方已经有简报了" in answer.get_data(as_text=True)


@pytest.mark.parametrize("name", ["officer", "stranger", "broker"])
def test_others_set_up_nothing(desk: Desk, client: FlaskClient, name: str) -> None:
    desk.opened()
    who: Player = getattr(desk.cast, name)
    desk.cast.sign_in(client, who)
    for address in ("/bulletins/places/new", f"/bulletins/places/{desk.place}"):
        assert client.get(address).status_code == 403
        assert client.post(address, data=settings()).status_code == 403
    assert client.get("/bulletins/desk").status_code == (200 if name == "broker" else 403)
    desk.at(MONDAY, 9)
    assert client.post(f"/bulletins/places/{desk.place}/compose").status_code == 403
