"""Signed links on a phone that is signed in nowhere: used twice, replaced, expired, forged."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from exchange.brokering.kinds import Answer
from exchange.kernel.errors import Conflict
from exchange.listings.kinds import Side
from tests.browser.behind import behind
from tests.browser.county import County, Pair
from tests.browser.doors import Doors, fits, tap
from tests.browser.test_journey import reload_until
from tests.running_site import RunningSite

YES = "同意，牵线吧"


def answer_of(county: County, pair: Pair, side: Side) -> Answer:
    return county.match(pair).side(side).answer


def sent(page: Page, address: str, **form: str) -> int:
    """The status of a form that is sent without its page."""
    return page.request.post(address, form=form or {"accept": "yes"}).status


def test_of_two_taps_on_one_link_the_first_counts(
    county: County, doors: Doors, complaints: list[str]
) -> None:
    pair = county.propose(county.claimed("要三台微耕机", "微耕机三台"))
    link = county.link(pair, Side.NEED)
    first, second = doors.phone(), doors.phone()
    for page in (first, second):
        page.goto(link)
        fits(page)
    assert answer_of(county, pair, Side.NEED) is Answer.PENDING  # opening it says nothing
    tap(first, YES)
    expect(first.get_by_text("您同意了")).to_be_visible()
    second.locator("summary", has_text="不了，谢谢").tap()
    second.get_by_role("button", name="时间不合适").tap()
    expect(second.get_by_text("这个链接已经用过了")).to_be_visible()
    assert answer_of(county, pair, Side.NEED) is Answer.ACCEPTED
    complaints.clear()  # the second answer is a 409 on purpose


def test_a_newer_link_takes_the_place_of_the_older(
    county: County, doors: Doors, complaints: list[str]
) -> None:
    pair = county.propose(county.claimed("要一台插秧机", "插秧机一台"))
    old, new = county.link(pair, Side.OFFER), county.link(pair, Side.OFFER)
    phone = doors.phone()
    phone.goto(old)
    expect(phone.get_by_text("已经给您发了新的链接")).to_be_visible()
    expect(phone.get_by_role("button", name=YES)).to_have_count(0)
    assert sent(phone, old) == 409
    assert answer_of(county, pair, Side.OFFER) is Answer.PENDING
    phone.goto(new)
    tap(phone, YES)
    expect(phone.get_by_text("您同意了")).to_be_visible()
    assert answer_of(county, pair, Side.OFFER) is Answer.ACCEPTED


def test_what_is_expired_or_forged_answers_nothing(
    county: County, doors: Doors, complaints: list[str]
) -> None:
    late = timedelta(days=15)
    pair = county.propose(county.claimed("要一台收割机", "收割机一台", ago=late), ago=late)
    phone, link = doors.phone(), county.link(pair, Side.NEED, ago=late)
    phone.goto(link)
    expect(phone.get_by_text(re.compile("的时间过了|已经作废")).first).to_be_visible()
    expect(phone.get_by_role("button", name=YES)).to_have_count(0)
    assert sent(phone, link) == 409
    changed = link[:-1] + ("A" if link[-1] != "A" else "B")
    phone.goto(changed)
    expect(phone.get_by_text("这个链接打不开")).to_be_visible()
    assert sent(phone, changed) == 404
    assert answer_of(county, pair, Side.NEED) is Answer.PENDING
    complaints.clear()  # the forged one is a 404 on purpose


def test_what_lapses_is_free_for_others(site: RunningSite, county: County, doors: Doors) -> None:
    pair = county.propose(county.claimed("要一台拖拉机", "拖拉机一台"))
    with pytest.raises(Conflict, match="match_already_claimed"):
        county.claim(pair.need_id, pair.offer_id, who=county.successor)
    with behind(site.folder) as site_behind:
        site_behind.let_lapse(pair.path)
    desk = doors.english_desk(county.worker)
    desk.goto(pair.path)
    others = desk.get_by_role("heading", name="Who else may fit")
    reload_until(desk, lambda: others.count() > 0, "the lapse")
    again = county.claim(pair.need_id, pair.offer_id, who=county.successor)
    assert county.match(again).state.value == "claimed"
    assert county.match(pair).state.value == "lapsed"
