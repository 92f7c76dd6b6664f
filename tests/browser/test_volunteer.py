"""A volunteer's whole way: waits for a place, is moved up and told, checks in by the code, has the
hours approved, and gets a certificate that anybody can verify.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.county import COUNTY, County
from tests.browser.doors import Doors, tap
from tests.browser.shifts import HOUR, Planned, fits, plan
from tests.cast import Player

pytestmark = pytest.mark.browser
TITLE = "陪老人赶场"


def answer(page: Page, planned: Planned, name: str) -> None:
    """Open the activity and answer to its shift."""
    page.goto(f"/activities/{planned.activity}")
    fits(page)
    tap(page, name)


def test_from_the_waiting_list_to_a_certificate(county: County, doors: Doors) -> None:
    planned = plan(county, "凯里助老协会", TITLE, maximum=1)
    first = county.cast.make_player("王一", COUNTY)
    second = county.cast.make_player("李小田", COUNTY)
    one, two = doors.phone(first), doors.phone(second)
    answer(one, planned, "报名")
    expect(one.get_by_text("已报名").first).to_be_visible()
    answer(two, planned, "排候补")
    expect(two.get_by_text("候补第 1 位").first).to_be_visible()
    answer(one, planned, "我去不了了")
    expect(one.get_by_text("记下了：您不来。")).to_be_visible()
    two.goto("/notices")
    expect(two.get_by_text("有名额了，轮到您").first).to_be_visible()
    fits(two)
    check_in(doors, planned, two)
    approve(doors, planned)
    code = certify(two)
    verify(doors, code)


def check_in(doors: Doors, planned: Planned, volunteer: Page) -> None:
    """The coordinator holds the code out, the volunteer scans it."""
    boss = doors.phone(planned.manager)
    boss.goto(f"/attendance/shifts/{planned.shift}")
    boss.get_by_role("link", name="出示签到码").first.click()
    expect(boss.locator("svg.qr")).to_be_visible()
    fits(boss)
    volunteer.goto(planned.scanned())
    tap(volunteer, "我到了")
    expect(volunteer.get_by_text("已签到").first).to_be_visible()
    fits(volunteer)


def approve(doors: Doors, planned: Planned) -> None:
    """After the end a manager enters the hours at a desk, and approves them."""
    planned.move(-2 * HOUR, -HOUR / 3600)
    desk = doors.desk(planned.manager)
    desk.goto(f"/volunteering/shifts/{planned.shift}/hours")
    fits(desk)
    desk.get_by_label("服务分钟数").first.fill("60")
    tap(desk, "交上去等认定")
    expect(desk.get_by_role("button", name="认定勾选的")).to_be_visible()
    desk.get_by_role("button", name="认定勾选的").click()
    expect(desk.get_by_text("已认定").first).to_be_visible()
    desk.goto("/volunteer-hours")
    fits(desk)
    expect(desk.get_by_role("row", name="凯里助老协会").first).to_contain_text("1 小时")


def certify(volunteer: Page) -> str:
    """The volunteer draws a certificate; its verification code."""
    volunteer.goto("/my/hours")
    fits(volunteer)
    expect(volunteer.get_by_text("1 小时").first).to_be_visible()
    volunteer.locator("summary", has_text="开证明").first.tap()
    tap(volunteer, "开证明")
    expect(volunteer.get_by_role("heading", name="志愿服务记录证明")).to_be_visible()
    fits(volunteer)
    return volunteer.locator(".code-text").nth(1).inner_text()


def verify(doors: Doors, code: str) -> None:
    """Anybody who holds the code reads that it is genuine, and no whole name."""
    anybody = doors.phone()
    anybody.goto("/verify/certificate")
    anybody.get_by_label("查验码").fill(code)
    tap(anybody, "查验")
    expect(anybody.get_by_text("真实有效").first).to_be_visible()
    expect(anybody.get_by_text("李*").first).to_be_visible()
    expect(anybody.get_by_text("李小田")).to_have_count(0)
    fits(anybody)


def test_a_coordinator_writes_and_a_volunteer_answers_in_one_tap(
    county: County, doors: Doors
) -> None:
    planned = plan(county, "凯里护林队", "巡山护林")
    volunteer: Player = county.cast.make_player("潘小山", COUNTY)
    phone = doors.phone(volunteer)
    answer(phone, planned, "报名")
    expect(phone.get_by_text("已报名").first).to_be_visible()
    boss = doors.phone(planned.manager)
    boss.goto(f"/activities/{planned.activity}/people")
    boss.get_by_role("link", name="给他们发消息").first.click()
    boss.get_by_label("留言", exact=True).fill("山上风大，请带外套。")
    fits(boss)
    tap(boss, "发送")
    expect(boss.get_by_text("已发给 1 人。")).to_be_visible()
    phone.goto("/notices")
    expect(phone.get_by_text("巡山护林")).to_be_visible()
    tap(phone, "去看看")
    expect(phone.get_by_text("山上风大，请带外套。")).to_be_visible()
    fits(phone)
    tap(phone, "我来")
    expect(phone.get_by_text("您已回复：来")).to_be_visible()
    boss.goto(f"/activities/{planned.activity}/people")
    expect(boss.get_by_text("已确认").first).to_be_visible()
    fits(boss)
