"""The pages: they work, refuse the stranger, keep what was typed, and ask the database evenly."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from exchange.listings.cards import listing_cards
from exchange.listings.kinds import Door, State, Visibility
from exchange.listings.models import Listing, ListingRevision
from tests.cast import VILLAGE, Cast
from tests.conftest import Queries
from tests.listings.making import NOW, make_listing

CatchQueries = Callable[[], AbstractContextManager[Queries]]


@pytest.fixture
def cast(app: Flask, session: Session) -> Cast:
    return Cast(app, session)


def edit_form(listing: Listing, **changes: object) -> dict[str, object]:
    return {
        "text": listing.text,
        "title": listing.title,
        "category": listing.category_code,
        "terms": "free",
        "visibility": "public",
        "division": VILLAGE,
        "version": "1",
        **changes,
    }


def test_everybody_reads_a_public_listing(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    listing = make_listing(session, cast.officer, quantity_milli=2000, unit="座")
    page = client.get(f"/listings/{listing.public_id}").get_data(as_text=True)
    assert listing.title in page
    assert cast.officer.organisation.name_zh in page
    assert "/withdraw" not in page


@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.WITHDRAWN, State.PARKED])
def test_what_is_not_open_does_not_exist_for_strangers(
    client: FlaskClient, session: Session, cast: Cast, state: State
) -> None:
    listing = make_listing(session, cast.officer, state=state)
    cast.sign_in(client, cast.stranger)
    for verb in ("", "/edit", "/history"):
        assert client.get(f"/listings/{listing.public_id}{verb}").status_code == 404
    for verb in ("withdraw", "park", "resume", "again", "discard"):
        assert client.post(f"/listings/{listing.public_id}/{verb}").status_code == 404


def test_a_stranger_who_may_read_it_may_not_change_it(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    listing = make_listing(session, cast.officer)
    cast.sign_in(client, cast.stranger)
    for verb in ("/edit", "/history"):
        assert client.get(f"/listings/{listing.public_id}{verb}").status_code == 403
    for verb in ("withdraw", "park", "again", "discard"):
        assert client.post(f"/listings/{listing.public_id}/{verb}").status_code == 403
    session.rollback()
    assert session.get_one(Listing, listing.id).state is State.PUBLISHED


def test_others_read_the_public_title_and_the_coarser_place_only(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    listing = make_listing(
        session, cast.officer, public_title="需要陪伴服务", public_division_code="520422",
        text="十二个娃娃周末没人管。",
    )  # fmt: skip
    url = f"/listings/{listing.public_id}"
    cast.sign_in(client, cast.enterprise)
    outside = client.get(url).get_data(as_text=True)
    assert "需要陪伴服务" in outside
    assert "十二个娃娃" not in outside
    assert "化处镇" not in outside
    cast.sign_in(client, cast.broker)
    assert "十二个娃娃" in client.get(url).get_data(as_text=True)


def test_an_investment_carries_its_sentence(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    listing = make_listing(session, cast.officer, category_code="funds.investment")
    plain = make_listing(session, cast.officer)
    client.get("/locale/en")
    sentence = "promises no return"
    assert sentence in client.get(f"/listings/{listing.public_id}").get_data(as_text=True)
    assert sentence not in client.get(f"/listings/{plain.public_id}").get_data(as_text=True)


def test_the_owner_changes_it_and_the_history_tells(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    listing = make_listing(session, cast.officer)
    url = f"/listings/{listing.public_id}"
    cast.sign_in(client, cast.officer)
    page = client.get(f"{url}/edit").get_data(as_text=True)
    assert listing.text in page
    assert f'data-keep="edit-{listing.public_id}"' in page
    answer = client.post(f"{url}/edit", data=edit_form(listing, title="修三座烤房"))
    assert answer.status_code == 302
    assert f'data-keep-done="edit-{listing.public_id}"' in client.get(url).text
    assert "修两座烤房" in client.get(f"{url}/history").get_data(as_text=True)
    cast.sign_in(client, cast.broker)
    assert client.get(f"{url}/history").status_code == 200


def test_a_change_that_came_too_late_keeps_what_was_typed(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    listing = make_listing(session, cast.officer)
    url = f"/listings/{listing.public_id}/edit"
    cast.sign_in(client, cast.officer)
    client.post(url, data=edit_form(listing, title="先改的"))
    late = client.post(url, data=edit_form(listing, title="后改的"))
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "后改的" in page
    assert 'name="version" value="2"' in page
    session.rollback()
    assert session.get_one(Listing, listing.id).title == "先改的"


def test_bad_input_in_a_change_comes_back(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    listing = make_listing(session, cast.officer)
    cast.sign_in(client, cast.officer)
    url = f"/listings/{listing.public_id}/edit"
    answer = client.post(url, data=edit_form(listing, quantity="若干", title="新题目"))
    assert answer.status_code == 422
    assert "若干" in answer.get_data(as_text=True)
    assert "新题目" in answer.get_data(as_text=True)


def test_the_owner_withdraws_parks_and_posts_again(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    listing = make_listing(session, cast.officer)
    url = f"/listings/{listing.public_id}"
    cast.sign_in(client, cast.officer)
    states = []
    for verb in ("park", "resume", "withdraw"):
        assert client.post(f"{url}/{verb}").status_code == 302
        session.rollback()
        states.append(session.get_one(Listing, listing.id).state)
    assert states == [State.PARKED, State.PUBLISHED, State.WITHDRAWN]
    answer = client.post(f"{url}/again")
    assert "/post/help?draft=" in answer.location
    assert listing.text in client.get(answer.location).get_data(as_text=True)


def test_a_draft_can_be_thrown_away(client: FlaskClient, session: Session, cast: Cast) -> None:
    draft = make_listing(session, cast.officer, state=State.DRAFT, published_at=None)
    draft_id, url = draft.id, f"/listings/{draft.public_id}/discard"
    cast.sign_in(client, cast.officer)
    assert client.post(url).status_code == 302
    session.expire_all()
    session.rollback()
    assert session.get(Listing, draft_id) is None


def test_the_station_publishes_or_gives_back_from_its_queue(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    who = cast.make_player("吴山", VILLAGE)
    one = make_listing(session, who, state=State.SUBMITTED, title="第一条")
    two = make_listing(session, who, state=State.SUBMITTED, title="第二条")
    cast.sign_in(client, cast.broker)
    page = client.get("/review").get_data(as_text=True)
    assert "第一条" in page
    assert "第二条" in page
    client.post(f"/review/{one.public_id}/approve", data={"version": 1})
    empty = client.post(f"/review/{two.public_id}/return", data={"note": "", "version": 1})
    assert "return-note" in empty.location
    client.post(f"/review/{two.public_id}/return", data={"note": "请写清楚", "version": 1})
    session.rollback()
    assert session.get_one(Listing, one.id).state is State.PUBLISHED
    assert session.get_one(Listing, two.id).state is State.DRAFT
    assert "第二条" not in client.get("/review").get_data(as_text=True)


def test_the_queue_is_for_brokers_and_holds_their_area_only(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    far = make_listing(session, cast.stranger, state=State.SUBMITTED, division_code="520502")
    cast.sign_in(client, cast.stranger)
    assert client.get("/review").status_code == 403
    cast.sign_in(client, cast.broker)
    assert far.public_id not in client.get("/review").get_data(as_text=True)
    assert client.post(f"/review/{far.public_id}/approve").status_code == 404


def test_own_listings_stand_by_state(client: FlaskClient, session: Session, cast: Cast) -> None:
    make_listing(session, cast.officer, title="开着的")
    make_listing(session, cast.officer, title="放着的", state=State.PARKED)
    make_listing(session, cast.enterprise, title="别家的")
    cast.sign_in(client, cast.officer)
    page = client.get("/my/listings").get_data(as_text=True)
    assert "开着的" in page
    assert "放着的" not in page
    assert "别家的" not in page
    assert "放着的" in client.get("/my/listings?tab=parked").get_data(as_text=True)
    assert client.get("/my/listings?tab=nonsense&page=99999999999999999999").status_code == 200


@pytest.mark.parametrize(("url", "who"), [("/my/listings", "officer"), ("/review", "broker")])
def test_twice_the_listings_take_the_same_number_of_queries(
    client: FlaskClient,
    session: Session,
    cast: Cast,
    catch_queries: CatchQueries,
    url: str,
    who: str,
) -> None:
    player = getattr(cast, who)
    cast.sign_in(client, player)
    counts = []
    for _ in range(2):
        for number in range(5):
            owner = cast.make_player(f"村民{number}", VILLAGE) if who == "broker" else player
            state = State.SUBMITTED if who == "broker" else State.PUBLISHED
            make_listing(session, owner, state=state, door=Door.OFFER, coverage=("5204",))
        with catch_queries() as queries:
            assert client.get(url).status_code == 200
        counts.append(queries.count)
    assert counts[0] == counts[1]


def test_cards_show_what_is_left(app: Flask, session: Session, cast: Cast) -> None:
    listing = make_listing(
        session, cast.officer, quantity_milli=3000, unit="座", committed_milli=2000,
        state=State.PARTLY_MATCHED, visibility=Visibility.VERIFIED,
    )  # fmt: skip
    with app.test_request_context("/"):
        card = listing_cards(session, cast.enterprise.actor, [listing], "zh", NOW.date())[0]
    assert "1 座" in card.remaining_label
    assert card.progress == 66
    assert (card.place_label, card.owner_label) == ("普定县 化处镇", "朵贝村村民委员会")


STRANGE = (
    "", " ", "\x00", "\ud800", "\u202e反", "'; DROP TABLE listing; --", "<script>alert(1)</script>",
    "%(words)s %s {0}", "-1", "1e309", "NaN", "٣٤", "9" * 400, "0x10", "2026-02-30", "9999-12-31",
    "0000-00-00", "CN", "52", "1" * 12, "../../etc/passwd", "😀" * 50, "长" * 7000, "null", "[]",
)  # fmt: skip
FIELDS = (
    "text", "guess", "category", "title", "quantity", "unit", "from_date", "to_date", "terms",
    "urgency", "beneficiaries", "visibility", "public_title", "public_level", "coverage", "places",
    "licence", "draft", "version", "division", "division_text", "keep", "understood", "mask",
    "remove_photo", "not_duplicate", "door",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_strange_values_in_any_field_never_break_the_page(
    client: FlaskClient, session: Session, cast: Cast, seed: int
) -> None:
    chosen = random.Random(seed)
    cast.sign_in(client, cast.enterprise)
    listing = make_listing(session, cast.enterprise, door=Door.OFFER, coverage=("5204",))
    urls = ["/post/help", "/post/sell", "/post/offer", "/post/understand", "/post/draft",
            f"/listings/{listing.public_id}/edit"]  # fmt: skip
    for _ in range(40):
        sent = {name: chosen.choice(STRANGE) for name in FIELDS if chosen.random() < 0.6}
        sent.setdefault("text", "修烤房")
        if chosen.random() < 0.6:
            sent["door"] = "help"
        encoded = {name: value.encode("utf-8", "surrogatepass") for name, value in sent.items()}
        answer = client.post(chosen.choice(urls), data=encoded)
        assert answer.status_code < 500, sent


def test_bytes_that_are_no_text_never_break_the_page(client: FlaskClient, cast: Cast) -> None:
    chosen = random.Random(7)
    cast.sign_in(client, cast.officer)
    for _ in range(20):
        noise = "&".join(
            f"{name}=" + "".join(f"%{chosen.randrange(256):02x}" for _ in range(30))
            for name in FIELDS
        )
        form = "application/x-www-form-urlencoded"
        assert client.post("/post/help", data=noise, content_type=form).status_code < 500


def test_a_history_line_names_the_person_once(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    listing = make_listing(session, cast.officer)
    revision = ListingRevision(
        listing_id=listing.id, version=1, person_id=cast.officer.person_id, at=NOW,
        before={"coverage": ["5204"], "quantity_milli": 2500, "category_code": "funds.loan"},
    )  # fmt: skip
    session.add(revision)
    session.commit()
    cast.sign_in(client, cast.officer)
    page = client.get(f"/listings/{listing.public_id}/history").get_data(as_text=True)
    assert page.count("罗小满") == 1 + page.split("<main")[0].count("罗小满")
    assert "2.5" in page


@pytest.mark.parametrize("name", ["%00", "%ED%A0%80", "..", "x" * 300])
def test_an_address_that_cannot_be_one_is_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/listings/{name}").status_code in (308, 404)
    assert client.get(f"/files/{name}/full").status_code in (308, 404)
