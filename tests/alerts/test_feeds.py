"""Feeds: what they show, to whom, and how they are cached."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from exchange.alerts.feed_views import WRONG_ADDRESSES
from exchange.api.limits import tally
from exchange.listings.kinds import Visibility
from exchange.web.feeds import ATOM, JSON_VERSION
from tests.alerts.conftest import Follower
from tests.cast import Player

ADDRESS = re.compile(r'value="http://127\.0\.0\.1:8000(/feeds/[\w-]{32}\.(?:atom|json))"')


@pytest.fixture
def reader(follower: Follower) -> FlaskClient:
    """A program that reads feeds: it has no cookies."""
    return follower.cast.app.test_client()


def addresses(follower: Follower, who: Player, public_id: str) -> list[str]:
    follower.cast.sign_in(follower.client, who)
    found = ADDRESS.findall(follower.client.get(f"/me/searches/{public_id}").text)
    assert len(found) == 2
    return found


def titles(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200
    return [one["title"] for one in answer.get_json()["items"]]


def test_both_feeds_name_what_answers_the_question(
    follower: Follower, reader: FlaskClient
) -> None:
    firm = follower.cast.enterprise
    listing = follower.stage.publish(
        follower.cast.officer, "韭黄要<冷藏车>", text="急用&电话找村委",
        category_code="logistics.coldchain",
    )  # fmt: skip
    own, other = addresses(follower, firm, follower.save(firm, "q=冷藏车&side=need"))
    answer = reader.get(own)
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert "电话" not in answer.text
    root = ET.fromstring(answer.data)  # noqa: S314 - our own
    name = f"{{{ATOM}}}"
    assert root.tag == f"{name}feed"
    links = {one.get("rel"): one.get("href") for one in root.findall(f"{name}link")}
    assert links["self"] == f"http://127.0.0.1:8000{own}"
    assert links["alternate"].startswith("http://127.0.0.1:8000/needs?")
    url = f"http://127.0.0.1:8000/listings/{listing}"
    assert root.findtext(f"{name}entry/{name}id") == url
    assert root.findtext(f"{name}entry/{name}title") == "韭黄要<冷藏车>"
    for place in (f"{name}updated", f"{name}entry/{name}updated", f"{name}entry/{name}published"):
        assert datetime.fromisoformat(root.findtext(place) or "").tzinfo == UTC
    document = reader.get(other).get_json()
    assert document["version"] == JSON_VERSION
    assert document["feed_url"] == f"http://127.0.0.1:8000{other}"
    assert [one["id"] for one in document["items"]] == [url]
    assert document["items"][0]["content_text"].startswith("需求 · ")


def test_the_feed_shows_what_its_owner_may_see_now(
    follower: Follower, reader: FlaskClient
) -> None:
    firm, stranger = follower.cast.enterprise, follower.cast.stranger
    follower.stage.publish(follower.cast.officer, "公开要冷藏车")
    shown = follower.stage.publish(
        follower.cast.officer, "内部要冷藏车", visibility=Visibility.VERIFIED
    )
    feeds = {who: addresses(follower, who, follower.save(who, "q=冷藏车"))[1]
             for who in (firm, stranger)}  # fmt: skip
    assert set(titles(reader.get(feeds[firm]))) == {"公开要冷藏车", "内部要冷藏车"}
    assert titles(reader.get(feeds[stranger])) == ["公开要冷藏车"]
    follower.stage.withdraw(shown)
    assert titles(reader.get(feeds[firm])) == ["公开要冷藏车"]
    person = firm.person
    person.closed_at = follower.cast.now
    follower.session.commit()
    assert reader.get(feeds[firm]).status_code == 404


def test_only_full_matches_stand_in_a_feed(follower: Follower, reader: FlaskClient) -> None:
    firm = follower.cast.enterprise
    follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    feed = addresses(follower, firm, follower.save(firm, "q=韭黄 兽医 老师"))[1]
    assert titles(reader.get(feed)) == []


def test_a_feed_that_did_not_change_is_not_sent_again(
    follower: Follower, reader: FlaskClient
) -> None:
    firm = follower.cast.enterprise
    listing = follower.stage.publish(follower.cast.officer, "韭黄要冷藏车")
    for feed in addresses(follower, firm, follower.save(firm, "q=冷藏车")):
        first = reader.get(feed)
        assert first.headers["Cache-Control"] == "private, no-cache"
        assert first.headers["X-Robots-Tag"] == "noindex, nofollow"
        tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
        again = reader.get(feed, headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        assert reader.get(feed, headers={"If-Modified-Since": modified}).status_code == 304
        follower.clock.forward(hours=1)
        assert reader.get(feed).data == first.data
        follower.stage.change(listing, title="韭黄还要冷藏车")
        changed = reader.get(feed, headers={"If-None-Match": tag})
        assert changed.status_code == 200
        assert reader.get(feed, headers={"If-Modified-Since": modified}).status_code == 200
        assert changed.headers["ETag"] != tag
    later = changed.headers["Last-Modified"]
    follower.clock.forward(hours=1)
    follower.stage.withdraw(listing)
    assert titles(reader.get(feed, headers={"If-Modified-Since": later})) == []


def test_a_new_address_ends_the_former_one(follower: Follower, reader: FlaskClient) -> None:
    firm = follower.cast.enterprise
    saved = follower.save(firm, "q=冷藏车")
    old = addresses(follower, firm, saved)
    assert follower.client.post(f"/me/searches/{saved}/address").status_code == 302
    new = addresses(follower, firm, saved)
    assert [reader.get(one).status_code for one in (*old, *new)] == [404, 404, 200, 200]
    follower.client.post(f"/me/searches/{saved}/delete")
    assert reader.get(new[0]).status_code == 404


def test_a_new_password_ends_the_former_addresses(
    follower: Follower, reader: FlaskClient
) -> None:
    firm = follower.cast.enterprise
    old = addresses(follower, firm, follower.save(firm, "q=冷藏车"))
    body = {"current": firm.password, "password": "another-mountain-7", "repeat": ""}
    assert follower.client.post("/me/password", data=body).status_code == 302
    assert reader.get(old[0]).status_code == 404


def test_the_database_alone_does_not_open_a_feed(follower: Follower) -> None:
    firm = follower.cast.enterprise
    address = addresses(follower, firm, follower.save(firm, "q=冷藏车"))[0]
    token = address.removeprefix("/feeds/").removesuffix(".atom")
    row = follower.rows(firm)[0]
    assert token not in repr(vars(row))


def test_guessing_and_reading_too_often_are_stopped(
    follower: Follower, reader: FlaskClient
) -> None:
    firm = follower.cast.enterprise
    feed = addresses(follower, firm, follower.save(firm, "q=冷藏车"))[1]
    assert reader.get(feed).status_code == 200
    with follower.cast.app.app_context():
        counts = tally()
    counts.every = 1
    counts.limits["feed.read"] = replace(counts.limits["feed.read"], tries=2)
    assert [reader.get(feed).status_code for _ in range(3)] == [200, 200, 429]
    wrong = f"/feeds/{'x' * 32}.json"
    found = {reader.get(wrong).status_code for _ in range(WRONG_ADDRESSES.tries)}
    assert found == {404}
    assert reader.get(wrong).status_code == 429


@pytest.mark.parametrize("path", ["/feeds/x.atom", "/feeds/.json", f"/feeds/{'é' * 32}.atom"])
def test_what_cannot_be_an_address_is_not_found(follower: Follower, path: str) -> None:
    assert follower.client.get(path).status_code == 404
