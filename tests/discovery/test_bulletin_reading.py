"""Bulletins that have come out: feeds, text, paper, archive, home page."""

import json
import re
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from exchange.listings.sharing.rules import short_code
from exchange.web.feeds import ATOM, JSON_VERSION
from tests.discovery.bulletin_scene import Desk
from tests.discovery.test_bulletin_pages import send, text


def test_feeds_hold_what_came_out(desk: Desk, client: FlaskClient) -> None:
    desk.opened()
    desk.listing("要两台微耕机", "2026-11-18")
    public_id = desk.published()
    answer = client.get(f"/bulletins/at/{desk.place}/feed.atom?lang=en")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.data)  # noqa: S314 - our own answer
    (entry,) = root.findall(f"{{{ATOM}}}entry")
    found = {child.tag.removeprefix(f"{{{ATOM}}}"): child.text for child in entry}
    assert str(found["id"]).endswith(f"/bulletins/{public_id}")
    assert "Puding County" in str(found["title"])
    assert "要两台微耕机" in str(found["summary"])
    again = client.get(
        f"/bulletins/at/{desk.place}/feed.atom?lang=en",
        headers={"If-None-Match": answer.headers["ETag"]},
    )
    assert again.status_code == 304
    document = json.loads(client.get(f"/bulletins/at/{desk.place}/feed.json").data)
    assert document["version"] == JSON_VERSION
    assert [item["url"] for item in document["items"]] == [found["id"]]
    assert "需求清单" in document["items"][0]["content_text"]
    text(client, "/bulletins/at/nothing/feed.atom", 404)


def test_the_text_has_short_lines_and_short_links(desk: Desk, client: FlaskClient) -> None:
    desk.opened()
    need = desk.listing("要两台微耕机，" + "春耕以前最好能到村里来" * 5, "2026-11-18")
    for number in range(8):
        desk.listing(f"别的需求{number}", "2026-11-17")
    desk.published()
    issue = desk.issue()
    page = text(client, f"/bulletins/{issue.public_id}/text")
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found
    lines = found[1].strip().splitlines()
    assert lines[0] == "【普定县简报】"
    assert lines[-1].endswith(f"/b/{short_code(issue.id)}")
    assert any(line.endswith(f"/l/{short_code(need.id)}") for line in lines)
    assert max(len(line) for line in lines) < 60
    assert sum(line.startswith("· ") for line in lines) == 5
    moved = client.get(f"/b/{short_code(issue.id)}")
    assert moved.headers["Location"] == f"/bulletins/{issue.public_id}"
    text(client, "/b/10", 404)


def test_paper_holds_the_lists_and_the_code(desk: Desk, client: FlaskClient) -> None:
    desk.opened()
    for number in range(12):
        desk.listing(f"需求{number}", "2026-11-18")
    public_id = desk.published()
    page = text(client, f"/bulletins/{public_id}/print")
    assert 'class="qr"' in page
    assert "网页上还有 5 条" in page
    assert "普定县简报" in page
    client.get("/locale/en")
    assert "网页上还有 5 条" in text(client, f"/bulletins/{public_id}/print")
    assert "and 5 more" in text(client, f"/bulletins/{public_id}/print?language=en")
    assert "【普定县简报】" in text(client, f"/bulletins/{public_id}/text")


def test_english_readers_read_english_words(desk: Desk, client: FlaskClient) -> None:
    desk.opened()
    desk.composed()
    desk.cast.sign_in(client, desk.cast.supervisor)
    send(client, desk, "approve", headline_en="Two machines wanted")
    desk.cast.sign_out(client)
    client.get("/locale/en")
    page = text(client, f"/bulletins/{desk.issue().public_id}")
    assert all(word in page for word in ("Two machines wanted", "What is needed", "Puding County"))
    assert "Nothing new came in" in page


def test_the_archive_goes_back_page_by_page(
    desk: Desk, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exchange.discovery.bulletins.views.PAGE", 1)
    desk.opened(approval=False)
    first = desk.composed()
    desk.at("2026-11-30", 8)
    desk.work()
    second = desk.issue().public_id
    page = text(client, f"/bulletins/at/{desk.place}")
    assert (second in page, f"/bulletins/{first}" in page) == (True, False)
    page = text(client, f"/bulletins/at/{desk.place}?before={second}")
    assert f"/bulletins/{first}" in page
    text(client, f"/bulletins/at/{desk.place}?before=%00")


def test_the_home_page_leads_to_the_newest_near_the_reader(
    desk: Desk, client: FlaskClient
) -> None:
    desk.opened()
    public_id = desk.published()
    desk.cast.sign_in(client, desk.cast.officer)
    assert f"/bulletins/{public_id}" in text(client, "/")
    desk.cast.sign_in(client, desk.cast.stranger)
    home = text(client, "/")
    assert f"/bulletins/{public_id}" not in home
    assert 'href="/bulletins"' in home
    assert f"/bulletins/{public_id}" in text(client, "/bulletins")


def test_visitors_sign_in_before_they_follow(desk: Desk, client: FlaskClient) -> None:
    desk.opened()
    assert "登录后关注" in text(client, f"/bulletins/at/{desk.place}")
    answer = client.post(f"/bulletins/at/{desk.place}/follow")
    assert answer.status_code in (302, 401)
    assert "sign-in" in answer.headers.get("Location", "sign-in")
