"""A volunteer of sixteen on a phone, and work with children: what is missing is said and mended."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from exchange.accounts.kinds import OrganisationKind
from exchange.kernel.actor import Role
from exchange.volunteering.models import Activity, ActivityCoordinator
from tests.browser.county import COUNTY, County
from tests.browser.doors import Doors, fits, tap
from tests.cast import Player
from tests.volunteering.attendance_scene import make_activity, make_shift


class Scene:
    """An organisation with a manager and a coordinator, and one shift of the day after tomorrow."""

    def __init__(self, county: County, title: str, *, with_children: bool) -> None:
        cast, now = county.cast, county.house.clock.now()
        name = f"{title}志愿队"
        ngo = cast.make_organisation(OrganisationKind.NGO, name, COUNTY, verified=True)
        self.owner = ngo.public_id
        self.manager = cast.make_player("顾一", COUNTY, ngo, Role.MANAGER)
        self.coordinator = cast.make_player("顾二", COUNTY, ngo)
        self.activity: Activity = make_activity(
            cast, ngo.id, title=title, division_code=COUNTY, min_age=14,
            with_children=with_children,
        )  # fmt: skip
        self.path = f"/activities/{self.activity.public_id}"
        named = ActivityCoordinator(
            activity_id=self.activity.id, person_id=self.coordinator.person_id, named_at=now
        )
        cast.session.add(named)
        cast.session.commit()
        begins = now + timedelta(days=2)
        make_shift(cast, self.activity, begins, begins + timedelta(hours=2))


def signed_up(phone: Page, scene: Scene) -> None:
    phone.goto(scene.path)
    tap(phone, "报名")
    expect(phone.get_by_text("已报名").first).to_be_visible()


def test_a_volunteer_of_sixteen_comes_once_the_guardian_agrees(
    county: County, doors: Doors
) -> None:
    scene = Scene(county, "河边捡垃圾", with_children=False)
    young: Player = county.cast.make_player("王小雨", COUNTY, says_adult=False)
    phone = doors.phone(young)
    phone.goto(scene.path)
    tap(phone, "报名")
    expect(phone.get_by_role("heading", name="您多大了？")).to_be_visible()
    fits(phone)
    phone.locator("summary", has_text="我还没满 18 岁").tap()
    year = county.house.clock.now().year - 17
    phone.fill("input[name=birth_year]", str(year))
    phone.select_option("select[name=birth_month]", "1")
    tap(phone, "保存，下一步")
    expect(phone.get_by_text("要监护人同意", exact=True)).to_be_visible()
    fits(phone)
    phone.fill("input[name=guardian_name]", "王建国")
    phone.fill("input[name=guardian_reach]", "13800005678")
    tap(phone, "请你们问问我的监护人")
    expect(phone.get_by_text("已告诉单位，登记好了就通知您。")).to_be_visible()

    boss = doors.phone(scene.coordinator)
    boss.goto(f"/organisations/{scene.owner}/safeguarding")
    fits(boss)
    boss.get_by_role("link", name="问监护人，登记同意").tap()
    expect(boss.locator("input[name=guardian_name]")).to_have_value("王建国")
    fits(boss)
    tap(boss, "登记下来")
    expect(boss.get_by_text("同意登记好了，可以报名了。")).to_be_visible()
    assert "13800005678" not in boss.content()

    signed_up(phone, scene)
    boss.goto(f"{scene.path}/people")
    expect(boss.get_by_text("未满 18 岁，监护人同意")).to_be_visible()
    fits(boss)


def test_an_adult_comes_to_children_once_the_check_is_recorded(
    county: County, doors: Doors
) -> None:
    scene = Scene(county, "陪孩子画画", with_children=True)
    grown = county.cast.make_player("周文", COUNTY)
    phone = doors.phone(grown)
    phone.goto(scene.path)
    tap(phone, "报名")
    expect(phone.get_by_text("还缺入职查询", exact=True)).to_be_visible()
    fits(phone)
    tap(phone, "请单位做入职查询")
    expect(phone.get_by_text("已经知道了")).to_be_visible()

    boss = doors.desk(scene.manager)
    boss.goto(f"/organisations/{scene.owner}/safeguarding")
    boss.get_by_role("link", name="登记查询").first.click()
    expect(boss.locator("textarea, input[type=file]")).to_have_count(0)
    tap(boss, "登记下来")
    expect(boss.get_by_text("登记好了，一年内有效。")).to_be_visible()

    signed_up(phone, scene)
    boss.goto(f"{scene.path}/people")
    expect(boss.get_by_text("报上名的大人不到两个（1 个）", exact=False)).to_be_visible()
    expect(boss.get_by_text("已查询")).to_be_visible()
