"""The centre edits, approves and publishes its bulletin; a visitor reads it on a phone."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from exchange.discovery.bulletins.composing import compose_now
from exchange.discovery.bulletins.kinds import Rhythm
from exchange.discovery.bulletins.models import BulletinPlace
from exchange.discovery.bulletins.place_service import PlaceSettings, open_place
from exchange.discovery.bulletins.rules import When
from exchange.listings.kinds import Side, Visibility
from tests.browser.county import COUNTY, County
from tests.browser.doors import Doors, tap

A4 = {"width": 794, "height": 1123}  # at 96 dots an inch


def an_issue(county: County) -> str:
    """Three needs of the week and an offer, composed; the public id of the issue."""
    week = timedelta(days=3)
    for title in ("简报里的水泵", "简报里的烘干机", "不登的那条"):
        listing = county.listing(Side.NEED, title, 3, visibility=Visibility.PUBLIC)
        listing.published_at = county.house.clock.now() - week
    offer = county.listing(Side.OFFER, "简报里的卡车", 2, visibility=Visibility.PUBLIC)
    offer.published_at = county.house.clock.now() - week
    county.session.commit()
    with county.act(county.chief) as act:
        day = act.today.weekday()
        settings = PlaceSettings(When(Rhythm.WEEKLY, (day + 3) % 7, 1, 8))
        place = open_place(act, settings, division_code=COUNTY).public_id
    with county.act(county.chief) as act:
        return compose_now(act, place).public_id


def test_a_centre_publishes_its_bulletin_and_a_visitor_reads_it(
    county: County, doors: Doors
) -> None:
    assert county.worker.person_id
    public_id = an_issue(county)
    editor = doors.phone(county.worker)
    editor.goto("/bulletins/desk")
    editor.locator(f"a[href='/bulletins/{public_id}/edit']").click()
    editor.fill("#headline_zh", "这周凯里缺机器")
    editor.fill("#introduction_zh", "春耕以前，还有两样没有着落。")
    editor.locator("li", has_text="不登的那条").get_by_role("checkbox").uncheck()
    expect(editor.locator("li.out")).to_have_count(1)
    expect(editor.locator("#headline_zh")).to_have_value("这周凯里缺机器")
    assert editor.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tap(editor, "交去批准")
    expect(editor.get_by_text("交上去了")).to_be_visible()

    boss = doors.desk(county.chief)
    boss.goto("/notices")
    expect(boss.get_by_text("等您批准").first).to_be_visible()
    boss.goto(f"/bulletins/{public_id}/edit")
    tap(boss, "批准发布")
    expect(boss.get_by_text("发布了").first).to_be_visible()

    visitor = doors.phone()
    place = county.session.query(BulletinPlace).filter_by(division_code=COUNTY).one()
    visitor.goto(f"/bulletins/at/{place.public_id}")
    visitor.get_by_role("link", name="这周凯里缺机器").click()
    expect(visitor.get_by_text("春耕以前，还有两样没有着落。")).to_be_visible()
    expect(visitor.get_by_text("简报里的水泵")).to_be_visible()
    expect(visitor.get_by_text("不登的那条")).to_have_count(0)
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.get_by_role("link", name="发群的文字").click()
    assert "简报里的烘干机" in visitor.locator("#chat-text").input_value()

    visitor.goto(f"/bulletins/{public_id}/print")
    assert len(re.findall(rb"/Type\s*/Page\b", visitor.pdf(prefer_css_page_size=True))) == 1
    visitor.emulate_media(media="print")
    visitor.set_viewport_size(A4)
    expect(visitor.locator(".bulletin-sheet .qr")).to_be_visible()
    expect(visitor.locator(".site-header")).to_be_hidden()
