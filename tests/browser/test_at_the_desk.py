"""Both sides at office computers, the social worker on a phone: deliveries in parts, contacts."""

import re

from playwright.sync_api import Page, expect

from exchange.brokering.deeds.models import Delivery
from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from tests.browser.county import County, Pair
from tests.browser.doors import Doors, tap, unfold


def held(county: County, pair: Pair) -> tuple[int, int]:
    """What the match holds of the need and of the offer."""
    county.session.rollback()
    ids = (pair.need_id, pair.offer_id)
    found = [county.session.get_one(Listing, key, populate_existing=True) for key in ids]
    return found[0].committed_milli, found[1].committed_milli


def deliver(page: Page, path: str, amount: int) -> None:
    page.goto(path)
    page.fill("form[id^=deliver-] input[name=amount]", str(amount))
    tap(page, "Record what arrived")
    expect(page.get_by_text("The delivery is recorded.")).to_be_visible()


def contradict(page: Page, path: str) -> None:
    """Fewer came than was written down."""
    page.goto(path)
    page.locator("summary", has_text="It was not so").click()
    page.fill("form[id^=dispute-] [name=note]", "Only ten came off the lorry")
    tap(page, "Say what is not right")
    expect(page.get_by_text("The social worker asks both sides")).to_be_visible()


def settle(phone: Page, path: str) -> None:
    phone.goto(path)
    expect(phone.locator("#agreed").get_by_text("Only ten came off the lorry")).to_be_visible()
    phone.fill("form[id^=settle-] input[name=amount]", "10")
    phone.fill("form[id^=settle-] [name=note]", "两边都问过，是十台")
    tap(phone, "定下来")
    expect(phone.get_by_text("定下来了，已告诉双方")).to_be_visible()


def test_partial_deliveries_a_contradiction_and_what_was_not_given(
    county: County, doors: Doors
) -> None:
    pair = county.introduce(county.propose(county.claimed("要四十台水泵", "水泵六十台", 60)))
    officer, firm = doors.english_desk(county.officer), doors.english_desk(county.firm)
    phone = doors.phone(county.worker)
    phone.goto(pair.path)
    for name in ("taken", "covers"):
        phone.fill(f"input[name={name}]", "40")
    tap(phone, "就按这个数约定")
    expect(phone.get_by_text("约定好了")).to_be_visible()
    assert held(county, pair) == (40_000, 40_000)

    deliver(firm, pair.path, 25)
    officer.goto(pair.path)
    tap(officer, "Yes, it arrived")
    expect(officer.get_by_text("the delivery is confirmed")).to_be_visible()
    deliver(firm, pair.path, 15)
    contradict(officer, pair.path)
    settle(phone, pair.path)

    officer.goto(pair.path)
    if not officer.locator("#outcome textarea[name=text]").is_visible():
        unfold(officer, "outcome")
    officer.fill("#outcome textarea[name=text]", "Thirty-five pumps run")
    officer.fill("#outcome input[name=people]", "35")
    tap(officer, "Save the outcome")
    firm.goto(pair.path)
    tap(firm, "Confirm the outcome")
    expect(firm.get_by_text("both sides have confirmed")).to_be_visible()
    county.session.rollback()
    came = county.session.query(Delivery.milli).order_by(Delivery.id)
    assert [one for (one,) in came][-2:] == [25_000, 10_000]
    assert county.match(pair).state.value == "completed"
    assert held(county, pair) == (35_000, 35_000)  # what did not come is free again


def test_numbers_wait_for_both_and_are_gone_when_consent_is(
    county: County, doors: Doors, complaints: list[str]
) -> None:
    pair = county.propose(county.claimed("要两台打谷机", "打谷机两台"))
    officer, firm = doors.phone(county.officer), doors.english_desk(county.firm)
    officer.goto(pair.path)
    unfold(officer, "messages")
    words = "打我电话13912345678，随时在"
    officer.fill("#thread-need textarea", words)
    officer.locator("#thread-need").get_by_role("button", name="发送留言").tap()
    expect(officer.locator("#thread-need .field-error")).to_contain_text("13912345678")
    expect(officer.locator("#thread-need textarea")).to_have_value(words)
    officer.fill("#thread-need textarea", "白天都在村委会")
    officer.locator("#thread-need").get_by_role("button", name="发送留言").tap()
    expect(officer.get_by_text("发出去了")).to_be_visible()

    firm.goto(pair.path)
    expect(firm.get_by_text("白天都在村委会")).to_have_count(0)  # that was for the social worker
    expect(firm.get_by_role("button", name="Show the contact")).to_have_count(0)
    phone = doors.phone(county.worker)
    phone.goto(pair.path)
    unfold(phone, "messages")
    expect(phone.get_by_text("白天都在村委会")).to_be_visible()

    county.introduce(pair)
    firm.goto(pair.path)
    tap(firm, "Show the contact")
    expect(firm.get_by_text(county.officer.phone)).to_be_visible()
    desk = doors.english_desk(county.officer)
    desk.goto("/me/contact-reveals")
    expect(desk.locator("main")).to_contain_text(county.firm.person.name)
    desk.goto(pair.path)
    unfold(desk, "contacts")
    desk.locator("#contacts details.more details.more summary").click()
    tap(desk, "Withdraw it now")
    expect(desk.get_by_text("not shown the contact any more")).to_be_visible()
    firm.goto(pair.path)
    expect(firm.get_by_text("This side has withdrawn its contact")).to_be_visible()
    expect(firm.get_by_role("button", name="Show the contact")).to_have_count(0)
    assert county.match(pair).side(Side.NEED).contact_withdrawn_at is not None
    expect(firm.get_by_text(re.compile(county.officer.phone))).to_have_count(0)
    complaints.clear()  # the number was refused on purpose
