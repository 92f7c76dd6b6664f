"""The pictures of docs/coordinators.md, from a running demonstration city; it reads pages only.

``python scripts/coordinator_pictures.py --site http://127.0.0.1:8000`` writes
docs/images/coordinators/*.png, each with a palette of its own so that it stays small.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from browsers import launch_options
from playwright.sync_api import Browser, Page, sync_playwright
from readme_pictures import PASSWORD, PHONE, shrink
from shots import sign_in

FOLDER = Path(__file__).parent.parent / "docs" / "images" / "coordinators"
LEADER = "19900000001"
MOST_BYTES = 80_000
TITLE = "周六一起清扫古茶步道"
RUNNING = "村图书室整理"


@dataclass(frozen=True)
class Picture:
    """A page of a coordinator: reached by links with these words, one after the other.

    ``heading`` is the one scrolled to, if any.
    """

    name: str
    path: str
    words: tuple[str, ...] = ()
    heading: str = ""


PICTURES = (
    Picture("managed", "/my/activities"),
    Picture("people", "/activities", (TITLE, "谁来"), "还没回音"),
    Picture("write", "/activities", (TITLE, "谁来", "给他们发消息")),
    Picture("copy", "/activities", (TITLE, "修改", "复制")),
    Picture("list", "/attendance/", (RUNNING,)),
    Picture("code", "/attendance/", (RUNNING, "出示签到码")),
    Picture("hours", "/volunteer-hours"),
)


def open_page(page: Page, site: str, picture: Picture) -> None:
    """Go there as a coordinator does, and scroll to the heading."""
    page.goto(site + picture.path)
    for words in picture.words:
        link = page.locator("main").get_by_role("link", name=re.compile(re.escape(words))).first
        target = link.get_attribute("href") or "/"
        page.goto(f"{site}{target}")
    if picture.heading:
        heading = page.get_by_role("heading", name=re.compile(picture.heading)).first
        heading.evaluate("one => one.scrollIntoView({block: 'center'})")


def take(browser: Browser, site: str) -> dict[str, bytes]:
    """All pictures by name, as one coordinator sees them on a phone."""
    page: Page = browser.new_page(
        viewport={"width": PHONE[0], "height": PHONE[1]}, locale="zh", reduced_motion="reduce"
    )
    sign_in(page, site, "/sign-in", LEADER, PASSWORD)
    page.goto(f"{site}/locale/zh?next=/healthz")
    found = {}
    for picture in PICTURES:
        open_page(page, site, picture)
        found[picture.name] = shrink(page.screenshot())
    page.close()
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Take all pictures and say how large they are; one that is too large is a failure."""
    parser = argparse.ArgumentParser(description="The pictures of docs/coordinators.md.")
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    given = parser.parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    too_large = False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for name, small in take(browser, given.site).items():
            (FOLDER / f"{name}.png").write_bytes(small)
            print(f"{name}.png {len(small):,} bytes")
            too_large = too_large or len(small) > MOST_BYTES
        browser.close()
    return int(too_large)


if __name__ == "__main__":
    sys.exit(main())
