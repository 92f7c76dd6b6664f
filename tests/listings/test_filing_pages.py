"""The pages of filing for somebody, paper forms, posters and texts to pass on."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.accounts.kinds import PointLevel
from exchange.kernel.act import Act
from exchange.kernel.actor import Duty
from exchange.listings.filing.models import Filing, PaperForm
from exchange.listings.kinds import Side, State, Visibility
from exchange.listings.sharing.rules import short_code
from tests.accounts.test_points import point_at
from tests.cast import Cast, Player
from tests.factories import make_listing
from tests.listings.filing_scene import SECRETS, photo_bytes, published

ActAs = Callable[..., AbstractContextManager[Act]]
SENT = {
    "door": "help", "words": "我家屋顶漏雨，要十片瓦", "name": "张桂花",
    "reach": "隔壁老李 13911112222，村口第三家", "consent": "spoken", "consent_on": "2026-11-20",
    "heard_by": "罗小满", "read_back": "y", "to_publish": "y", "to_introduce": "y",
}  # fmt: skip


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


@pytest.fixture
def officer(cast: Cast, client: FlaskClient) -> Player:
    cast.sign_in(client, cast.officer)
    return cast.officer


def filing_in(session: Session) -> Filing:
    session.rollback()
    return session.query(Filing).order_by(Filing.listing_id.desc()).first()  # type: ignore[return-value]


def text_of(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.get_data(as_text=True)


def test_a_filing_leads_to_the_usual_page_and_is_posted(
    client: FlaskClient, officer: Player, session: Session
) -> None:
    assert "没手机" in text_of(client, "/post")
    assert "罗小满" in text_of(client, "/proxy/new")
    answer = client.post("/proxy/new", data=SENT)
    filing = filing_in(session)
    assert answer.location == f"/post/help?draft={filing.listing.public_id}"
    draft = text_of(client, answer.location)
    assert "屋顶漏雨" in draft
    posted = client.post("/post/help", data={
        "draft": filing.listing.public_id, "text": "一户人家修屋顶要十片瓦，求支援",
        "category": "equipment.machinery", "terms": "free", "division": "520422102243",
        "understood": "1", "not_duplicate": "1",
    })  # fmt: skip
    assert posted.status_code == 302, posted.get_data(as_text=True)
    assert filing_in(session).listing.state is State.PUBLISHED
    shown = text_of(client, f"/listings/{filing.listing.public_id}")
    assert "代填" in shown
    assert filing.code in text_of(client, "/proxy")
    with client.session_transaction() as kept:
        kept.clear()
    public = text_of(client, f"/listings/{filing.listing.public_id}")
    assert "代填" not in public
    assert not [word for word in SECRETS if word in public]
    for address in (
        f"/api/v1/listings/{filing.listing.public_id}", "/api/v1/listings", "/",
        f"/listings/{filing.listing.public_id}/share",
    ):  # fmt: skip
        assert not [word for word in SECRETS if word in text_of(client, address)], address


def test_what_was_typed_stays_and_the_refusal_stands_beside_its_field(
    client: FlaskClient, officer: Player, session: Session
) -> None:
    sent = {**SENT, "name": "", "read_back": "", "photos": (io.BytesIO(photo_bytes()), "a.jpg")}
    answer = client.post("/proxy/new", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "我家屋顶漏雨" in page
    assert 'id="name-error"' in page
    assert "请再选一次照片" in page
    answer = client.post("/proxy/new", data={**SENT, "read_back": ""})
    assert 'id="read_back-error"' in answer.get_data(as_text=True)
    assert session.query(Filing).count() == 0


def test_what_was_said_is_understood_and_a_number_goes_with_its_announcement(
    client: FlaskClient, officer: Player, session: Session
) -> None:
    said = "修灶房屋顶，想要三十袋水泥，电话13985000077"
    draft = client.post("/proxy/new", data=SENT | {"words": said}).location
    page = text_of(client, draft)
    assert re.search(r'name="keep" value="quantity"[^>]*checked', page), "30 bags stay 30 bags"
    text = re.search(r'<textarea[^>]*name="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert text
    assert text[1].strip() == "修灶房屋顶，想要三十袋水泥"


def test_without_consent_the_usual_page_says_why_it_is_not_posted(
    client: FlaskClient, officer: Player, session: Session
) -> None:
    client.post("/proxy/new", data={**SENT, "consent": ""})
    filing = filing_in(session)
    sent = {
        "draft": filing.listing.public_id, "text": "一户人家修屋顶要十片瓦，求支援",
        "category": "equipment.machinery", "terms": "free", "division": "520422102243",
        "understood": "1", "not_duplicate": "1",
    }  # fmt: skip
    answer = client.post("/post/help", data=sent)
    assert answer.status_code == 403
    assert "还没有记录本人同意" in answer.get_data(as_text=True)
    page = text_of(client, f"/proxy/{filing.public_id}")
    assert "还没有记录本人同意" in page
    bad = client.post(f"/proxy/{filing.public_id}/consent", data={"consent": ""})
    assert bad.status_code == 422
    consent = {key: SENT[key] for key in ("consent", "consent_on", "heard_by", "read_back")}
    done = client.post(f"/proxy/{filing.public_id}/consent", data={**consent, "to_publish": "y"})
    assert done.status_code == 302
    assert client.post("/post/help", data=sent).status_code == 302


def test_what_is_private_is_shown_by_a_tap_and_the_form_with_it(
    client: FlaskClient, cast: Cast, officer: Player, session: Session
) -> None:
    photo = (io.BytesIO(photo_bytes()), "form.jpg")
    client.post("/proxy/new", data={**SENT, "consent": "photo", "photos": photo})
    filing = filing_in(session)
    url, picture = f"/proxy/{filing.public_id}", filing.files[0].file.public_id
    assert not [word for word in SECRETS[:3] if word in text_of(client, url)]
    assert client.get(f"/files/{picture}/full").status_code == 404
    shown = client.post(f"{url}/who").get_data(as_text=True)
    assert all(word in shown for word in SECRETS)
    assert client.get(f"/files/{picture}/full").status_code == 200
    assert "罗小满" in text_of(client, url)
    right = client.post(f"{url}/right", data={"name": "张桂华", "reach": ""})
    assert right.status_code == 422
    right = client.post(f"{url}/right", data={"name": "张桂华", "reach": "村口"})
    assert right.status_code == 302
    assert client.post(f"{url}/withdraw").status_code == 302
    cast.sign_in(client, cast.stranger)
    for address in ("/proxy/new", "/proxy/forms"):
        text_of(client, address, 403)
    text_of(client, url, 404)
    assert client.post(f"{url}/who").status_code == 404
    assert client.get(f"/files/{picture}/full").status_code == 404


def test_paper_forms_have_numbers_and_are_entered_once(
    client: FlaskClient, cast: Cast, officer: Player, session: Session
) -> None:
    assert client.post("/proxy/forms", data={"count": "0"}).status_code == 422
    assert client.post("/proxy/forms", data={"count": "x"}).status_code == 422
    made = client.post("/proxy/forms", data={"count": "2"})
    page = text_of(client, made.location)
    numbers = [one.number for one in session.query(PaperForm).order_by(PaperForm.id)]
    assert [one for one in numbers if one not in page] == []
    assert page.count('<svg class="qr"') == 2
    assert " style=" not in page
    assert "签字或按手印" in page
    client.get("/locale/en")
    english = text_of(client, made.location)
    assert "签字或按手印" in english
    assert "Signature or fingerprint" in english
    client.get("/locale/zh")
    assert numbers[0] in text_of(client, f"/proxy/new?form={numbers[0]}")
    assert client.post("/proxy/new", data={**SENT, "number": numbers[0]}).status_code == 302
    first = filing_in(session).public_id
    again = client.post("/proxy/new", data={**SENT, "number": numbers[0]})
    assert again.status_code == 422
    assert f"/proxy/{first}" in again.get_data(as_text=True)
    assert f"/proxy/{first}" in text_of(client, f"/proxy/new?form={numbers[0]}")
    cast.sign_in(client, cast.make_worker(
        "远处", "远处站", PointLevel.STATION, ("520502",), Duty.BROKER
    ))  # fmt: skip
    other = text_of(client, f"/proxy/new?form={numbers[0]}")
    assert f"/proxy/{first}" not in other
    assert "录过了" in other
    text_of(client, made.location, 404)


def test_a_poster_and_a_text_hold_what_everybody_may_read(
    client: FlaskClient, cast: Cast, app: Flask, session: Session
) -> None:
    house = app.extensions["exchange"]
    listing = make_listing(house, cast.officer, Side.NEED, to_date=date(2026, 12, 10))
    base = f"/listings/{listing.public_id}"
    code = short_code(listing.id)
    poster, text = text_of(client, f"{base}/poster"), text_of(client, f"{base}/share")
    for page in (poster, text):
        assert listing.title in page
        assert f"/l/{code}" in page
        assert " style=" not in page
    assert "12月10日" in re.sub(r"\s", "", poster)
    assert "<svg" in poster
    assert client.get(f"/l/{code}").location == base
    assert client.get(f"/l/{code.upper()}").location == base
    assert f"{base}/poster" in text_of(client, base)
    for odd in ("0", "zzzzzzzzz", "l" * 30, "%00"):
        assert client.get(f"/l/{odd}").status_code == 404


def test_what_not_everybody_sees_is_not_passed_on(
    client: FlaskClient, cast: Cast, app: Flask, session: Session
) -> None:
    house = app.extensions["exchange"]
    listing = make_listing(house, cast.officer, Side.NEED, visibility=Visibility.BROKERS)
    base = f"/listings/{listing.public_id}"
    code = short_code(listing.id)
    for address in (f"{base}/poster", f"{base}/share", f"/l/{code}"):
        text_of(client, address, 404)
    cast.sign_in(client, cast.officer)
    assert client.get(f"/l/{code}").location == base
    assert "/poster" not in text_of(client, base)
    for address in (f"{base}/poster", f"{base}/share"):
        text_of(client, address, 409)


def test_a_poster_is_for_its_readers_whoever_prints_it(
    client: FlaskClient, cast: Cast, app: Flask
) -> None:
    listing = make_listing(app.extensions["exchange"], cast.officer, Side.NEED)
    cast.sign_in(client, cast.broker)
    client.get("/locale/en")
    for base in (
        f"/listings/{listing.public_id}", f"/points/{point_at(cast, cast.broker).public_id}"
    ):  # fmt: skip
        page = text_of(client, f"{base}/poster")
        assert "Print" in page
        sheet = page.partition("<article")[2].partition("</article>")[0]
        assert "扫这里" in sheet
        assert "scan this" not in sheet
        assert "scan this" in text_of(client, f"{base}/poster?language=en")
        text = text_of(client, f"{base}/share").partition("<textarea")[2]
        chosen = text_of(client, f"{base}/share?language=en").partition("<textarea")[2]
        assert "here:" not in text.partition("</textarea>")[0]
        assert text != chosen
    assert text_of(client, f"{base}/share?language=../x")


def test_a_coarse_title_is_all_that_a_poster_tells(
    client: FlaskClient, cast: Cast, app: Flask
) -> None:
    house = app.extensions["exchange"]
    listing = make_listing(
        house, cast.officer, Side.NEED, title="朵贝村老人要床", text="详情",
        public_title="一张床", public_division_code="520422",
    )  # fmt: skip
    cast.sign_in(client, cast.officer)
    for name in ("poster", "share"):
        page = text_of(client, f"/listings/{listing.public_id}/{name}")
        assert "一张床" in page
        assert "老人" not in page
        assert "朵贝" not in page


def test_a_point_passes_on_its_week(
    client: FlaskClient, cast: Cast, app: Flask, session: Session, act_as: ActAs
) -> None:
    house = app.extensions["exchange"]
    shown = make_listing(house, cast.officer, Side.NEED, title="要两台微耕机")
    make_listing(house, cast.officer, Side.NEED, title="只给社工", visibility=Visibility.BROKERS)
    with act_as(cast.officer.actor) as act:
        published(act)
    cast.sign_in(client, cast.broker)
    base = f"/points/{point_at(cast, cast.broker).public_id}"
    poster, text = text_of(client, f"{base}/poster"), text_of(client, f"{base}/share")
    for page in (poster, text):
        assert "要两台微耕机" in page
        assert "修屋顶要瓦片" in page
        assert "只给社工" not in page
        assert not [word for word in SECRETS if word in page]
    assert f"/l/{short_code(shown.id)}" in text
    link = re.search(r"/l/at/\w+", poster)
    assert link
    assert client.get(link[0]).location == "/needs?division=520422"
    assert f"{base}/poster" in text_of(client, "/me")
    cast.sign_in(client, cast.officer)
    text_of(client, f"{base}/poster", 403)


NAMED = {
    "name": "王 秀英", "words": "王秀英家屋漏雨，要人修瓦，喊我13985000077，王 秀 英在家",
}  # fmt: skip


def test_the_name_is_taken_out_of_the_words_for_everybody_and_kept_among_what_is_private(
    client: FlaskClient, officer: Player, session: Session
) -> None:
    draft = client.post("/proxy/new", data=SENT | NAMED).location
    assert filing_in(session).listing.text == "村民家屋漏雨，要人修瓦，村民在家"
    assert "秀" not in text_of(client, draft)
    shown = client.post(f"/proxy/{filing_in(session).public_id}/who").get_data(as_text=True)
    assert "王秀英家屋漏雨，要人修瓦，喊我13985000077" in shown


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("text", "王秀英家修屋顶要十片瓦，求支援"),
        ("title", "王 秀英家要瓦"),
        ("public_title", "王秀英家"),
    ],
)
def test_a_name_typed_for_everybody_is_refused_beside_its_field_and_stays(
    client: FlaskClient, officer: Player, session: Session, field: str, typed: str
) -> None:
    client.post("/proxy/new", data=SENT | NAMED)
    address = filing_in(session).listing.public_id
    sent = {
        "draft": address, "text": "一户人家修屋顶要十片瓦，求支援",
        "category": "equipment.machinery", "terms": "free", "division": "520422102243",
        "understood": "1", "not_duplicate": "1",
    }  # fmt: skip
    answer = client.post("/post/help", data=sent | {field: typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error".{{0,200}}?发布时不写本人的名字', page, re.DOTALL)
    assert typed in page
    assert filing_in(session).listing.state is State.DRAFT
    assert client.post("/post/help", data=sent).status_code == 302
    edited = {**sent, "version": filing_in(session).listing.version, field: typed}
    again = client.post(f"/listings/{address}/edit", data=edited)
    assert again.status_code == 422
    assert "发布时不写本人的名字" in again.get_data(as_text=True)
