"""A volunteer says when they can help; the station sees what fits; somebody stands in."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from exchange.listings.direct_posting import post_listing
from exchange.listings.kinds import Door, Visibility
from exchange.listings.values import ListingValues
from exchange.volunteering.kinds import Work
from exchange.volunteering.service import make_activity, publish_activity
from exchange.volunteering.shifts.service import add_shifts
from exchange.volunteering.values import ActivityValues, ShiftValues
from tests.browser.county import COUNTY, County
from tests.browser.doors import Doors, fits, tap

TITLE = "周六陪孩子写作业"
NEED = "周末请志愿者辅导小学生功课"


def need_for_lessons(county: County) -> str:
    """What the village's school asks for; its public id."""
    values = ListingValues(
        title=NEED,
        text="村小学缺人，周末请志愿者来辅导小学生的数学功课。",
        category_code="volunteers.longterm",
        division_code=COUNTY,
        quantity_milli=1000,
        unit="人",
        visibility=Visibility.BROKERS,
    )
    with county.act(county.officer) as act:
        return post_listing(act, Door.HELP, values).public_id


def shift_on_saturday(county: County) -> str:
    """An activity of the village on a Saturday morning two weeks on; its public id."""
    with county.act(county.officer) as act:
        zone = ZoneInfo(act.house.settings.time_zone)
        day = act.today + timedelta(days=(5 - act.today.weekday()) % 7 + 14)
        starts = datetime.combine(day, time(9), zone)
        made = make_activity(
            act,
            county.officer.organisation_id,
            ActivityValues(
                title=TITLE, division_code=COUNTY, place="村小学", work=Work.TEACHING,
                skills=("tutoring",),
            ),
        )  # fmt: skip
        add_shifts(act, made, ShiftValues(starts, starts + timedelta(hours=2), 2, 3))
        publish_activity(act, made)
        return made.public_id


def say_when(phone: Page, complaints: list[str]) -> None:
    """Fill the page; an empty one is refused first."""
    phone.goto("/my/volunteering")
    phone.get_by_role("link", name="我的志愿空闲").first.tap()
    expect(phone.get_by_text("您会做什么？")).to_be_visible()
    fits(phone)
    tap(phone, "保存")
    expect(phone.get_by_text("请再看看这几处")).to_be_visible()
    complaints.clear()  # an empty form is a 422 on purpose
    phone.locator("#skills label", has_text="辅导").first.tap()
    phone.fill("input[name=words]", "教过三年小学数学")
    for code in ("5-morning", "6-morning"):
        phone.locator(f"label[for=time-{code}]").tap()
    phone.locator("label[for=may_be_asked]").tap()
    phone.locator("label[for=is_adult]").tap()
    fits(phone)
    tap(phone, "保存")
    expect(phone.get_by_text("社工站找得到您。")).to_be_visible()
    expect(phone.get_by_text("周末上午").first).to_be_visible()


def test_a_volunteer_is_found_for_a_need_and_stands_in_for_a_shift(
    county: County, doors: Doors, complaints: list[str]
) -> None:
    volunteer = county.cast.make_player("王小雨", COUNTY)
    phone = doors.phone(volunteer)
    say_when(phone, complaints)
    need = need_for_lessons(county)
    desk = doors.desk(county.worker)
    for _ in range(60):
        desk.goto(f"/listings/{need}")
        if desk.get_by_text("志愿者：课业辅导").count():
            break
        desk.wait_for_timeout(500)
    expect(desk.locator(".why", has_text="周末上午有空").first).to_be_visible()
    desk.goto("/search?side=volunteer")
    expect(desk.get_by_text("志愿者空闲").first).to_be_visible()
    expect(desk.get_by_role("link", name=re.compile("志愿者：课业辅导")).first).to_be_visible()

    activity = shift_on_saturday(county)
    coordinator = doors.phone(county.officer)
    coordinator.goto(f"/activities/{activity}/people")
    coordinator.get_by_role("link", name="找人替补").tap()
    expect(coordinator.locator("label", has_text="王*")).to_be_visible()
    expect(coordinator.get_by_text("王小雨")).to_have_count(0)
    fits(coordinator)
    coordinator.locator("label", has_text="王*").tap()
    tap(coordinator, "问问他们")
    expect(coordinator.get_by_text("问了 1 位。")).to_be_visible()
    expect(coordinator.get_by_text("还没回")).to_be_visible()

    phone.goto("/")
    expect(phone.get_by_text("能来顶一下吗？")).to_be_visible()
    phone.goto("/my/requests")
    fits(phone)
    tap(phone, "报名")
    expect(phone.get_by_text("没有要您答复的")).to_be_visible()

    coordinator.goto(f"/activities/{activity}/people")
    expect(coordinator.get_by_text("王小雨")).to_be_visible()
    coordinator.get_by_role("link", name="找人替补").tap()
    expect(coordinator.get_by_role("heading", name="已经问过")).to_be_visible()
    expect(coordinator.get_by_text("还没回")).to_have_count(0)
