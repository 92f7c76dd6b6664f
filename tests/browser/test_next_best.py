"""A no on the phone, and the social worker takes the next best pair up there."""

import re

from playwright.sync_api import Page, expect

from tests.browser.behind import behind
from tests.browser.doors import tap
from tests.browser.test_journey import BROKER
from tests.browser.test_life import sign_in
from tests.running_site import RunningSite


def test_a_no_on_the_phone_and_the_next_best_pair(
    site: RunningSite, phone: Page, complaints: list[str]
) -> None:
    with behind(site.folder) as site_behind:
        asked = site_behind.ask(BROKER, others=1)
    phone.goto(asked.need)
    phone.locator("summary", has_text="不了，谢谢").tap()
    phone.get_by_role("button", name="时间不合适").tap()
    expect(phone.get_by_text("您说了不行")).to_be_visible()
    sign_in(phone, BROKER)
    phone.goto(asked.path)
    expect(phone.get_by_role("heading", name="还有谁合适")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tap(phone, "换这一对来接")
    expect(phone).not_to_have_url(re.compile(asked.path + "$"))
    phone.locator("summary", has_text="放回，让别人来接").tap()
    phone.locator("#step-release select").select_option("not_mine")
    phone.locator("#step-release button").tap()
