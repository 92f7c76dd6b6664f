"""What is understood while somebody types: it follows the words, and every tap stays."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.listings.kinds import State, Visibility
from exchange.listings.models import Listing
from exchange.listings.posting import views
from exchange.web.throttle import Limit
from tests.cast import VILLAGE, Cast

COLD = "村里缺冷藏车"
CHILDREN = "请给32名留守儿童找暑假补课的老师，12月15日前"
Sent = dict[str, list[str]]


class Inputs(HTMLParser):
    """What a browser would send of the inputs of a page, and which are ticked."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: Sent = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name, kind = found.get("name"), found.get("type", "text")
        if tag != "input" or not name or kind == "file":
            return
        if kind not in ("radio", "checkbox") or "checked" in found:
            self.sent.setdefault(name, []).append(found.get("value") or "")


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


@pytest.fixture
def officer(client: FlaskClient, cast: Cast) -> FlaskClient:
    cast.sign_in(client, cast.officer)
    return client


def only_listing(session: Session) -> Listing:
    session.rollback()
    return session.scalars(sa.select(Listing)).one()


def pause(client: FlaskClient, text: str, sent: Sent | None = None) -> Sent:
    """Somebody types, stops for a moment, and the chips come anew."""
    data = {**(sent or {}), "door": "help", "text": text, "division": VILLAGE}
    answer = client.post("/post/understand", data=data)
    assert answer.status_code == 200
    return Inputs(answer.get_data(as_text=True)).sent


def post(client: FlaskClient, text: str, sent: Sent, **more: object) -> int:
    data = {**sent, "text": text, "division": VILLAGE, "terms": "free", **more}
    return client.post("/post/help", data=data).status_code


def test_what_is_said_after_the_first_pause_counts(officer: FlaskClient, session: Session) -> None:
    sent = pause(officer, "请给", pause(officer, ""))
    sent = pause(officer, CHILDREN, sent)
    assert sent["keep"] == ["quantity", "dates"]
    assert post(officer, CHILDREN, sent) == 302
    listing = only_listing(session)
    assert (listing.quantity_milli, listing.unit) == (32_000, "人")
    assert str(listing.to_date) == "2026-12-15"


def test_what_is_said_after_the_last_pause_counts(officer: FlaskClient, session: Session) -> None:
    assert post(officer, CHILDREN, pause(officer, "请给")) == 302
    assert only_listing(session).quantity_milli == 32_000


def test_a_chip_that_was_tapped_away_stays_away(officer: FlaskClient, session: Session) -> None:
    sent = pause(officer, CHILDREN)
    sent["keep"].remove("quantity")
    text = CHILDREN + "，最好会画画"
    sent = pause(officer, text, sent)
    assert sent["keep"] == ["dates"]
    assert post(officer, text, sent) == 302
    assert only_listing(session).quantity_milli is None


def test_a_chip_that_says_something_else_is_ticked_again(officer: FlaskClient) -> None:
    sent = pause(officer, CHILDREN)
    sent["keep"] = []
    assert pause(officer, CHILDREN.replace("32", "40"), sent)["keep"] == ["quantity"]


def test_the_category_follows_the_words(officer: FlaskClient, session: Session) -> None:
    sent = pause(officer, COLD)
    assert sent["guess"] == ["logistics.coldchain"]
    sent = pause(officer, CHILDREN, sent)
    assert sent["guess"] != ["logistics.coldchain"]
    assert post(officer, CHILDREN, sent) == 302
    listing = only_listing(session)
    assert listing.category_code != "logistics.coldchain"
    assert listing.visibility is Visibility.BROKERS


def test_words_changed_just_before_posting_change_the_category(
    officer: FlaskClient, session: Session
) -> None:
    assert post(officer, CHILDREN, pause(officer, COLD)) == 302
    assert only_listing(session).category_code != "logistics.coldchain"


def test_children_filed_under_something_else_are_not_public(
    officer: FlaskClient, session: Session
) -> None:
    sent = {**pause(officer, CHILDREN), "category": ["logistics.coldchain"]}
    assert post(officer, CHILDREN, sent) == 302
    listing = only_listing(session)
    assert (listing.category_code, listing.visibility) == (
        "logistics.coldchain",
        Visibility.BROKERS,
    )


def test_a_category_that_was_tapped_stays(officer: FlaskClient, session: Session) -> None:
    sent = {**pause(officer, COLD), "guess": ["logistics.freight"]}
    text = COLD + "，也缺冷库"
    sent = pause(officer, text, sent)
    assert (sent["guess"], sent["guessed"]) == (["logistics.freight"], [""])
    sent = pause(officer, COLD, sent)
    assert post(officer, COLD, sent) == 302
    assert only_listing(session).category_code == "logistics.freight"


def test_a_draft_that_is_opened_again_follows_new_words(
    officer: FlaskClient, session: Session
) -> None:
    officer.post("/post/draft", data={"door": "help", "text": "请派3辆冷藏车，12月1日前"})
    draft = only_listing(session)
    assert (draft.quantity_milli, draft.category_code) == (3000, "logistics.coldchain")
    page = officer.get(f"/post/help?draft={draft.public_id}").get_data(as_text=True)
    sent = Inputs(page).sent
    assert sent["keep"] == ["quantity", "dates"]
    assert sent["quantity"] == [""]
    assert post(officer, CHILDREN, sent) == 302
    listing = only_listing(session)
    assert (listing.quantity_milli, str(listing.to_date)) == (32_000, "2026-12-15")
    assert listing.category_code != "logistics.coldchain"
    assert listing.visibility is Visibility.BROKERS


def test_what_was_tapped_in_a_draft_is_tapped_when_it_is_opened_again(
    officer: FlaskClient, session: Session
) -> None:
    text = "请派3辆冷藏车"
    sent = {**pause(officer, text), "guess": ["logistics.freight"], "keep": []}
    officer.post("/post/draft", data={**sent, "door": "help", "text": text})
    draft = only_listing(session)
    page = officer.get(f"/post/help?draft={draft.public_id}").get_data(as_text=True)
    sent = Inputs(page).sent
    assert sent["guess"] == ["logistics.freight"]
    assert "keep" not in sent
    assert post(officer, text, sent) == 302
    listing = only_listing(session)
    assert (listing.category_code, listing.quantity_milli) == ("logistics.freight", None)


@pytest.mark.parametrize(
    ("words", "chinese", "english"),
    [
        ("12月10日前", "12 月 10 日前", "by 10 Dec"),
        ("12月10日起", "12 月 10 日起", "from 10 Dec on"),
        ("12月10日", "12 月 10 日", "10 Dec"),
        ("12月1日到12月10日", "12 月 1 日至 12 月 10 日", "1 Dec to 10 Dec"),
    ],
)
def test_days_are_said_in_one_form(
    officer: FlaskClient, words: str, chinese: str, english: str
) -> None:
    def chips() -> str:
        return officer.post(
            "/post/understand", data={"door": "help", "text": f"缺两座烤房{words}"}
        ).get_data(as_text=True)

    assert f">{chinese}</label>" in chips()
    officer.get("/locale/en?next=/healthz")
    assert f">{english}</label>" in chips()


def test_somebody_who_asks_too_often_keeps_the_former_chips(
    client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Limit("understand.visitor", 2, timedelta(minutes=15))
    monkeypatch.setattr(views, "READ_ALONG", few)
    data = {"door": "help", "text": COLD}
    answers = [client.post("/post/understand", data=data).status_code for _ in range(3)]
    assert answers == [200, 200, 204]
    cast.sign_in(client, cast.officer)
    assert client.post("/post/understand", data=data).status_code == 200


def test_numerals_without_end_are_answered(client: FlaskClient) -> None:
    for text in ("三" * 6000, "9" * 5000 + "斤", "0000年1月"):
        assert client.post("/post/understand", data={"door": "help", "text": text}).status_code == (
            200
        )


def test_one_s_own_need_is_named_as_that(officer: FlaskClient, session: Session) -> None:
    text = "烤房坏了两座，想找师傅来修"
    assert post(officer, text, pause(officer, text)) == 302
    sent = pause(officer, text)
    data = {**sent, "text": text, "division": VILLAGE, "terms": "free"}
    page = officer.post("/post/help", data=data).get_data(as_text=True)
    assert "您已经发过这条" in page
    assert 'role="alert" tabindex="-1" data-focus' in page
    assert '<button class="btn quiet" name="not_duplicate" value="1">' in page
    assert post(officer, text, sent, not_duplicate="1") == 302


def test_the_need_of_others_is_not_called_one_s_own(
    officer: FlaskClient, session: Session, cast: Cast
) -> None:
    text = "烤房坏了两座，想找师傅来修"
    assert post(officer, text, pause(officer, text)) == 302
    other = officer.application.test_client()
    cast.sign_in(other, cast.make_player("吴山", VILLAGE))
    data = {"door": "help", "text": text, "division": VILLAGE}
    partial = other.post("/post/understand", data=data).get_data(as_text=True)
    assert 'id="duplicate"' in partial
    assert "您已经发过这条" not in partial
    assert 'role="alert"' not in partial  # nobody has pressed anything yet


def test_an_empty_page_asks_for_the_words_alone(officer: FlaskClient) -> None:
    answer = officer.post("/post/help", data={"text": " ", "understood": "1"})
    page = answer.get_data(as_text=True)
    summary = page.partition('class="error-summary"')[2].partition("</div>")[0]
    assert answer.status_code == 422
    assert summary.count("<li>") == 1
    assert "村里需要什么？这里要填。" in summary
    assert '<details class="more">' in page


def test_without_a_place_the_picker_stands_alone(client: FlaskClient, cast: Cast) -> None:
    page = client.get("/post/help").get_data(as_text=True)
    assert '<label for="division-text">在哪里</label>' in page
    assert "pick-place" not in page
    cast.sign_in(client, cast.officer)
    assert "data-place-shown" in client.get("/post/help").get_data(as_text=True)


def test_a_missing_place_is_named_as_that(client: FlaskClient, cast: Cast) -> None:
    nowhere = cast.make_player("路人", VILLAGE)
    cast.sign_in(client, nowhere)
    data = {"text": COLD, "understood": "1", "division": "", "division_text": "没有这个地方"}
    page = client.post("/post/help", data=data).get_data(as_text=True)
    summary = page.partition('class="error-summary"')[2].partition("</div>")[0]
    assert '<a href="#division-text">在哪里' in summary


def test_the_place_chosen_before_signing_in_is_still_chosen_after(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    elsewhere = "520502"
    sent = {"text": COLD, "understood": "1", "division": elsewhere, "guess": "logistics.freight"}
    answer = client.post("/post/help", data=sent)
    assert "post%2Fhelp" in answer.location or "/post/help" in answer.location
    cast.sign_in(client, cast.officer)
    page = Inputs(client.get("/post/help").get_data(as_text=True)).sent
    assert page["division"] == [elsewhere]
    assert page["guess"] == ["logistics.freight"]
    assert post(client, COLD, page, division=page["division"]) == 302
    assert only_listing(session).division_code == elsewhere


def test_produce_is_not_given_for_nothing(officer: FlaskClient, session: Session) -> None:
    page = officer.get("/post/sell").get_data(as_text=True)
    assert "怎么卖？" in page
    assert 'name="terms" value="free"' not in page
    assert 'name="terms" value="paid" checked' in page
    sent = {"text": "有30吨刺梨要卖", "understood": "1", "terms": "free", "division": VILLAGE}
    assert officer.post("/post/sell", data=sent).status_code == 302
    listing = only_listing(session)
    assert (listing.terms.value, listing.state) == ("paid", State.PUBLISHED)
