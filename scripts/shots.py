"""Screenshots of a running site's pages, in both languages, on a phone and on a desktop.

``python scripts/shots.py --sign-in NAME --password WORD /listings /brokering`` writes
shots/<page>-<language>-<width>.png. Without paths it takes the pages that need no sign-in.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from urllib.parse import quote

from browsers import launch_options
from playwright.sync_api import Browser, Page, sync_playwright

PUBLIC_PAGES = ("/", "/sign-in", "/sign-up")
LANGUAGES = ("zh", "en")
SIZES = ((360, 740), (1280, 800))


def sign_in(page: Page, site: str, path: str, name: str, password: str) -> None:
    """Fill the form that has a password field and send it."""
    page.goto(site + path)
    form = page.locator("form:has(input[type=password])")
    form.locator("input:not([type=hidden]):not([type=password])").first.fill(name)
    form.locator("input[type=password]").first.fill(password)
    with page.expect_navigation():
        form.locator("input[type=password]").first.press("Enter")


def name_of(path: str) -> str:
    """A file name for a path."""
    return path.strip("/").split("?")[0].replace("/", "-") or "home"


def take(browser: Browser, given: argparse.Namespace, folder: Path) -> Iterator[Path]:
    """Take every page in both languages and sizes."""
    for language, (width, height) in product(LANGUAGES, SIZES):
        page = browser.new_page(
            viewport={"width": width, "height": height}, locale=language, reduced_motion="reduce"
        )
        if given.sign_in:
            sign_in(page, given.site, given.sign_in_path, given.sign_in, given.password)
        for path in given.paths:
            page.goto(f"{given.site}/locale/{language}?next={quote(path)}")
            target = folder / f"{name_of(path)}-{language}-{width}.png"
            page.screenshot(path=target, full_page=True)
            yield target
        page.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the arguments, take the pictures, name them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("paths", nargs="*", default=list(PUBLIC_PAGES))
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("--sign-in", help="phone number or e-mail address")
    parser.add_argument("--password", default="")
    parser.add_argument("--sign-in-path", default="/sign-in")
    parser.add_argument("--folder", type=Path, default=Path("shots"))
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for picture in take(browser, given, given.folder):
            print(picture)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
