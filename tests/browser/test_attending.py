"""The coordinator's list works without a network once it was opened; ticks are sent later."""

import pytest
from playwright.sync_api import expect

from tests.browser.county import COUNTY, County
from tests.browser.doors import Doors, fits
from tests.browser.shifts import HOUR, plan

pytestmark = pytest.mark.browser


def test_a_list_that_was_opened_is_ticked_without_a_network_and_sent_later(
    county: County, doors: Doors, complaints: list[str]
) -> None:
    planned = plan(county, "凯里环保协会", "清理河道")
    planned.place_for(county.cast.make_player("王小明", COUNTY))
    planned.move(-HOUR, HOUR)
    page = doors.phone(planned.manager)
    page.goto("/attendance/")
    fits(page)
    page.get_by_role("link", name="清理河道").first.click()
    page.goto(f"/attendance/shifts/{planned.shift}")
    fits(page)
    expect(page.get_by_text("已经留在这部手机上")).to_be_visible()
    page.context.set_offline(True)
    page.reload()
    came = page.get_by_label("到了", exact=True).first
    page.get_by_text("到了", exact=True).first.tap()
    expect(page.get_by_text("还有 1 条没发出去")).to_be_visible()
    page.reload()
    expect(came).to_be_checked()
    expect(page.get_by_text("还有 1 条没发出去")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("都存好了")).to_be_visible(timeout=60_000)
    page.reload()
    expect(came).to_be_checked()
    expect(page.get_by_text("还有 1 条没发出去")).to_have_count(0)
    complaints.clear()  # without a network a browser complains of each request
