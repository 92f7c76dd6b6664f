"""The home page: what is near comes first, and nothing is shown that is not there."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.geography.models import Division
from exchange.listings.kinds import Side, Urgency, Visibility
from tests.cast import ELSEWHERE, FIRM_AREA, STATION_AREA, VILLAGE, Cast
from tests.discovery.conftest import DirectStage
from tests.discovery.test_search_page import titles


def test_urgent_needs_come_first(client: FlaskClient, cast: Cast, stage: DirectStage) -> None:
    stage.publish(cast.officer, "不急的")
    stage.publish(cast.officer, "快到期的", to_date=date(2026, 11, 25))
    stage.publish(cast.officer, "很急的", urgency=Urgency.HIGH)
    assert titles(client, "/") == ["很急的", "快到期的", "不急的"]


def test_needs_of_the_chosen_county_come_first_and_those_of_other_cities_not_at_all(
    client: FlaskClient, cast: Cast, stage: DirectStage
) -> None:
    stage.publish(cast.officer, "毕节很急", division_code=ELSEWHERE, urgency=Urgency.HIGH)
    stage.publish(cast.officer, "西秀的", division_code=FIRM_AREA)
    stage.publish(cast.officer, "普定的", division_code=VILLAGE)
    client.post("/place", data={"division": STATION_AREA, "division_text": "普定县"})
    assert titles(client, "/") == ["普定的", "西秀的"]
    page = client.get("/").text
    assert "附近急需" in page
    assert "先看普定县附近的" in page


def test_actor_without_a_choice_is_where_the_organisation_is(
    client: FlaskClient, cast: Cast, stage: DirectStage
) -> None:
    stage.publish(cast.officer, "普定很急", urgency=Urgency.HIGH)
    stage.publish(cast.officer, "毕节的", division_code=ELSEWHERE)
    cast.sign_in(client, cast.stranger)
    assert titles(client, "/") == ["毕节的"]


def test_without_a_need_nearby_the_heading_does_not_say_nearby(
    client: FlaskClient, cast: Cast, stage: DirectStage
) -> None:
    stage.publish(cast.officer, "毕节的", division_code=ELSEWHERE)
    client.post("/place", data={"division": STATION_AREA})
    page = client.get("/").text
    assert titles(client, "/") == ["毕节的"]
    assert "附近急需" not in page
    assert "普定县附近眼下没有" in page


def test_the_order_does_not_tell_where_a_coarser_need_is(
    client: FlaskClient, cast: Cast, stage: DirectStage
) -> None:
    stage.publish(cast.officer, "普定的", division_code=VILLAGE, public_division_code="5204")
    stage.publish(cast.officer, "西秀的", division_code=FIRM_AREA, urgency=Urgency.HIGH)
    client.post("/place", data={"division": STATION_AREA})
    assert titles(client, "/") == ["西秀的", "普定的"]


def test_offers_that_reach_the_place_come_first(
    client: FlaskClient, cast: Cast, stage: DirectStage
) -> None:
    stage.publish(cast.enterprise, "到安顺", side=Side.OFFER, serves=("5204",))
    stage.publish(cast.enterprise, "只到毕节", side=Side.OFFER, serves=("5205",))
    client.post("/place", data={"division": STATION_AREA})
    assert titles(client, "/") == ["到安顺", "只到毕节"]


def test_stranger_sees_no_brokers_only_need(
    client: FlaskClient, cast: Cast, stage: DirectStage
) -> None:
    stage.publish(cast.officer, "孩子的事", visibility=Visibility.BROKERS)
    page = client.get("/").text
    assert "孩子的事" not in page
    cast.sign_in(client, cast.broker)
    assert titles(client, "/") == ["孩子的事"]


def test_home_and_lists_stand_in_the_bar(client: FlaskClient, cast: Cast) -> None:
    page = client.get("/").text
    assert 'href="/needs"' in page
    assert 'aria-current="page"' in page


def test_place_can_be_typed_and_is_kept(client: FlaskClient, cast: Cast) -> None:
    cast.make_place(STATION_AREA)
    answer = client.post(
        "/place", data={"division": "", "division_text": "普定县", "next": "/needs"}
    )
    assert answer.location == "/needs"
    assert "普定县" in client.get("/about").text
    client.post("/place", data={"none": "1"})
    assert "普定县" not in client.get("/about").text


def test_unknown_place_is_told(client: FlaskClient, cast: Cast) -> None:
    answer = client.post("/place", data={"division": "", "division_text": "没有这个地方"})
    assert answer.status_code == 422
    assert "没找到这个地方" in answer.text


def test_places_of_one_name_are_told_apart_and_a_tap_is_enough(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    for code, above in (("110105", "1101"), ("210302", "2103")):
        cast.make_place(code)
        session.get_one(Division, code).name = "朝阳区"
        session.get_one(Division, above).name = f"市{above}"
    session.commit()
    typed = {"division": "", "division_text": "朝阳区"}
    page = client.post("/place", data=typed).text
    assert "市1101 朝阳区" in page
    assert "市2103 朝阳区" in page
    assert client.post("/place", data={**typed, "division": "210302"}).status_code == 302


def test_place_leads_nowhere_else(client: FlaskClient, cast: Cast) -> None:
    answer = client.post("/place", data={"none": "1", "next": "https://elsewhere.example/"})
    assert answer.location == "/"


@pytest.mark.parametrize(
    "address", ["/", "/search?q=车", "/needs?q=zz&side=x", "/offers", "/place", "/about"]
)
def test_pages_stand_in_both_languages(
    client: FlaskClient, cast: Cast, stage: DirectStage, address: str
) -> None:
    stage.publish(cast.enterprise, "有车", side=Side.OFFER, serves=("52",))
    client.get("/locale/en")
    english = client.get(address).text
    client.get("/locale/zh")
    chinese = client.get(address).text
    assert '<html lang="en"' in english
    assert '<html lang="zh-Hans"' in chinese
    for words in ("Home", "Lists", "Search", "Skip to the content", "Offer", "found"):
        assert f">{words}<" not in chinese


def test_organisation_page_shows_open_listings_that_the_reader_may_see(
    client: FlaskClient, cast: Cast, stage: DirectStage
) -> None:
    stage.publish(cast.enterprise, "有冷藏车", side=Side.OFFER, serves=("52",))
    stage.publish(cast.enterprise, "给社工看的", side=Side.OFFER, visibility=Visibility.BROKERS)
    address = f"/organisations/{cast.enterprise.organisation.public_id}"
    assert titles(client, address) == ["有冷藏车"]


def test_robots_may_read_the_lists(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert "Disallow: /needs" not in answer.text
