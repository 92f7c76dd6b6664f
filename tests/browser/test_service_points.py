"""A supervisor on a phone: figures, the list behind one, and all cases of a worker handed over."""

import re

from playwright.sync_api import Page, expect

from tests.browser.doors import fits


def sign_in(page: Page, phone: str) -> None:
    page.goto("/sign-in")
    page.locator("input[name=address]").fill(phone)
    page.locator("input[name=password]").fill("qianxian-demo")
    page.locator("button.main-act").click()
    page.wait_for_url(re.compile(r"^(?!.*sign-in)"))


def test_figures_lists_and_a_handover_on_a_phone(phone: Page) -> None:
    sign_in(phone, "19900000005")
    phone.goto("/centre")
    expect(phone.get_by_role("heading", name="等待时间")).to_be_visible()
    live = phone.locator(".figure", has_text="进行中的对接").locator("a").first
    count = int(live.inner_text())
    live.tap()
    expect(phone.locator(".case-line")).to_have_count(count)
    phone.goto("/centre")
    phone.get_by_role("link", name="移交", exact=True).first.tap()
    expect(phone).to_have_url(re.compile("/handover$"))
    cases = phone.locator("details.case")
    before = cases.count()
    assert before >= count
    cases.first.locator("summary").tap()
    words = cases.first.locator("textarea")
    expect(words).to_have_value(re.compile("进度："))
    words.fill("先打电话给村里")
    phone.locator("select[name=all_to]").select_option("share")
    phone.get_by_role("button", name="全部移交").tap()
    expect(phone).to_have_url(re.compile("/handovers/"))
    expect(phone.locator("article.card")).to_have_count(before)
    expect(phone.get_by_text("先打电话给村里")).to_be_visible()
    fits(phone)
