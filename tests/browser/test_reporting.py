"""A visitor reports a post; it is taken down; another person decides about the appeal."""

from time import monotonic

from playwright.sync_api import Page, expect

from exchange.listings.kinds import Side, Visibility
from exchange.moderation.models import ModerationCase, Report
from tests.browser.county import County
from tests.browser.doors import Doors, fits, tap

TITLE = "卖三百斤黑糯米"
SAID = "电话写在图里了，请换一张图"
PATIENCE = 3.2  # seconds; who is quicker is no person


def report(visitor: Page, address: str) -> None:
    """One tap for what is wrong, words, one tap to send."""
    visitor.goto(address)
    visitor.get_by_role("link", name="举报").tap()
    began = monotonic()
    visitor.locator("label", has_text="泄露隐私").tap()
    visitor.fill("textarea[name=text]", "图里有别人的电话")
    fits(visitor)
    visitor.wait_for_timeout(max(0.0, PATIENCE - (monotonic() - began)) * 1000)
    tap(visitor, "提交举报")
    expect(visitor.get_by_role("heading", name="谢谢")).to_be_visible()


def decide(boss: Page) -> None:
    """Look at the case, and take the post down."""
    boss.goto("/moderation")
    boss.get_by_role("link", name=TITLE).click()
    expect(boss.get_by_text("图里有别人的电话")).to_be_visible()
    tap(boss, "我来看")
    boss.locator("#verdict-form label", has_text="下架").click()
    boss.fill("#verdict-form [name=said]", SAID)
    boss.fill("#verdict-form [name=reason]", "图里的电话属实")
    boss.locator("#verdict-form").get_by_role("button", name="作决定").click()
    expect(boss.get_by_text("已决定，并记录在案")).to_be_visible()


def appeal(owner: Page, address: str) -> None:
    owner.goto(address)
    expect(owner.get_by_text(SAID)).to_be_visible()
    expect(owner.get_by_text("图里有别人的电话")).to_have_count(0)  # what was reported stays inside
    owner.get_by_role("link", name="看详情或申诉").tap()
    owner.fill("#main-form textarea", "那是村委会公开的办公电话")
    tap(owner, "提交申诉")
    expect(owner.get_by_text("申诉已提交")).to_be_visible()


def uphold(other: Page) -> None:
    """Somebody who has not decided before, on a phone."""
    other.goto("/moderation?show=appeals")
    other.get_by_role("link", name=TITLE).tap()
    expect(other.get_by_text("那是村委会公开的办公电话")).to_be_visible()
    fits(other)
    other.locator("#appeal-form label", has_text="对，恢复").tap()
    other.fill("#appeal-form [name=answer]", "查过了，是公开电话")
    other.locator("#appeal-form").get_by_role("button", name="作决定").tap()
    expect(other.get_by_text("已决定，并记录在案")).to_be_visible()


def test_a_visitor_reports_and_another_person_decides_about_the_appeal(
    county: County, doors: Doors, complaints: list[str]
) -> None:
    post = county.listing(Side.NEED, TITLE, visibility=Visibility.PUBLIC).public_id
    address = f"/listings/{post}"
    visitor, boss = doors.phone(), doors.desk(county.chief)
    owner, other = doors.phone(county.officer), doors.phone(county.second_chief)
    report(visitor, address)
    county.session.rollback()
    kept = county.session.query(Report).join(ModerationCase)
    assert kept.filter(Report.text == "图里有别人的电话").one().reporter_id is None
    decide(boss)
    gone = visitor.goto(address)
    assert gone is not None
    assert gone.status == 404
    appeal(owner, address)
    boss.goto("/moderation?show=appeals")
    boss.get_by_role("link", name=TITLE).click()
    expect(boss.get_by_text("这是您自己作的决定，要由别人来处理申诉")).to_be_visible()
    expect(boss.locator("#appeal-form")).to_have_count(0)
    uphold(other)
    visitor.goto(address)
    expect(visitor.get_by_text(TITLE).last).to_be_visible()
    owner.reload()
    expect(owner.get_by_text("您说得对，已经恢复")).to_be_visible()
    complaints.clear()  # what was taken down is a 404 on purpose
