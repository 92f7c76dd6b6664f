"""News of a project on a phone: an officer posts them, somebody who follows finds them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, FilePayload, Page, expect

from exchange.admin.city import PASSWORD
from tests.browser.conftest import listen, phone_options
from tests.projects.news_scene import camera_picture
from tests.running_site import RunningSite

OFFICER, FOLLOWER = "19900000001", "19900000007"
TITLE = "朵贝老茶园改造和小加工坊"
WAIT = 1500  # milliseconds, longer than the page waits before it reads the words


@contextmanager
def phone_of(browser: Browser, site: RunningSite, heard: list[str], who: str) -> Iterator[Page]:
    """A phone on which somebody is signed in."""
    context = browser.new_context(base_url=site.address, **phone_options())
    listen(context, heard)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("input[name=address]", who)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").tap()
    expect(page).to_have_url(re.compile(r"/(today)?$"))
    yield page
    context.close()


def project_path(page: Page) -> str:
    """The news of the demonstration's project, by the feed of everywhere."""
    feed = page.request.get("/projects/news.atom").text()
    entry = next(part for part in feed.split("<entry>") if TITLE in part and "<id>" in part)
    found = re.search(r"/projects/(\w+)/news/\w+", entry)
    assert found
    return f"/projects/{found.group(1)}/news"


def test_an_officer_posts_with_a_picture_and_figures_and_a_follower_finds_it(
    browser: Browser, site: RunningSite, complaints: list[str]
) -> None:
    picture = FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=camera_picture())
    with (
        phone_of(browser, site, complaints, FOLLOWER) as follower,
        phone_of(browser, site, complaints, OFFICER) as officer,
    ):
        path = project_path(follower)
        follower.goto(path)
        follower.get_by_role("button", name="关注", exact=True).tap()
        expect(follower.get_by_text("已关注，有动态会告诉您。")).to_be_visible()

        officer.goto(path)
        officer.get_by_role("link", name="发动态").tap()
        box = officer.locator("textarea[name=text]")
        box.press_sequentially("今天新栽茶苗 1500 株。", delay=15)
        officer.wait_for_timeout(WAIT)
        officer.get_by_text("新栽茶苗 1,500 株").tap()
        officer.locator("input[name=photos]").set_input_files([picture])
        officer.get_by_role("button", name="发出去").tap()
        expect(officer).to_have_url(re.compile("/new$"))  # the answer is asked for, nothing is sent
        officer.get_by_text("认不出孩子", exact=True).tap()
        officer.get_by_role("button", name="发出去").tap()
        expect(officer.get_by_text("发出去了，谢谢。")).to_be_visible()
        expect(officer.locator("dd", has_text="1,500 株")).to_be_visible()
        expect(officer.locator(".shots img")).to_have_count(1)
        width = officer.evaluate("document.documentElement.scrollWidth")
        assert width <= 360

        said = re.compile("有新动态：今天新栽茶苗")
        for _ in range(20):
            follower.goto("/notices")
            if follower.get_by_text(said).count():
                break
            follower.wait_for_timeout(500)
        expect(follower.get_by_text(said)).to_have_count(1)
        follower.get_by_role("button", name="去看看").first.tap()
        expect(follower.locator("dd", has_text="1,500 株")).to_be_visible()
