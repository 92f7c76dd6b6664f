"""A training on phones: made with a page and a date, read, attended, confirmed; then it opens the
activity that asked for it.
"""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from exchange.accounts.kinds import OrganisationKind
from exchange.kernel.act import open_act
from exchange.kernel.actor import Role
from exchange.volunteering.models import Shift
from exchange.volunteering.service import make_activity, publish_activity
from exchange.volunteering.shifts.service import add_shifts
from exchange.volunteering.values import ActivityValues, ShiftValues
from tests.browser.county import COUNTY, County
from tests.browser.doors import Doors, fits, tap
from tests.cast import Player

LESSON, PAGE_TITLE, ACTIVITY = "河边巡护第一课", "下河须知", "周末一起巡河"


def organisation(county: County) -> Player:
    """A verified group with a manager, and an activity in a week."""
    cast, now = county.cast, county.house.clock.now()
    ngo = cast.make_organisation(OrganisationKind.NGO, "清水江志愿队", COUNTY, verified=True)
    leader = cast.make_player("顾三", COUNTY, ngo, Role.MANAGER)
    with open_act(county.house, lambda: county.session, leader.actor, "test") as act:
        made = make_activity(act, ngo.id, ActivityValues(ACTIVITY, COUNTY))
        starts = now + timedelta(days=7)
        add_shifts(act, made, ShiftValues(starts, starts + timedelta(hours=2), 1, 5))
        publish_activity(act, made)
    return leader


def make_training(boss: Page) -> str:
    """Words, a page, a date tomorrow; the address of the training."""
    boss.goto("/trainings/new")
    fits(boss)
    boss.get_by_label("培训叫什么").fill(LESSON)
    boss.get_by_label("学什么").fill("怎样看水位，怎样互相照应。")
    tap(boss, "存好，下一步")
    expect(boss.get_by_text("草稿存好了")).to_be_visible()
    page = boss.url.removesuffix("/manage")
    fits(boss)
    boss.get_by_role("link", name="加一份资料").tap()
    boss.get_by_label("资料标题").fill(PAGE_TITLE)
    boss.get_by_label("写一页文字").fill("一、两个人一组。\n二、水涨了就上岸。")
    fits(boss)
    tap(boss, "加上")
    expect(boss.get_by_role("link", name=PAGE_TITLE)).to_be_visible()
    boss.get_by_role("link", name="加一场").tap()
    expect(boss.get_by_label("最多多少人")).to_be_visible()
    fits(boss)
    tomorrow = boss.evaluate("new Date(Date.now() + 864e5).toLocaleDateString('sv')")
    boss.get_by_label("哪一天？").fill(tomorrow)
    boss.get_by_label("开始时间").fill("19:00")
    boss.get_by_label("结束时间").fill("20:30")
    boss.get_by_label("最多多少人").fill("10")
    tap(boss, "加上")
    expect(boss.get_by_text("加好了")).to_be_visible()
    tap(boss, "发布")
    expect(boss.get_by_text("发布了，大家可以看到了。")).to_be_visible()
    fits(boss)
    return page


def ask_for_it(boss: Page) -> str:
    """The activity asks for the training; the address of the activity."""
    boss.goto("/my/activities")
    page = str(boss.get_by_role("link", name=ACTIVITY).first.get_attribute("href"))
    boss.goto(f"{page}/edit")
    boss.locator("label.choice", has_text=LESSON).first.tap()  # our own come first
    fits(boss)
    tap(boss, "保存")
    expect(boss.get_by_role("heading", name="要先完成的培训")).to_be_visible()
    fits(boss)
    return page


def let_it_begin(county: County) -> None:
    """The date of the training began half an hour ago."""
    county.session.rollback()
    county.session.commit()
    now = county.house.clock.now()
    shift = county.session.query(Shift).order_by(Shift.id.desc()).first()
    assert shift is not None
    shift.starts_at, shift.ends_at = now - timedelta(minutes=30), now + timedelta(minutes=30)
    county.session.commit()


def test_a_training_opens_the_activity_that_asks_for_it(county: County, doors: Doors) -> None:
    leader = organisation(county)
    volunteer = county.cast.make_player("龙小溪", COUNTY)
    boss, phone = doors.phone(leader), doors.phone(volunteer)
    training = make_training(boss)
    activity = ask_for_it(boss)

    phone.goto(activity)
    tap(phone, "报名")
    expect(phone.get_by_text(f"要先完成培训“{LESSON}”")).to_be_visible()
    fits(phone)
    phone.get_by_role("link", name="去看看").first.tap()
    expect(phone).to_have_url(re.compile(f"{training}$"))
    fits(phone)
    phone.get_by_role("link", name=PAGE_TITLE).tap()
    expect(phone.get_by_text("水涨了就上岸")).to_be_visible()
    fits(phone)
    with phone.expect_download() as kept:
        phone.get_by_role("link", name="存到手机里").tap()
    assert "水涨了就上岸" in kept.value.path().read_text("utf-8")
    phone.goto(training)
    tap(phone, "报名")
    expect(phone.get_by_text("报名成功").first).to_be_visible()

    let_it_begin(county)
    boss.goto(training)
    boss.get_by_role("link", name="确认谁完成了").first.tap()
    boss.get_by_text("龙小溪").tap()
    fits(boss)
    tap(boss, "记下来")
    expect(boss.get_by_text("记下了 1 人")).to_be_visible()
    boss.goto(f"{training}/completed")
    expect(boss.get_by_role("heading", name="龙小溪")).to_be_visible()
    fits(boss)

    phone.goto("/my/volunteering")
    expect(phone.get_by_role("heading", name="我的培训")).to_be_visible()
    fits(phone)
    phone.goto(activity)
    expect(phone.get_by_text("已完成").first).to_be_visible()
    tap(phone, "报名")
    expect(phone.get_by_text("报名成功").first).to_be_visible()
