"""A no on the phone, and the social worker takes the next best pair up there."""

import re

from playwright.sync_api import Page, expect

from exchange.listings.kinds import Side
from exchange.listings.values import ListingValues
from exchange.taxonomy.terms import Terms
from tests.browser.county import CITY, COUNTY, County
from tests.browser.doors import Doors, tap


def listing(title: str, text: str, *coverage: str) -> ListingValues:
    return ListingValues(
        title=title, text=text, category_code="equipment.processing", division_code=COUNTY,
        terms=Terms.FREE, coverage=coverage,
    )  # fmt: skip


def test_a_no_on_the_phone_and_the_next_best_pair(
    county: County, phone: Page, doors: Doors
) -> None:
    need_id = county.post(
        Side.NEED, "烤房", listing("修两座烤房", "村里两座密集烤房坏了，要人来修。")
    )
    for key in ("检修一队", "检修二队"):
        text = "修密集烤房，自带配件，可下村。"
        county.post(Side.OFFER, key, listing(f"烤房{key}", text, CITY))
    best, *_others = county.wait_for_pairs(need_id, 2)
    pair = county.propose(county.claim(need_id, best))
    phone.goto(county.link(pair, Side.NEED))
    phone.locator("summary", has_text="不了，谢谢").tap()
    phone.get_by_role("button", name="时间不合适").tap()
    expect(phone.get_by_text("您说了不行")).to_be_visible()
    worker = doors.phone(county.worker)
    worker.goto(pair.path)
    expect(worker.get_by_role("heading", name="还有谁合适")).to_be_visible()
    assert worker.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tap(worker, "换这一对来接")
    expect(worker).not_to_have_url(re.compile(pair.path + "$"))
    worker.locator("summary", has_text="放回，让别人来接").tap()
    worker.locator("#step-release select").select_option("not_mine")
    worker.locator("#step-release button").tap()
