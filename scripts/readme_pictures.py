"""The pictures of the README, from a running demonstration city; it reads pages, it posts nothing.

``python scripts/readme_pictures.py --site http://127.0.0.1:8000`` writes docs/images/*.png, each
with a palette of its own so that it stays small.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from browsers import launch_options
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from shots import sign_in

FOLDER = Path(__file__).parent.parent / "docs" / "images"
PASSWORD = "qianxian-demo"  # noqa: S105 - printed at every start of a demonstration
OFFICER, BROKER = "19900000001", "19900000003"
PHONE, DESK = (390, 780), (1200, 780)
OWN_LISTING = "main a[href^='/listings/']"
MOST_BYTES = 120_000


@dataclass(frozen=True)
class Picture:
    """A page as somebody sees it.

    ``follow`` is the link taken from there and ``heading`` the one scrolled to, if any.
    """

    name: str
    path: str
    language: str
    size: tuple[int, int]
    who: str = ""
    follow: str = ""
    heading: str = ""


PICTURES = (
    Picture("home-zh", "/", "zh", PHONE),
    Picture("ask-zh", "/post/help", "zh", PHONE, OFFICER),
    Picture("listing-zh", "/my/listings", "zh", PHONE, OFFICER, OWN_LISTING, "可能合适的"),
    Picture("search-en", "/search?q=cold+chain", "en", PHONE),
    Picture("queue-zh", "/today", "zh", DESK, BROKER),
    Picture("home-en", "/", "en", DESK),
    Picture("match-en", "/matches", "en", DESK, BROKER, "main a[href^='/matches/']"),
)


def take(browser: Browser, site: str, picture: Picture) -> bytes:
    """The part of the page that a visitor sees first, as a PNG."""
    width, height = picture.size
    page: Page = browser.new_page(
        viewport={"width": width, "height": height},
        locale=picture.language,
        reduced_motion="reduce",
    )
    if picture.who:
        sign_in(page, site, "/sign-in", picture.who, PASSWORD)
    page.goto(f"{site}/locale/{picture.language}?next=/")
    page.goto(site + picture.path)
    if picture.follow:
        target = page.locator(picture.follow).first.get_attribute("href")
        page.goto(f"{site}{target}")
    if picture.heading:
        heading = page.get_by_role("heading", name=picture.heading)
        heading.evaluate("one => one.scrollIntoView({block: 'start'})")
        page.mouse.wheel(0, -80)
    taken = page.screenshot()
    page.close()
    return taken


def shrink(png: bytes) -> bytes:
    """The same picture with at most 128 colours."""
    out = BytesIO()
    picture = Image.open(BytesIO(png)).convert("RGB")
    picture.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    """Take all pictures and say how large they are."""
    parser = argparse.ArgumentParser(description="The pictures of the README.")
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    given = parser.parse_args(arguments)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for picture in PICTURES:
            small = shrink(take(browser, given.site, picture))
            (FOLDER / f"{picture.name}.png").write_bytes(small)
            print(f"{picture.name}.png {len(small):,} bytes")
            if len(small) > MOST_BYTES:
                print(f"{picture.name}.png is larger than {MOST_BYTES:,} bytes", file=sys.stderr)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
