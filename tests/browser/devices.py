"""What a journey is walked on: a cheap phone read in Chinese, or an office computer in English.

A journey that asks for ``device`` is walked on both in full, and on one that is drawn from the
seed elsewhere. It names what it looks for by the English sentence in the code; on a phone the
catalogue says how that reads in Chinese.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from gettext import translation
from random import Random

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.doors import Doors, Known, fits
from tests.conftest import IS_FULL, SEED_VARIABLE, is_asked_for
from tests.running_site import ROOT

PHONE, DESKTOP = "phone", "desktop"
CHINESE = translation("messages", ROOT / "exchange" / "translations", ["zh"])
VALUE = r"%\((\w+)\)s"


def walked_on(journey: str, config: pytest.Config) -> Sequence[str]:
    """The devices of a journey; those of a journey that was asked for by name are both."""
    devices = (PHONE, DESKTOP)
    if IS_FULL or is_asked_for(config):
        return devices
    return [Random(f"{os.environ[SEED_VARIABLE]} {journey}").choice(devices)]


@dataclass(frozen=True)
class Screen:
    """A page on a device, in the language that is read there."""

    page: Page
    is_phone: bool

    def words(self, english: str, **values: object) -> str:
        """What stands on the page for a sentence in the code."""
        chinese = CHINESE.gettext(english)
        assert chinese != english, f"no page says {english!r}"
        said = chinese if self.is_phone else english
        return said % values if values else said

    def sentence(self, english: str, **values: object) -> re.Pattern[str]:
        """The same with whatever stands for the values that are not given."""
        words, *more = re.split(VALUE, self.words(english))
        pattern = re.escape(words)
        for name, following in zip(more[::2], more[1::2], strict=True):
            pattern += re.escape(str(values[name])) if name in values else ".*"
            pattern += re.escape(following)
        return re.compile(pattern)

    def act(self, target: Locator) -> None:
        """With the thumb on a phone, with the mouse on a desktop."""
        if self.is_phone:
            target.tap()
        else:
            target.click()

    def button(self, english: str, **values: object) -> Locator:
        """The first button that says exactly this."""
        said = self.words(english, **values)
        return self.page.get_by_role("button", name=said, exact=True).first

    def link(self, english: str, **values: object) -> Locator:
        """The first link that says exactly this."""
        said = self.words(english, **values)
        return self.page.get_by_role("link", name=said, exact=True).first

    def press(self, english: str, **values: object) -> None:
        """Press a button."""
        self.act(self.button(english, **values))

    def follow(self, english: str, **values: object) -> None:
        """Follow a link."""
        self.act(self.link(english, **values))

    def reads(self, english: str, **values: object) -> None:
        """Wait until the page says it."""
        said = self.page.get_by_text(self.sentence(english, **values))
        expect(said.filter(visible=True).first).to_be_visible()

    def fits(self) -> None:
        """Nothing stands out at the side."""
        fits(self.page)


@dataclass(frozen=True)
class Device:
    """The phones, or the desktops, of all who take part in a journey."""

    name: str
    doors: Doors

    @property
    def is_phone(self) -> bool:
        return self.name == PHONE

    def of(self, who: Known | None = None) -> Screen:
        """Somebody's own, signed in; of a visitor where nobody is named."""
        page = self.doors.phone(who) if self.is_phone else self.doors.english_desk(who)
        return Screen(page, self.is_phone)
