"""The centre edits, approves and publishes its bulletin; a visitor reads it."""

import re
from datetime import timedelta

from playwright.sync_api import ViewportSize, expect

from exchange.discovery.bulletins.composing import compose_now
from exchange.discovery.bulletins.kinds import Rhythm
from exchange.discovery.bulletins.place_service import PlaceSettings, open_place
from exchange.discovery.bulletins.rules import When
from exchange.listings.kinds import Side, Visibility
from exchange.listings.models import Listing
from tests.browser.county import County
from tests.browser.devices import DESKTOP, PHONE, Device, Screen

TOWNSHIPS = {PHONE: "522601001", DESKTOP: "522601002"}  # a place has one issue a day
PUMP, DRYER, LEFT_OUT, TRUCK = "简报里的水泵", "简报里的烘干机", "不登的那条", "简报里的卡车"
HEADLINE, INTRODUCTION = "这周凯里缺机器", "春耕以前，还有两样没有着落。"
A4 = ViewportSize(width=794, height=1123)  # at 96 dots an inch


def an_issue(county: County, township: str) -> tuple[str, str]:
    """Three needs of the week and an offer, composed; the public ids of the place and the issue."""
    posted = county.house.clock.now() - timedelta(days=3)
    given = (Side.NEED, PUMP), (Side.NEED, DRYER), (Side.NEED, LEFT_OUT), (Side.OFFER, TRUCK)
    ids = [
        county.listing(
            side, title, 3, visibility=Visibility.PUBLIC, division_code=township
        ).id
        for side, title in given
    ]  # fmt: skip
    with county.act() as act:
        for key in ids:
            act.session.get_one(Listing, key).published_at = posted
    with county.act(county.chief) as act:
        day = act.today.weekday()
        settings = PlaceSettings(When(Rhythm.WEEKLY, (day + 3) % 7, 1, 8))
        place = open_place(act, settings, division_code=township).public_id
    with county.act(county.chief) as act:
        return place, compose_now(act, place).public_id


def test_a_centre_publishes_its_bulletin_and_a_visitor_reads_it(
    county: County, device: Device
) -> None:
    assert county.worker.person_id
    place, issue = an_issue(county, TOWNSHIPS[device.name])
    edit(device.of(county.worker), issue)
    approve(device.of(county.chief), issue)
    visitor = device.of()
    read(visitor, place)
    put_up(visitor, issue)


def edit(editor: Screen, issue: str) -> None:
    """Words of one's own; two needs are left out, one is put in again; handed in."""
    page = editor.page
    page.goto("/bulletins/desk")
    editor.fits()
    editor.act(page.locator(f"a[href='/bulletins/{issue}/edit']"))
    page.fill("#headline_zh", HEADLINE)
    page.fill("#introduction_zh", INTRODUCTION)
    for title in (LEFT_OUT, DRYER):
        page.locator("li", has_text=title).get_by_role("checkbox").uncheck()
    editor.act(page.get_by_role("button", name=editor.words("Keep what is ticked")).first)
    expect(page.locator("li.out")).to_have_count(2)
    editor.act(page.get_by_role("button", name=editor.words("Choose from the others")).first)
    page.fill("main input[name=q]", DRYER)
    page.keyboard.press("Enter")
    expect(page.locator("li", has_text=LEFT_OUT)).to_have_count(0)
    page.locator("li", has_text=DRYER).get_by_role("checkbox").check()
    editor.fits()
    editor.press("Put in what is ticked")
    editor.reads("Put in at the end of the list.")
    expect(page.locator("li.out")).to_have_count(1)
    expect(page.locator("#headline_zh")).to_have_value(HEADLINE)
    editor.fits()
    editor.press("Hand in for approval")
    editor.reads("Handed in. A supervisor approves it now.")


def approve(chief: Screen, issue: str) -> None:
    """The supervisor is told, and publishes it."""
    page = chief.page
    page.goto("/notices")
    chief.reads("The bulletin of %(place)s waits for your approval.")
    page.goto(f"/bulletins/{issue}/edit")
    chief.press("Approve and publish")
    chief.reads("It has come out. Followers are told.")
    chief.fits()


def read(visitor: Screen, place: str) -> None:
    """Anybody reads what was not left out, and takes the words for a chat group along."""
    page = visitor.page
    page.goto(f"/bulletins/at/{place}")
    visitor.fits()
    visitor.act(page.get_by_role("link", name=HEADLINE))
    expect(page.get_by_text(INTRODUCTION)).to_be_visible()
    expect(page.get_by_text(PUMP)).to_be_visible()
    expect(page.get_by_text(LEFT_OUT)).to_have_count(0)
    visitor.fits()
    visitor.follow("Text for a chat group")
    assert DRYER in page.locator("#chat-text").input_value()
    visitor.fits()


def put_up(visitor: Screen, issue: str) -> None:
    """One sheet of paper, with a code that leads back to the page."""
    page = visitor.page
    page.goto(f"/bulletins/{issue}/print")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    page.emulate_media(media="print")
    page.set_viewport_size(A4)
    expect(page.locator(".bulletin-sheet .qr")).to_be_visible()
    expect(page.locator(".site-header")).to_be_hidden()
