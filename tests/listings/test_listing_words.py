"""What a listing's card and page say, and what they offer to whom."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.listings.cards import listing_cards
from exchange.listings.kinds import Door, State, Urgency
from tests.cast import Cast
from tests.listings.making import NOW, make_listing


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


def test_a_place_that_the_owners_name_does_not_say_stands_in_full(
    app: Flask, session: Session, cast: Cast
) -> None:
    listing = make_listing(session, cast.enterprise)
    with app.test_request_context("/"):
        card = listing_cards(session, cast.officer.actor, [listing], "zh", NOW.date())[0]
    assert card.place_label == "普定县 化处镇 朵贝村"


@pytest.mark.parametrize(
    ("door", "committed", "words"),
    [(Door.SELL, 0, "有 30 吨要卖"), (Door.SELL, 1000, "还有 29 吨没卖"),
     (Door.HELP, 0, "需要 30 吨"), (Door.OFFER, 1000, "还剩 29 吨")],
)  # fmt: skip
def test_what_is_for_sale_is_not_called_a_need(
    client: FlaskClient, session: Session, cast: Cast, door: Door, committed: int, words: str
) -> None:
    listing = make_listing(
        session, cast.officer, door=door, quantity_milli=30_000, unit="吨",
        committed_milli=committed,
    )  # fmt: skip
    page = client.get(f"/listings/{listing.public_id}").get_data(as_text=True)
    assert words in page
    assert ('<span class="tag need">卖农产品</span>' in page) is (door is Door.SELL)


@pytest.mark.parametrize(("side", "tone"), [(Door.HELP, "need"), (Door.OFFER, "warn")])
def test_urgent_is_clay_on_needs_only(
    app: Flask, session: Session, cast: Cast, side: Door, tone: str
) -> None:
    listing = make_listing(session, cast.officer, door=side, urgency=Urgency.HIGH)
    with app.test_request_context("/"):
        card = listing_cards(session, cast.officer.actor, [listing], "zh", NOW.date())[0]
    assert ("急", tone) in card.badges


@pytest.mark.parametrize(
    ("last", "words"),
    [(22, "Last day today"), (23, "Last day tomorrow"), (24, "2 days left")],
)
def test_the_last_days_are_counted_as_people_say_it(
    client: FlaskClient, session: Session, cast: Cast, last: int, words: str
) -> None:
    listing = make_listing(session, cast.officer, to_date=date(2026, 11, last))
    client.get("/locale/en")
    assert words in client.get(f"/listings/{listing.public_id}").get_data(as_text=True)


def test_dates_are_written_in_one_way(client: FlaskClient, session: Session, cast: Cast) -> None:
    listing = make_listing(
        session, cast.officer, from_date=date(2026, 11, 24), to_date=date(2027, 2, 4)
    )
    url = f"/listings/{listing.public_id}"
    chinese = client.get(url).get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")
    client.get("/locale/en")
    english = client.get(url).get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")
    assert "11 月 24 日至 2027 年 2 月 4 日" in chinese
    assert "24 Nov 2026 to 4 Feb 2027" in english


def test_a_text_that_is_the_title_stands_once(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    listing = make_listing(session, cast.officer, title="求两台烘干机", text="求两台烘干机。")
    page = client.get(f"/listings/{listing.public_id}").get_data(as_text=True)
    assert '<div class="prose">' not in page


@pytest.mark.parametrize(
    ("door", "label", "leads_to"),
    [(Door.HELP, "我能帮", "/post/offer"), (Door.SELL, "我想买", "/post/offer"),
     (Door.OFFER, "我需要这个", "/post/help")],
)  # fmt: skip
def test_a_stranger_is_offered_the_way_to_answer(
    client: FlaskClient, session: Session, cast: Cast, door: Door, label: str, leads_to: str
) -> None:
    listing = make_listing(session, cast.officer, door=door, category_code="market.purchase")
    page = client.get(f"/listings/{listing.public_id}").get_data(as_text=True)
    assert label in page.partition("<main")[2]
    assert f"{leads_to}?for={listing.public_id}" in page


@pytest.mark.parametrize("who", ["officer", "broker"])
def test_owner_and_station_are_not_asked_to_answer(
    client: FlaskClient, session: Session, cast: Cast, who: str
) -> None:
    listing = make_listing(session, cast.officer)
    cast.sign_in(client, getattr(cast, who))
    page = client.get(f"/listings/{listing.public_id}").get_data(as_text=True)
    assert f"for={listing.public_id}" not in page


def test_an_ended_listing_asks_for_no_answer(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    listing = make_listing(session, cast.officer, state=State.FULFILLED)
    page = client.get(f"/listings/{listing.public_id}").get_data(as_text=True)
    assert "for=" + listing.public_id not in page


@pytest.mark.parametrize(
    ("state", "words"),
    [(State.PUBLISHED, "谁能看到：所有人"), (State.PARKED, "发布后谁能看到：所有人")],
)
def test_the_owner_reads_who_sees_it_only_while_it_is_open(
    client: FlaskClient, session: Session, cast: Cast, state: State, words: str
) -> None:
    listing = make_listing(session, cast.officer, state=state)
    cast.sign_in(client, cast.officer)
    page = client.get(f"/listings/{listing.public_id}").get_data(as_text=True)
    assert f">{words}<" in page


def test_a_returned_post_says_so_with_the_note(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    listing = make_listing(
        session, cast.officer, state=State.DRAFT, published_at=None, review_note="请写清楚"
    )
    cast.sign_in(client, cast.officer)
    page = client.get(f"/listings/{listing.public_id}").get_data(as_text=True)
    assert '<span class="tag warn">退回修改</span>' in page
    assert page.count("请写清楚") == 1
    assert page.index("请写清楚") < page.index(listing.text)


def test_taking_back_for_good_is_asked_twice(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    for state, sure in ((State.PUBLISHED, "确定撤回"), (State.DRAFT, "确定删掉")):
        listing = make_listing(session, cast.officer, state=state)
        page = client.get(f"/listings/{listing.public_id}").get_data(as_text=True)
        folded = re.findall(r'<details class="more">(.*?)</details>', page, re.DOTALL)
        assert any(sure in part for part in folded)


def test_own_listings_stand_under_me_in_the_bar(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    page = client.get("/my/listings").get_data(as_text=True)
    lit = re.findall(r'<a[^>]*href="([^"]*)"[^>]*aria-current="page"', page)
    assert set(lit) == {"/me"}
