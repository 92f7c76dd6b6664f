"""Signed links, a no with the next best pair, and a lapse: on a phone and on a desktop."""

import re

from playwright.sync_api import Page, expect

from exchange.admin.city import PASSWORD
from tests.browser.behind import behind
from tests.browser.test_journey import BROKER, reload_until
from tests.running_site import RunningSite


def sign_in(page: Page, phone_number: str) -> None:
    page.goto("/sign-in")
    page.fill("input[name=address]", phone_number)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    expect(page).to_have_url(re.compile(r"/(today)?$"))


def test_a_side_answers_by_link_in_two_taps_and_only_once(
    site: RunningSite, phone: Page, complaints: list[str]
) -> None:
    with behind(site.folder) as site_behind:
        asked = site_behind.ask(BROKER)
    phone.goto(asked.need)  # the first tap, in the message
    expect(phone.get_by_role("heading", name="要不要给您牵这个线")).to_be_visible()
    expect(phone.get_by_text("请看看合不合适")).to_be_visible()
    phone.get_by_role("button", name="同意，牵线吧").tap()
    expect(phone.get_by_text("您同意了")).to_be_visible()
    complaints.clear()
    phone.goto(asked.need)
    expect(phone.get_by_role("button", name="同意，牵线吧")).to_have_count(0)
    expect(phone.get_by_role("link", name="登录").last).to_be_visible()
    phone.goto("/a/" + "x" * 24)
    expect(phone.get_by_text("这个链接打不开")).to_be_visible()
    complaints.clear()  # that page is a 404 on purpose


def test_an_expired_link_says_so_and_the_pair_lapses(
    site: RunningSite, phone: Page, complaints: list[str]
) -> None:
    with behind(site.folder) as site_behind:
        asked = site_behind.ask(BROKER)
        phone.goto(asked.offer)
        site_behind.let_lapse(asked.path)
    reload_until(phone, lambda: phone.get_by_text("已经作废").count() > 0, "the lapse")
    expect(phone.get_by_role("button", name="同意，牵线吧")).to_have_count(0)
    sign_in(phone, BROKER)
    phone.goto(asked.path)
    expect(phone.get_by_text("到时间没有回音").or_(phone.get_by_text("已作废")).first).to_be_visible()
    expect(phone.get_by_role("heading", name="还有谁合适")).to_be_visible()
