"""Searching on a phone: narrowing, going back, being understood, and keeping a search."""

import re
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Locator, Page, expect

from exchange.admin.city import PASSWORD

OFFICER = "19900000001"


def box_of(page: Page) -> Locator:
    """The search box."""
    return page.get_by_role("combobox", name=re.compile("搜"))


def ask(page: Page, words: str) -> None:
    """Type words on the search page and tap the button."""
    page.goto("/search")
    box_of(page).fill(words)
    page.get_by_role("button", name="搜", exact=True).tap()
    expect(page).to_have_url(re.compile(re.escape("/search?q=" + quote_plus(words))))


def titles(page: Page) -> list[str]:
    """The titles of what was found."""
    return page.locator("article.listing h3").all_inner_texts()


def chip(page: Page, name: str | re.Pattern[str]) -> Locator:
    """A chip in the row of filters."""
    return page.get_by_role("navigation", name="筛选").get_by_role("link", name=name)


def has_no_sideways_scroll(page: Page) -> bool:
    """Whether the page is as wide as the phone."""
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


def reload_until_seen(page: Page, text: re.Pattern[str]) -> None:
    """Ask again until the words of the site have been counted, as on a site just started."""

    def seen() -> None:
        page.reload()
        expect(page.locator("main")).to_contain_text(text, timeout=500)

    for _time in range(40):
        try:
            seen()
        except AssertionError:
            continue
        return
    seen()


def test_a_place_in_the_words_is_a_chip_and_its_tap_takes_it_away(phone: Page) -> None:
    ask(phone, "安顺 冷链车")
    place = chip(phone, "安顺市：去掉")
    expect(place).to_be_in_viewport(ratio=1)
    expect(box_of(phone)).to_have_value("安顺 冷链车")
    assert has_no_sideways_scroll(phone)
    place.tap()
    expect(place).to_have_count(0)
    expect(box_of(phone)).to_have_value("安顺 冷链车")
    assert titles(phone) != []


def test_a_facet_narrows_and_the_way_back_leads_to_the_same_answer_at_the_same_height(
    phone: Page,
) -> None:
    ask(phone, "冷藏车")
    before, address = titles(phone), phone.url
    phone.locator("details.sheet > summary").tap()
    facet = phone.locator(".sheet-panel").get_by_role("link", name=re.compile("物流"))
    counted = int(facet.locator(".count").inner_text())
    facet.tap()
    expect(chip(phone, "物流：去掉")).to_be_visible()
    assert len(titles(phone)) == counted < len(before)
    phone.go_back()
    expect(phone).to_have_url(address)
    assert titles(phone) == before
    expect(box_of(phone)).to_have_value("冷藏车")

    # To a listing far down, and back to where it stood.
    last = phone.locator("article.listing h3 a").last
    last.scroll_into_view_if_needed()
    height = phone.evaluate("window.scrollY")
    assert height > 0
    last.tap()
    expect(phone).to_have_url(re.compile("/listings/"))
    phone.go_back()
    expect(phone).to_have_url(address)
    expect(last).to_be_in_viewport()
    phone.wait_for_function("height => Math.abs(window.scrollY - height) < 100", arg=height)
    expect(box_of(phone)).to_have_value("冷藏车")


@pytest.mark.parametrize(
    ("typed", "meant"), [("lengku", "冷库"), ("冷裤", "冷库")], ids=["pinyin", "same_sound"]
)
def test_a_wrong_spelling_is_mended_says_so_and_can_be_searched_as_typed(
    phone: Page, typed: str, meant: str
) -> None:
    ask(phone, typed)
    reload_until_seen(phone, re.compile(f"现在显示“{meant}”的结果"))
    assert any(meant in title for title in titles(phone))
    expect(box_of(phone)).to_have_value(typed)
    phone.get_by_role("link", name=f"仍然搜索“{typed}”").tap()
    expect(phone).to_have_url(re.compile("literal=spelling"))
    expect(phone.locator("main")).not_to_contain_text("现在显示")
    expect(box_of(phone)).to_have_value(typed)


def test_where_the_filters_leave_nothing_the_wider_answer_says_that_it_is_wider(
    phone: Page,
) -> None:
    phone.goto("/search?q=蚕茧&category=logistics&terms=free&urgency=urgent")
    expect(phone.locator(".notice")).to_contain_text("按这些条件没有找到")
    assert any("蚕茧" in title for title in titles(phone))
    expect(chip(phone, "物流：去掉")).to_be_visible()


def test_where_nothing_is_found_at_all_there_are_ways_on(phone: Page) -> None:
    phone.goto('/search?q="紫色的大象"&terms=free')
    expect(phone.get_by_role("heading", name="没找到")).to_be_visible()
    assert titles(phone) == []
    for way in ("不限条件再搜", "求帮助", "我能帮", "关注这个搜索"):
        expect(phone.locator("main").get_by_role("link", name=way)).to_be_visible()
    phone.get_by_role("link", name="求帮助").tap()
    expect(phone).to_have_url(re.compile("/post/help"))


def test_a_search_is_saved_and_found_again_among_ones_own(phone: Page) -> None:
    phone.goto("/search?q=核桃")
    phone.get_by_role("link", name="关注这个搜索").tap()
    phone.fill("input[name=address]", OFFICER)
    phone.fill("input[name=password]", PASSWORD)
    phone.get_by_role("button", name="登录").tap()
    expect(phone).to_have_url(re.compile(r"/search\?"))
    phone.get_by_label("多久告诉您一次").select_option(label="每周一")
    phone.get_by_role("button", name="关注这个搜索").tap()
    expect(phone.get_by_role("status").filter(has_text="已关注这个搜索")).to_be_visible()
    expect(phone.locator("main")).to_contain_text("已关注这个搜索：每周一")
    phone.get_by_role("link", name="我的", exact=True).tap()
    phone.get_by_role("link", name="我关注的搜索").tap()
    line = phone.locator("main .card").filter(has_text="核桃")
    expect(line).to_contain_text("每周一")
    line.get_by_role("link", name="看结果").tap()
    expect(box_of(phone)).to_have_value("核桃")


def test_a_suggestion_is_chosen_by_touch_on_the_home_page(phone: Page) -> None:
    phone.goto("/")
    box_of(phone).tap()
    box_of(phone).press_sequentially("leng", delay=10)
    option = phone.get_by_role("option", name=re.compile("冷链运输"))
    expect(option).to_be_in_viewport(ratio=1)
    option.tap()
    expect(phone).to_have_url(re.compile(r"category=logistics\.coldchain"))
    expect(chip(phone, "冷链运输：去掉")).to_be_in_viewport(ratio=1)
    assert titles(phone) != []
