"""The three doors: one short page posts a listing, and nothing that was typed gets lost."""

import io
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from exchange.listings.kinds import Side, State, Visibility
from exchange.listings.models import Listing
from tests.cast import VILLAGE, Cast
from tests.factories import make_listing

TEXT = "烤房坏了两座，想找师傅来修，月底前最好。"


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


def only_listing(session: Session) -> Listing:
    session.rollback()
    return session.scalars(sa.select(Listing)).one()


def form(**changes: object) -> dict[str, object]:
    return {
        "text": TEXT,
        "understood": "1",
        "guess": "equipment.processing",
        "terms": "free",
        "division": VILLAGE,
        "keep": ["quantity", "dates"],
        **changes,
    }


def picture(width: int = 60, height: int = 40) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "JPEG")
    out.seek(0)
    return out


def test_a_visitor_sees_the_three_doors(client: FlaskClient) -> None:
    page = client.get("/post").get_data(as_text=True)
    for door in ("help", "sell", "offer"):
        assert f"/post/{door}" in page


def test_an_officer_posts_a_need_with_few_words(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    answer = client.post("/post/help", data=form())
    listing = only_listing(session)
    assert answer.status_code == 302
    assert answer.location.endswith(f"/listings/{listing.public_id}")
    assert listing.state is State.PUBLISHED
    assert listing.side is Side.NEED
    assert (listing.quantity_milli, listing.unit) == (2000, "座")
    assert listing.to_date is not None
    assert listing.title == "烤房坏了两座，想找师傅来修，月底前最好"
    assert listing.organisation_id == cast.officer.organisation_id


def test_the_place_comes_from_the_organisation(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    client.post("/post/help", data=form(division=""))
    assert only_listing(session).division_code == VILLAGE


def test_without_a_script_the_page_first_shows_how_it_was_understood(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    sent = form()
    del sent["understood"]
    page = client.post("/post/help", data=sent)
    assert page.status_code == 200
    assert "2 座" in page.get_data(as_text=True)
    assert only_listing(session).state is State.DRAFT


def test_what_was_understood_can_be_tapped_away(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    shown = ["quantity=2000座", "dates=~2026-11-30"]
    client.post("/post/help", data=form(keep=[], seen=shown))
    listing = only_listing(session)
    assert listing.quantity_milli is None
    assert listing.to_date is None


def test_produce_is_filed_as_a_need_of_a_purchase(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    sent = form(text="有三十万斤刺梨要卖", guess="", terms="")
    assert client.post("/post/sell", data=sent).status_code == 302
    listing = only_listing(session)
    assert (listing.category_code, listing.terms.value) == ("market.purchase", "paid")
    assert listing.quantity_milli == 300_000_000


def test_an_offer_reaches_its_own_county_when_nothing_is_said(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.enterprise)
    sent = form(text="3 辆冷藏车回程空车", guess="logistics.coldchain", division="520402")
    assert client.post("/post/offer", data=sent).status_code == 302
    listing = only_listing(session)
    assert listing.side is Side.OFFER
    assert listing.serves == ("520402",)


def test_an_unverified_owner_waits_for_the_station(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.stranger)
    client.post("/post/help", data=form(division="520502"))
    assert only_listing(session).state is State.SUBMITTED


def test_who_cannot_be_reached_keeps_a_draft(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.make_player("石岩", VILLAGE, phone_confirmed=False))
    answer = client.post("/post/help", data=form())
    assert answer.status_code == 403
    assert TEXT in answer.get_data(as_text=True)
    assert only_listing(session).state is State.DRAFT


def test_bad_input_comes_back_as_it_was_typed(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    answer = client.post("/post/help", data=form(quantity="很多很多", to_date="2020-01-01"))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert TEXT in page
    assert "很多很多" in page
    assert 'value="2020-01-01"' in page
    assert only_listing(session).state is State.DRAFT


def test_a_phone_number_in_the_text_is_named_and_taken_out_with_one_tap(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    text = "烤房坏了两座，请打13912345678联系"
    answer = client.post("/post/help", data=form(text=text))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "13912345678" in page
    assert 'name="mask"' in page
    masked = client.post("/post/help", data=form(text=text, mask="1")).get_data(as_text=True)
    assert "13912345678" not in masked
    assert "烤房坏了两座" in masked


def test_payment_data_is_refused_and_cannot_be_masked(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    answer = client.post("/post/help", data=form(text="修烤房，钱请转到 支付宝账号 13912345678"))
    assert answer.status_code == 422
    assert 'name="mask"' not in answer.get_data(as_text=True)


def test_money_for_a_household_is_sent_to_the_station(client: FlaskClient, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    sent = form(text="我家孩子生病，求捐款五千元", guess="funds.grant")
    assert client.post("/post/help", data=sent).status_code == 422


def test_what_concerns_children_is_for_brokers_alone(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    sent = form(text="村里留守娃娃周末没人陪", guess="services.children", keep=[])
    assert client.post("/post/help", data=sent).status_code == 302
    assert only_listing(session).visibility is Visibility.BROKERS


def test_a_likely_duplicate_is_shown_before_posting(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    client.post("/post/help", data=form())
    again = client.post("/post/help", data=form())
    assert again.status_code == 200
    assert 'name="not_duplicate"' in again.get_data(as_text=True)
    assert client.post("/post/help", data=form(not_duplicate="1")).status_code == 302


def test_a_private_need_of_others_is_never_hinted_at(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    client.post("/post/help", data=form(visibility="brokers"))
    neighbour = cast.make_player("吴山", VILLAGE)
    other = client.application.test_client()
    cast.sign_in(other, neighbour)
    answer = other.post("/post/help", data=form())
    assert answer.status_code == 302
    partial = other.post("/post/understand", data=form(door="help")).get_data(as_text=True)
    assert 'id="duplicate"' in partial  # their own, by now
    third = client.application.test_client()
    cast.sign_in(third, cast.make_player("吴川", VILLAGE))
    partial = third.post("/post/understand", data=form(door="help")).get_data(as_text=True)
    assert 'id="duplicate"' not in partial


def test_the_draft_is_kept_while_typing(client: FlaskClient, session: Session, cast: Cast) -> None:
    cast.sign_in(client, cast.officer)
    first = client.post("/post/draft", data=form(door="help"))
    listing = only_listing(session)
    assert listing.public_id in first.get_data(as_text=True)
    client.post("/post/draft", data=form(door="help", draft=listing.public_id, text="又想了想"))
    assert only_listing(session).text == "又想了想"
    page = client.get(f"/post/help?draft={listing.public_id}").get_data(as_text=True)
    assert "又想了想" in page


def test_nobody_opens_the_draft_of_another(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    client.post("/post/draft", data=form(door="help"))
    draft = only_listing(session)
    other = client.application.test_client()
    cast.sign_in(other, cast.stranger)
    assert TEXT not in other.get(f"/post/help?draft={draft.public_id}").get_data(as_text=True)
    assert other.get(f"/listings/{draft.public_id}").status_code == 404
    other.post("/post/draft", data=form(door="help", draft=draft.public_id, text="别人的"))
    session.rollback()
    assert session.get_one(Listing, draft.id).text == TEXT


def test_a_visitor_keeps_the_words_through_the_sign_in(client: FlaskClient, cast: Cast) -> None:
    answer = client.post("/post/help", data=form())
    assert answer.status_code == 302
    assert "/post/help" in answer.location or "post%2Fhelp" in answer.location
    cast.sign_in(client, cast.officer)
    assert TEXT in client.get("/post/help").get_data(as_text=True)


def test_photos_are_kept_even_when_something_else_is_wrong(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    sent = form(quantity="许多", photos=[(picture(), "a.jpg")], children="no_child")
    answer = client.post("/post/help", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    listing = only_listing(session)
    assert len(listing.photos) == 1
    assert listing.photos[0].file.public_id in answer.get_data(as_text=True)


def test_an_unknown_door_is_not_found(client: FlaskClient) -> None:
    assert client.get("/post/window").status_code == 404


def test_an_answer_names_what_it_answers_and_starts_with_its_category(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    need = make_listing(app.extensions["exchange"], cast.officer, Side.NEED, title="要两台微耕机")
    cast.sign_in(client, cast.enterprise)
    way = re.search(r'href="(/post/offer\?[^"]+)"', client.get(f"/listings/{need.public_id}").text)
    assert way is not None
    page = client.get(way.group(1)).text
    assert "要两台微耕机" in page
    assert f'name="for" value="{need.public_id}"' in page
    assert re.search(r'<option selected value="equipment.machinery">', page)
    again = client.post("/post/offer", data={"text": "", "for": need.public_id})
    assert "要两台微耕机" in again.text


def test_an_answer_to_what_one_may_not_see_names_nothing(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    hidden = make_listing(
        app.extensions["exchange"], cast.officer, Side.NEED, title="只说给一个人听",
        visibility=Visibility.BROKERS,
    )  # fmt: skip
    cast.sign_in(client, cast.enterprise)
    page = client.get(f"/post/offer?for={hidden.public_id}").text
    assert "只说给一个人听" not in page
    assert 'name="for"' not in page


def test_a_late_autosave_makes_no_second_draft_of_what_was_posted(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.sign_in(client, cast.officer)
    assert client.post("/post/help", data=form()).status_code == 302
    posted = only_listing(session)
    late = form(draft=posted.public_id, door="help", text="改了又改")
    assert client.post("/post/draft", data=late).status_code == 200
    assert only_listing(session).text == TEXT
