"""Typing like people type, on a phone: with pauses, second thoughts, and before signing in."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from exchange.admin.city import PASSWORD
from tests.browser.conftest import listen, phone_options
from tests.running_site import RunningSite

OFFICER = "19900000001"
PAUSE = 1500  # milliseconds, longer than the page waits before it asks


@pytest.fixture
def page(browser: Browser, site: RunningSite, complaints: list[str]) -> Iterator[Page]:
    """A phone of one's own."""
    context = browser.new_context(base_url=site.address, **phone_options())
    listen(context, complaints)
    yield context.new_page()
    context.close()


def sign_in(page: Page) -> None:
    """Fill in the sign-in form that is open."""
    page.fill("input[name=address]", OFFICER)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").tap()


def signed_in_at(page: Page, address: str) -> None:
    page.goto("/sign-in")
    sign_in(page)
    expect(page).to_have_url(re.compile(r"/(today)?$"))
    opened(page, address)


def opened(page: Page, address: str) -> None:
    """The page, after the first chips have come for an empty one."""
    page.goto(address)
    page.wait_for_timeout(PAUSE)


def type_on(page: Page, words: str) -> None:
    """Type at the end of what stands there, then stop for a while."""
    box = page.locator("textarea[name=text]")
    box.press("Control+End")
    box.press_sequentially(words, delay=15)
    page.wait_for_timeout(PAUSE)


def test_a_quantity_and_a_day_said_after_pauses_are_on_the_listing(page: Page) -> None:
    signed_in_at(page, "/post/help")
    type_on(page, "请帮村里")
    type_on(page, "找47名会剪枝的师傅教果农，")
    expect(page.locator("#keep-quantity")).to_be_checked()
    type_on(page, "12月15日前来")
    expect(page.locator("label[for=keep-dates]")).to_have_text("12 月 15 日前")
    expect(page.locator("#keep-dates")).to_be_checked()
    page.get_by_role("button", name="发布需求").tap()
    expect(page).to_have_url(re.compile(r"/listings/[a-z0-9]{14}$"))
    expect(page.locator("main")).to_contain_text("47 人")
    expect(page.locator("main")).to_contain_text("12 月 15 日")


def test_a_second_thought_changes_the_category_and_children_stay_private(page: Page) -> None:
    signed_in_at(page, "/post/help")
    type_on(page, "村里缺冷藏车")
    chosen = page.locator("input[name=guess]:checked")
    expect(chosen).to_have_value("logistics.coldchain")
    page.locator("textarea[name=text]").fill("")
    type_on(page, "请给38名留守儿童找暑假补课的老师")
    expect(chosen).not_to_have_value("logistics.coldchain")
    page.get_by_role("button", name="发布需求").tap()
    expect(page).to_have_url(re.compile(r"/listings/[a-z0-9]{14}$"))
    expect(page.locator("main")).to_contain_text("只有社工")


def test_the_place_chosen_before_signing_in_stays_and_is_shown(page: Page) -> None:
    page.goto("/post/help")
    page.locator("textarea[name=text]").fill("村里想修一段水渠，" * 200)  # too long for a cookie
    expect(page.get_by_text("我们这样理解").first).to_be_visible()  # it moves what is below
    page.fill("#division-text", "化处")
    page.get_by_role("option", name="化处镇").first.tap()
    expect(page.locator("[data-place-code]")).to_have_value(re.compile(r"^520422"))
    code = page.locator("[data-place-code]").input_value()
    page.wait_for_timeout(PAUSE)
    page.get_by_role("button", name="发布需求").tap()
    expect(page).to_have_url(re.compile("/sign-in"))
    sign_in(page)
    expect(page).to_have_url(re.compile("/post/help"))
    expect(page.locator("[data-place-shown]")).to_have_text("普定县 化处镇")
    assert page.locator("[data-place-code]").input_value() == code


def test_the_question_about_a_duplicate_is_before_the_eyes_and_one_tap_goes_on(page: Page) -> None:
    words = "小学的图书角还缺六百本连环画，请好心人帮忙找一找"
    signed_in_at(page, "/post/help")
    for _time in range(2):
        page.locator("textarea[name=text]").fill("")
        type_on(page, words)
        page.get_by_role("button", name="发布需求").tap()
        if _time == 0:
            expect(page).to_have_url(re.compile(r"/listings/[a-z0-9]{14}$"))
            opened(page, "/post/help")
    page.wait_for_timeout(PAUSE)
    question = page.get_by_role("alert")
    expect(question).to_contain_text("您已经发过这条")
    expect(question).to_be_focused()
    again = question.get_by_role("button", name="还要再发一条")
    box, bar = again.bounding_box(), page.locator(".thumb-bar").bounding_box()
    assert box is not None
    assert bar is not None
    assert 0 < box["y"] < box["y"] + box["height"] <= bar["y"]
    again.tap()
    expect(page).to_have_url(re.compile(r"/listings/[a-z0-9]{14}$"))
