"""News of a project: an officer posts them, somebody who follows finds them."""

import re

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.devices import DESKTOP, PHONE, Device, Screen
from tests.browser.doors import Resident
from tests.projects.news_scene import camera_picture

OFFICER, FOLLOWER = Resident("19900000001"), Resident("19900000007")
TITLE = "朵贝老茶园改造和小加工坊"
PLANTED = {PHONE: (1500, "1,500 株"), DESKTOP: (1600, "1,600 plants")}
WAIT = 1500  # milliseconds, longer than the page waits before it reads the words


def project_path(page: Page) -> str:
    """The news of the demonstration's project, by the feed of everywhere."""
    feed = page.request.get("/projects/news.atom").text()
    entry = next(part for part in feed.split("<entry>") if TITLE in part and "<id>" in part)
    found = re.search(r"/projects/(\w+)/news/\w+", entry)
    assert found
    return f"/projects/{found.group(1)}/news"


def test_an_officer_posts_with_a_picture_and_figures_and_a_follower_finds_it(
    device: Device,
) -> None:
    follower, officer = device.of(FOLLOWER), device.of(OFFICER)
    path = project_path(follower.page)
    follower.page.goto(path)
    follower.press("Follow")
    follower.reads("You follow this project: its news comes to your messages.")
    number, amount = PLANTED[device.name]
    words = f"今天新栽茶苗 {number} 株。"
    post(officer, path, words, amount)
    find(follower, words, amount)
    follower.page.goto(path)
    follower.press("Follow no more")
    follower.reads("You do not follow this project any more.")


def post(officer: Screen, path: str, words: str, amount: str) -> None:
    """Words, a figure that the page reads in them, and a picture on which no child is."""
    picture = FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=camera_picture())
    page = officer.page
    page.goto(path)
    officer.fits()
    officer.follow("Post news")
    officer.fits()
    page.locator("textarea[name=text]").press_sequentially(words, delay=15)
    page.wait_for_timeout(WAIT)
    officer.act(page.get_by_text(f"新栽茶苗 {amount}"))
    page.locator("input[name=photos]").set_input_files([picture])
    officer.press("Send it out")
    expect(page).to_have_url(re.compile("/new$"))  # the answer is asked for, nothing is sent
    officer.act(page.get_by_text(officer.words("No child can be recognised"), exact=True))
    officer.press("Send it out")
    officer.reads("Posted. Thank you.")
    expect(page.locator("dd", has_text=amount)).to_be_visible()
    expect(page.locator(".shots img")).to_have_count(1)
    officer.fits()


def find(follower: Screen, words: str, amount: str) -> None:
    """The message comes, and leads to the news."""
    page = follower.page
    news = "News of “%(title)s”: %(words)s"
    said = page.get_by_text(follower.sentence(news, title=TITLE, words=words))
    for _ in range(20):
        page.goto("/notices")
        if said.count():
            break
        page.wait_for_timeout(500)
    expect(said).to_have_count(1)
    follower.fits()
    follower.press("Look")
    expect(page.locator("dd", has_text=amount)).to_be_visible()
