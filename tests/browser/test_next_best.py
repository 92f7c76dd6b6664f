"""A no by the link of a message, and the social worker takes the next best pair up there."""

import re

from playwright.sync_api import Page, expect

from exchange.listings.kinds import Side
from tests.browser.county import County
from tests.browser.doors import Doors, fits, tap


def test_a_no_on_the_phone_and_the_next_best_pair(
    county: County, phone: Page, doors: Doors
) -> None:
    pair = county.asked_of_two("手机上")
    phone.goto(county.link(pair, Side.NEED))
    phone.locator("summary", has_text="不了，谢谢").tap()
    phone.get_by_role("button", name="时间不合适").tap()
    expect(phone.get_by_text("您说了不行")).to_be_visible()
    worker = doors.phone(county.worker)
    worker.goto(pair.path)
    expect(worker.get_by_role("heading", name="还有谁合适")).to_be_visible()
    fits(worker)
    tap(worker, "换这一对来接")
    expect(worker).not_to_have_url(re.compile(pair.path + "$"))
    worker.locator("summary", has_text="放回，让别人来接").tap()
    worker.locator("#step-release select").select_option("not_mine")
    worker.locator("#step-release button").tap()


def test_a_no_at_the_desk_and_the_other_side_reads_of_it(
    county: County, desktop: Page, doors: Doors
) -> None:
    pair = county.asked_of_two("电脑上")
    need, offer = county.link(pair, Side.NEED), county.link(pair, Side.OFFER)
    desktop.goto(offer)
    desktop.locator("summary", has_text="No, thank you").click()
    desktop.get_by_role("button", name="The time does not suit").click()
    expect(desktop.get_by_text("You said no.")).to_be_visible()
    desktop.goto(need)
    expect(desktop.get_by_text("The other side has said no")).to_be_visible()
    worker = doors.english_desk(county.worker)
    worker.goto(pair.path)
    expect(worker.get_by_role("heading", name="Who else may fit")).to_be_visible()
    worker.get_by_role("button", name="Take this one up instead").first.click()
    expect(worker.get_by_text("Taken up in place of the one that ended.")).to_be_visible()
    expect(worker).not_to_have_url(re.compile(pair.path + "$"))
    worker.locator("summary", has_text="Give it back to the queue").click()
    worker.locator("#step-release select").select_option("not_mine")
    worker.get_by_role("button", name="Give the pair back").click()
    expect(worker.get_by_text("It is back in the queue")).to_be_visible()
