"""Phones and office computers of people who are signed in already."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from playwright.sync_api import Browser, BrowserContext, Page, expect

from exchange.admin.city import PASSWORD
from tests.cast import Player

Key = dict[str, Any]


class Resident(NamedTuple):
    """Somebody of the demonstration's city."""

    phone: str
    password: str = PASSWORD


Known = Player | Resident


def desk_options() -> dict[str, Any]:
    """An office computer."""
    return {"viewport": {"width": 1280, "height": 800}, "timezone_id": "Asia/Shanghai"}


class Doors:
    """Opens pages for people. Each signs in once, on a page; afterwards the key is kept."""

    def __init__(
        self, browser: Browser, address: str, phone: dict[str, Any], keys: dict[str, Key],
        opened: Callable[[BrowserContext], None],
    ) -> None:  # fmt: skip
        self.browser, self.address, self.phone_options = browser, address, phone
        self.keys, self.opened = keys, opened

    def phone(self, who: Known | None = None) -> Page:
        """A cheap phone, in Chinese; of a visitor where nobody is named."""
        return self._page(who, self.phone_options)

    def desk(self, who: Known | None = None) -> Page:
        """An office computer, in Chinese."""
        return self._page(who, desk_options())

    def english_desk(self, who: Known | None = None) -> Page:
        """An office computer whose reader has chosen English."""
        page = self.desk(who)
        page.goto("/locale/en?next=/healthz")
        return page

    def _page(self, who: Known | None, options: dict[str, Any]) -> Page:
        key = self.keys.get(who.phone) if who else None
        context = self.browser.new_context(base_url=self.address, storage_state=key, **options)
        self.opened(context)
        page = context.new_page()
        if who and key is None:
            self._sign_in(page, who)
        return page

    def _sign_in(self, page: Page, who: Known) -> None:
        page.goto("/sign-in")
        page.fill("input[name=address]", who.phone)
        page.fill("input[name=password]", who.password)
        page.press("input[name=password]", "Enter")
        expect(page).to_have_url(re.compile(r"/(today)?$"))
        self.keys[who.phone] = dict(page.context.storage_state())


def fits(page: Page) -> None:
    """Nothing stands out at the side. (The inner width of a phone grows with what stands out.)"""
    root = page.locator("html")
    assert root.evaluate("root => root.scrollWidth <= root.clientWidth"), page.url


def unfold(page: Page, key: str) -> None:
    """Open a part of a match's page that is folded."""
    part = page.locator(f"#{key} > details")
    if part.get_attribute("open") is None:
        part.locator("> summary").click()


def tap(page: Page, name: str) -> None:
    """Press a button by its words, with the thumb where there is one."""
    button = page.get_by_role("button", name=name).first
    if page.evaluate("'ontouchstart' in window"):
        button.tap()
    else:
        button.click()


def choose_worker(page: Page, select: str, name: str) -> None:
    """Choose somebody by name in a list that also says what each has in hand."""
    options = page.locator(f"select[name={select}] option", has_text=name)
    page.locator(f"select[name={select}]").select_option(options.first.get_attribute("value"))
