"""Projects: an officer makes one from an outline and publishes it on a phone; an enterprise looks
for one with filters and puts two side by side, on a desktop and on a phone.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from exchange.admin.city import PASSWORD
from tests.browser.conftest import listen, phone_options
from tests.running_site import RunningSite

OFFICER, ENTERPRISE = "19900000001", "19900000002"
DESKTOP = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"}
SCREENS = {"phone": phone_options(), "desktop": DESKTOP}


@pytest.fixture(params=["phone", "desktop"])
def page(
    request: pytest.FixtureRequest, browser: Browser, site: RunningSite, complaints: list[str]
) -> Iterator[Page]:
    """A phone, then a desktop, both in Chinese."""
    options: dict[str, Any] = SCREENS[request.param]
    context = browser.new_context(base_url=site.address, **options)
    listen(context, complaints)
    opened = context.new_page()
    opened.goto("/locale/zh")
    yield opened
    context.close()


def sign_in(page: Page, phone: str) -> None:
    page.goto("/sign-in")
    page.fill("input[name=address]", phone)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(re.compile(r"/(today)?$"))


def fits(page: Page) -> None:
    """Nothing stands out at the side."""
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, page.url


def test_an_officer_makes_a_project_from_an_outline_and_publishes_it(page: Page) -> None:
    sign_in(page, OFFICER)
    page.goto("/projects")
    page.get_by_role("link", name="发起项目").first.click()
    page.get_by_role("link", name="人才培训", exact=True).click()
    width = (page.viewport_size or {})["width"]
    title = f"教三十个年轻人做直播（{width}）"
    page.fill("input[name=title]", title)
    page.fill("textarea[name=aim]", "教会三十个年轻人拍视频、做直播，年底前有一半人自己开张。")
    fits(page)
    page.get_by_role("button", name="开始").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text("问清谁想学、学什么、几点有空", exact=True)).to_be_visible()
    page.get_by_role("link", name="预算").last.click()
    page.fill("input[name=purpose]", "老师的路费和课时费")
    page.fill("input[name=planned]", "1.2万")
    page.get_by_role("button", name="加上").click()
    expect(page.get_by_text("¥12,000").first).to_be_visible()
    page.get_by_role("link", name="返回").first.click()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布，大家都能看到了。")).to_be_visible()
    fits(page)
    page.goto("/projects?category=training")
    expect(page.get_by_role("link", name=title, exact=True).first).to_be_visible()


def test_an_enterprise_browses_with_filters_and_compares_two(page: Page) -> None:
    sign_in(page, OFFICER)
    title = f"修通组路（{(page.viewport_size or {})['width']}）"
    page.goto("/projects/new?template=infrastructure")
    page.fill("input[name=title]", title)
    page.fill("textarea[name=aim]", "把塌了的通组路修稳当，两百户走得出来。")
    page.get_by_role("button", name="开始").click()
    page.get_by_role("button", name="发布").click()
    page.context.clear_cookies()
    page.goto("/locale/zh")
    sign_in(page, ENTERPRISE)
    page.goto("/projects")
    page.locator("details.sheet > summary").click()
    page.select_option("select[name=stage]", "running")
    page.select_option("select[name=missing]", "market")
    page.locator(".sheet-foot button").click()
    expect(page).to_have_url(re.compile(r"missing=market"))
    expect(page.get_by_role("link", name="朵贝贡茶：一村一品", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name=title, exact=True)).to_have_count(0)
    fits(page)
    page.get_by_role("link", name=re.compile("对比.*朵贝贡茶")).click()
    page.get_by_role("link", name=re.compile("缺：.*移除|缺：")).first.click()
    page.get_by_role("link", name=re.compile("^全部")).first.click()
    page.get_by_role("link", name=re.compile(f"对比.*{re.escape(title)}")).first.click()
    page.get_by_role("link", name="比一比这 2 个项目").click()
    expect(page.get_by_role("columnheader")).to_have_count(2)
    expect(page.get_by_text("采茶季要 20 个志愿者帮忙分拣装袋")).to_be_visible()
    fits(page)
