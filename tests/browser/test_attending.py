"""A volunteer checks in by the code, hours are approved, a certificate is made and verified."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from exchange.accounts.kinds import OrganisationKind
from exchange.kernel.actor import Role
from exchange.volunteering.attendance.codes import code_of
from exchange.volunteering.models import ActivityCoordinator, Shift
from tests.browser.county import COUNTY, County
from tests.browser.doors import Doors, tap
from tests.cast import Player
from tests.volunteering.attendance_scene import Morning, make_activity, make_shift, make_signup


def running_shift(county: County) -> Morning:
    """It began an hour ago and goes on for another."""
    cast, now = county.cast, county.house.clock.now()
    ngo = cast.make_organisation(OrganisationKind.NGO, "凯里志愿者协会", COUNTY, verified=True)
    manager = cast.make_player("顾一", COUNTY, ngo, Role.MANAGER)
    coordinator = cast.make_player("顾二", COUNTY, ngo)
    activity = make_activity(cast, ngo.id, title="清理河道", division_code=COUNTY)
    cast.session.add(
        ActivityCoordinator(activity_id=activity.id, person_id=coordinator.person_id, named_at=now)
    )
    cast.session.commit()
    hour = timedelta(hours=1)
    shift = make_shift(cast, activity, now - hour, now + hour)
    return Morning(
        cast, None, None, manager, coordinator, activity.id, shift.id, shift.public_id  # type: ignore[arg-type]  # the real clock runs here
    )  # fmt: skip


def fits(page: Page) -> None:
    """Nothing stands out at the side."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def scanned(county: County, morning: Morning) -> str:
    county.session.rollback()
    shift = county.session.get_one(Shift, morning.shift_id)
    code = code_of(county.house.secrets, shift, county.house.clock.now())
    return f"/attend/{morning.shift_key}/{code}"


@pytest.fixture
def volunteer(county: County) -> Player:
    return county.cast.make_player("王小明", COUNTY)


def test_a_volunteer_attends_and_gets_a_certificate_that_anybody_can_verify(
    county: County, doors: Doors, volunteer: Player
) -> None:
    morning = running_shift(county)
    make_signup(morning, volunteer)
    boss = doors.phone(morning.coordinator)
    boss.goto("/attendance/")
    fits(boss)
    boss.get_by_role("link", name="清理河道").first.click()
    boss.get_by_role("link", name="出示签到码").first.click()
    expect(boss.locator("svg.qr")).to_be_visible()
    fits(boss)
    boss.goto(f"/attendance/shifts/{morning.shift_key}")

    phone = doors.phone(volunteer)
    phone.goto(scanned(county, morning))
    tap(phone, "我到了")
    expect(phone.get_by_text("已签到")).to_be_visible()
    fits(phone)

    county.session.rollback()
    county.session.commit()
    shift = county.session.get_one(Shift, morning.shift_id)
    shift.ends_at = county.house.clock.now() - timedelta(seconds=1)
    county.session.commit()
    boss.goto(f"/volunteering/shifts/{morning.shift_key}/hours")
    fits(boss)
    boss.get_by_label("服务分钟数").fill("60")
    tap(boss, "提交认定")
    expect(boss.get_by_text("已提交，等管理员认定")).to_be_visible()

    manager = doors.phone(morning.manager)
    manager.goto(f"/volunteering/shifts/{morning.shift_key}/hours")
    tap(manager, "认定")
    expect(manager.get_by_text("已认定").first).to_be_visible()

    phone.goto("/my/hours")
    fits(phone)
    expect(phone.get_by_text("1 小时").first).to_be_visible()
    phone.get_by_text("开证明").first.click()
    tap(phone, "开证明")
    expect(phone.get_by_role("heading", name="志愿服务记录证明")).to_be_visible()
    fits(phone)
    code = phone.locator(".code-text").nth(1).inner_text()

    anybody = doors.phone()
    anybody.goto("/verify/certificate")
    anybody.get_by_label("查验码").fill(code)
    tap(anybody, "查验")
    expect(anybody.get_by_text("真实有效")).to_be_visible()
    expect(anybody.get_by_text("王*")).to_be_visible()
    expect(anybody.get_by_text("王小明")).to_have_count(0)
    fits(anybody)


def test_a_list_that_was_opened_is_ticked_without_a_network_and_sent_later(
    county: County, doors: Doors, volunteer: Player, complaints: list[str]
) -> None:
    morning = running_shift(county)
    make_signup(morning, volunteer)
    page = doors.phone(morning.coordinator)
    page.goto(f"/attendance/shifts/{morning.shift_key}")
    page.wait_for_function(
        "async () => Boolean(await (await caches.open('attendance')).match(location.pathname))"
    )
    page.context.set_offline(True)
    page.reload()
    page.get_by_text("到了", exact=True).first.tap()
    expect(page.get_by_text("还有 1 条没发出去")).to_be_visible()
    page.reload()
    expect(page.get_by_label("到了", exact=True).first).to_be_checked()
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_text("都存好了")).to_be_visible()
    page.reload()
    expect(page.get_by_label("到了", exact=True).first).to_be_checked()
    complaints.clear()  # without a network a browser complains of each request
