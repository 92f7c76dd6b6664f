"""The main job on a phone: from a village's need to an outcome that both sides confirm.

It runs against the site as `make run` starts it: gunicorn, the worker, the real encoder.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from exchange.admin.city import PASSWORD
from tests.browser.conftest import listen, phone_options
from tests.running_site import RunningSite

OFFICER, ENTERPRISE, BROKER = "19900000001", "19900000002", "19900000003"
NEED = "村里20吨鲜笋下个月要运到贵阳，缺冷藏车，想找车队帮忙拉，月底前最好"
OFFER = "我们有冷藏车可以拉鲜笋到贵阳，一共能运30吨，返程车不收钱"


class Hand:
    """Somebody's thumb: every tap counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, target: Locator) -> None:
        target.tap()
        self.taps += 1

    def button(self, name: str) -> None:
        self.tap(self.page.get_by_role("button", name=name).first)

    def link(self, name: str) -> None:
        self.tap(self.page.get_by_role("link", name=name).first)


NewPhone = Callable[[str], Hand]


@pytest.fixture
def new_phone(
    browser: Browser, site: RunningSite, complaints: list[str], request: pytest.FixtureRequest
) -> NewPhone:
    """A phone of somebody's own, signed in."""

    def made(phone_number: str) -> Hand:
        context: BrowserContext = browser.new_context(base_url=site.address, **phone_options())
        listen(context, complaints)
        request.addfinalizer(context.close)
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("input[name=address]", phone_number)
        page.fill("input[name=password]", PASSWORD)
        page.get_by_role("button", name="登录").tap()
        expect(page).to_have_url(re.compile(r"/(today)?$"))
        return Hand(page)

    return made


def post(hand: Hand, door: str, words: str, act: str, reach: str = "") -> str:
    """Post through a door from the home page; return the address of the listing."""
    hand.page.goto("/")
    hand.taps = 0
    hand.link(door)
    hand.page.locator("textarea[name=text]").fill(words)
    expect(hand.page.locator("#understood")).to_contain_text("我们这样理解")
    if reach:
        hand.tap(hand.page.locator("#coverage").get_by_text(reach))
    hand.button(act)
    expect(hand.page).to_have_url(re.compile(r"/listings/[a-z0-9]{14}$"))
    return hand.page.url


def reload_until(page: Page, found: Callable[[], bool], what: str) -> None:
    """Look again until the worker has done its part."""
    for _ in range(60):
        if found():
            return
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail(f"never appeared: {what}")


def in_queue(page: Page, line: Locator) -> bool:
    """Whether a pair stands on one of the pages of the day, which is open then."""
    page.goto("/today")
    onward = page.locator("#g-pairs .pager a")
    while not line.count() and onward.count():
        page.goto(onward.last.get_attribute("href") or "")
    return line.count() > 0


def test_from_need_to_confirmed_outcome_on_phones(new_phone: NewPhone) -> None:
    officer, enterprise, broker = new_phone(OFFICER), new_phone(ENTERPRISE), new_phone(BROKER)
    need = post(officer, "求帮助", NEED, "发布需求")
    assert officer.taps <= 12
    offer = post(enterprise, "我能帮", OFFER, "发布资源", reach="贵州省")

    title = officer.page.locator("h1").last.inner_text()
    offer_title = enterprise.page.locator("h1").last.inner_text()
    reload_until(
        officer.page, lambda: officer.page.get_by_text(offer_title).count() > 0, "the suggestion"
    )

    page = broker.page
    line = page.locator(".item", has_text=title).filter(has_text=offer_title)
    reload_until(page, lambda: in_queue(page, line), "the pair in the queue")
    if line.get_by_role("link", name="去看看").count():
        broker.tap(line.get_by_role("link", name="去看看"))
    broker.tap(page.locator("#chosen").get_by_role("button", name="接下"))
    expect(page).to_have_url(re.compile(r"/matches/[a-z0-9]{14}$"))
    match = page.url
    broker.button("向双方牵线")
    expect(page.get_by_text("在问双方")).to_be_visible()

    for hand in (officer, enterprise):
        hand.page.goto(match)
        expect(hand.page.get_by_role("button", name="看联系方式")).to_have_count(0)
        hand.button("同意，牵线吧")
        expect(hand.page.get_by_text(re.compile("谢谢[，。]")).first).to_be_visible()
    for hand, number in ((officer, ENTERPRISE), (enterprise, OFFICER)):
        hand.page.goto(match)
        expect(hand.page.get_by_text(number)).to_have_count(0)
        hand.button("看联系方式")
        expect(hand.page.get_by_text(number)).to_be_visible()

    page.goto(match)
    page.fill("input[name=taken]", "20")
    page.fill("input[name=covers]", "20")
    broker.button("就按这个数约定")
    expect(page.get_by_text("约定好了")).to_be_visible()

    enterprise.page.goto(match)
    enterprise.page.fill("input[name=amount]", "20")
    enterprise.button("记下到了多少")
    expect(enterprise.page.get_by_text("交付记下了")).to_be_visible()
    officer.page.goto(match)
    officer.button("到了，确认")
    officer.page.fill("#outcome textarea[name=text]", "二十吨鲜笋都运到了，一车没坏")
    officer.page.fill("input[name=people]", "46")
    officer.button("保存成效")
    expect(officer.page.get_by_text("成效记下了")).to_be_visible()
    enterprise.page.goto(match)
    enterprise.button("确认成效")
    expect(enterprise.page.get_by_text("已办成").first).to_be_visible()

    page.goto(match)
    look_at_what_happened(page)
    officer.page.goto(need)
    expect(officer.page.locator("main")).to_contain_text("已全部对接")
    enterprise.page.goto(offer)
    expect(enterprise.page.locator("main")).to_contain_text("10 吨")


def look_at_what_happened(page: Page) -> None:
    """Every step stands on the timeline."""
    page.locator("#happened summary").tap()
    timeline = page.locator(".timeline")
    for step in (
        "接下了这一对",
        "向双方牵线",
        "双方都同意",
        "登记了约定",
        "记了一笔交付",
        "写了成效",
        "双方都确认",
    ):
        expect(timeline.get_by_text(step).first).to_be_visible()


def test_long_words_typed_before_signing_in_are_still_there_after(
    browser: Browser, site: RunningSite, complaints: list[str]
) -> None:
    context = browser.new_context(base_url=site.address, **phone_options())
    listen(context, complaints)
    page = context.new_page()
    page.goto("/post/help")
    words = "村里想修一段水渠，" * 200
    page.locator("textarea[name=text]").fill(words)
    page.wait_for_timeout(600)
    page.get_by_role("button", name="发布需求").tap()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.fill("input[name=address]", OFFICER)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").tap()
    expect(page).to_have_url(re.compile("/post/help"))
    assert page.locator("textarea[name=text]").input_value() == words
    context.close()
