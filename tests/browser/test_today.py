"""A social worker's morning: by keyboard in an office, by thumb on the road, without JavaScript."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from exchange.admin.city import PASSWORD
from exchange.brokering.deeds import fulfilling
from exchange.brokering.life import proposing
from exchange.brokering.models import Match
from exchange.listings.kinds import Side
from tests.browser.behind import behind
from tests.browser.conftest import phone_options
from tests.browser.test_journey import BROKER
from tests.running_site import RunningSite


def enter(page: Page) -> None:
    """Sign in; the day opens first, with its script."""
    page.goto("/sign-in")
    page.fill("input[name=address]", BROKER)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile(r"/today$"))


def pairs(page: Page) -> Locator:
    return page.locator("#g-pairs .item")


def prepare(site: RunningSite) -> tuple[str, str]:
    """An answer that arrived, and a promise that is due tomorrow: addresses of the matches."""
    with behind(site.folder) as here:
        here.stock(4)
        answered = here.ask(BROKER).path.rpartition("/")[2]
        due = here.ask(BROKER).path.rpartition("/")[2]
        broker = here.person(BROKER)
        for public_id, sides in ((answered, (Side.NEED,)), (due, tuple(Side))):
            for side in sides:
                with here.act() as act:
                    match = act.session.scalars(
                        sa.select(Match).where(Match.public_id == public_id)
                    ).one()
                    who = here.speaker(match, side)
                with here.act(who) as act:
                    proposing.answer(act, public_id, side, accept=True)
        with here.act(broker) as act:
            fulfilling.commit(act, due, 1_000, 1_000, act.today + timedelta(days=1))
    return answered, due


def test_morning_by_keyboard(site: RunningSite, desktop: Page) -> None:
    answered, due = prepare(site)
    enter(desktop)
    answer = desktop.locator("#g-answers .item", has=desktop.locator(f"[href*='{answered}']"))
    expect(answer).to_contain_text("said yes")
    desktop.keyboard.press("?")
    expect(desktop.locator("#keys dl")).to_be_visible()
    desktop.keyboard.press("Escape")
    expect(desktop.locator("#keys dl")).to_be_hidden()

    # The keys go through all lines of the page; the first ones press most.
    desktop.keyboard.press("j")
    expect(desktop.locator("#day .item").first).to_have_class(re.compile("cursor"))
    desktop.keyboard.press("k")
    steps = desktop.locator("#day .item").count()
    for _ in range(steps):
        if pairs(desktop).first.evaluate("one => one.classList.contains('cursor')"):
            break
        desktop.keyboard.press("j")
    expect(pairs(desktop).first).to_have_class(re.compile("cursor"))

    shows_the_line_of_the_keys(desktop)
    claimed = pairs(desktop).first.locator(".item-title:visible").inner_text()
    desktop.keyboard.press("c")
    expect(desktop.locator("#done")).to_contain_text("Taken up")
    expect(desktop.locator("#desk-said")).to_contain_text("Taken up")
    expect(desktop).to_have_url(re.compile(r"/today$"))
    expect(desktop.locator("#day .item.cursor")).to_have_count(1)
    expect(pairs(desktop).filter(has_text=claimed)).to_have_count(0)

    go_to_first_pair(desktop)
    unfit = title(desktop)
    desktop.keyboard.press("d")
    expect(desktop.locator("details[data-menu=d][open]")).to_be_visible()
    desktop.keyboard.press("2")
    expect(desktop.locator("#done")).to_contain_text("Not suggested again")
    expect(pairs(desktop).filter(has_text=unfit)).to_have_count(0)
    desktop.keyboard.press("u")
    expect(desktop.locator("#flashes")).to_contain_text("Taken back")
    expect(pairs(desktop).filter(has_text=unfit)).to_have_count(1)

    go_to_first_pair(desktop)
    later = title(desktop)
    desktop.keyboard.press("s")
    desktop.keyboard.press("1")
    expect(desktop.locator("#done")).to_contain_text("Set aside until")
    expect(pairs(desktop).filter(has_text=later)).to_have_count(0)
    desktop.reload()
    expect(pairs(desktop).filter(has_text=later)).to_have_count(0)

    # A letter in a field is a letter.
    desktop.locator("#why summary").first.click()
    note = desktop.locator("#why input[name=note]")
    note.press_sequentially("jcds?")
    expect(note).to_have_value("jcds?")

    promise = desktop.locator("#g-promises .item", has=desktop.locator(f"[href*='{due}']"))
    promise.get_by_role("link", name="See what is missing").click()
    expect(desktop).to_have_url(re.compile(rf"/matches/{due}#agreed$"))


def shows_the_line_of_the_keys(page: Page) -> None:
    """However fast the keys go, what stands beside the list is the line that they are on."""
    for _ in range(3):
        page.keyboard.press("j", delay=200)
    chosen = page.locator("#day .item.cursor")
    expect(chosen).to_have_class(re.compile(r"\bon\b"), timeout=20_000)
    for _ in range(3):
        page.keyboard.press("k")


def go_to_first_pair(page: Page) -> None:
    pairs(page).first.locator(".item-title:visible").focus()


def title(page: Page) -> str:
    return pairs(page).first.locator(".item-title:visible").inner_text()


def test_morning_by_thumb(site: RunningSite, phone: Page) -> None:
    with behind(site.folder) as here:
        here.stock(3)
    enter(phone)
    for chip in phone.locator(".jumps a").all():
        assert (chip.bounding_box() or {})["height"] >= 44
    phone.locator(".jumps a", has_text="推荐").tap()
    first = pairs(phone).nth(1)
    for act in first.locator(".item-acts").get_by_role("button").all():
        assert (act.bounding_box() or {})["height"] >= 44
    words = first.locator(".item-title:visible").inner_text()
    first.locator("summary", has_text="不合适").tap()
    height = phone.evaluate("scrollY")
    phone.get_by_role("button", name="太远").first.tap()
    expect(phone.locator("#done")).to_contain_text("不再推荐")
    expect(pairs(phone).filter(has_text=words)).to_have_count(0)
    assert phone.evaluate("scrollY") == pytest.approx(height, abs=50)
    phone.locator("#done").get_by_role("button", name="撤销").tap()
    expect(pairs(phone).filter(has_text=words)).to_have_count(1)

    first.locator("summary", has_text="放一放").tap()
    phone.get_by_role("button", name="放到下周一").first.tap()
    expect(phone.locator("#done")).to_contain_text("放到")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360

    # A group that was closed stays closed after the next act.
    phone.locator("#g-waiting > summary").tap()
    phone.locator("#done").get_by_role("button", name="撤销").tap()
    expect(phone.locator("#done")).to_have_count(0)
    expect(phone.locator("#g-waiting")).not_to_have_attribute("open", re.compile(".*"))


@pytest.fixture
def plain(browser: Browser, site: RunningSite) -> Iterator[Page]:
    """A phone whose browser runs no scripts."""
    context: BrowserContext = browser.new_context(
        base_url=site.address, java_script_enabled=False, **phone_options()
    )
    yield context.new_page()
    context.close()


def test_without_scripts_a_pair_is_claimed_and_put_back(site: RunningSite, plain: Page) -> None:
    with behind(site.folder) as here:
        here.stock(1)
    enter(plain)
    words = pairs(plain).first.locator(".item-title:visible").inner_text()
    pairs(plain).first.get_by_role("button", name="接下").tap()
    expect(plain.locator("#done")).to_contain_text("接下了")
    expect(pairs(plain).filter(has_text=words)).to_have_count(0)
    plain.locator("#done").get_by_role("button", name="撤销").tap()
    expect(plain.locator("#flashes")).to_contain_text("撤销了")
    expect(pairs(plain).filter(has_text=words)).to_have_count(1)
