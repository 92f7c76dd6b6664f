"""Suggestions under the search box, on a phone."""

import re

from playwright.sync_api import Page, Route, expect


def test_type_arrow_choose_and_find_it_again(phone: Page) -> None:
    phone.goto("/")
    box = phone.get_by_role("combobox", name=re.compile("搜"))
    options = phone.locator(".suggest [role=option]")
    box.tap()
    box.press_sequentially("鲜笋 lengl", delay=20)
    expect(options).to_have_text([re.compile("鲜笋 · 冷链运输")])
    assert (options.first.bounding_box() or {})["height"] >= 44
    expect(phone.get_by_role("status").filter(has_text="有 1 条提示")).to_have_count(1)
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("鲜笋 lengl")
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    box.press("Enter")
    expect(phone).to_have_url(re.compile(r"category=logistics\.coldchain"))
    expect(box).to_have_value("鲜笋")

    # What was searched stays on this phone, and goes when one says so.
    box.fill("")
    expect(options).to_have_text(["鲜笋", "清除搜索记录"])
    options.last.tap()
    assert phone.evaluate("Object.keys(localStorage)") == []
    expect(box).to_have_attribute("aria-expanded", "false")
    box.tap()
    expect(box).to_have_attribute("aria-expanded", "false")


def test_a_place_becomes_a_filter_and_the_others_stay(phone: Page) -> None:
    phone.goto("/offers?category=logistics")
    box = phone.get_by_role("combobox", name=re.compile("搜"))
    box.tap()
    box.press_sequentially("puding", delay=20)
    phone.get_by_role("option", name="普定县").tap()
    expect(phone).to_have_url(re.compile("/offers"))
    assert "division=520422" in phone.url
    assert "category=logistics" in phone.url


def test_without_the_network_the_box_is_a_box(phone: Page, complaints: list[str]) -> None:
    def lose(route: Route) -> None:
        route.abort()

    phone.route("**/search/suggest**", lose)
    phone.goto("/")
    box = phone.get_by_role("combobox", name=re.compile("搜"))
    box.fill("冷链")
    phone.wait_for_timeout(400)
    expect(phone.locator(".suggest [role=option]")).to_have_count(0)
    expect(phone.locator(".flash")).to_have_count(0)
    box.press("Enter")
    expect(phone).to_have_url(re.compile("/search\\?q="))
    complaints.clear()  # the browser itself notes the lost request
