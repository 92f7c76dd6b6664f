"""An enterprise says what it would bring, the village answers, a match comes; a visit fills up."""

import re

import pytest
from playwright.sync_api import Page, expect

from exchange.kernel.database import WRITES
from exchange.listings.kinds import Side
from exchange.projects.models import ProjectNeed
from tests.browser.county import County
from tests.browser.doors import Doors
from tests.cast import Cast
from tests.factories import make_listing
from tests.projects.making import make_project


@pytest.fixture
def project(county: County) -> str:
    """A project of the village with a need and a social worker; its public id."""
    cast: Cast = county.cast
    need = make_listing(cast.house, cast.officer, Side.NEED, title="冷库要人设计")
    cast.session.commit()
    cast.session.connection(execution_options={WRITES: True})
    made = make_project(cast.session, cast.officer.organisation, now=cast.now)
    made.author_id, made.worker_id = cast.officer.person_id, cast.broker.person_id
    cast.session.add(ProjectNeed(listing_id=need.id, project_id=made.id, added_at=cast.now))
    public_id = made.public_id
    cast.session.commit()
    return public_id


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_enterprise_declares_the_village_answers_and_a_match_appears(
    county: County, project: str, doors: Doors
) -> None:
    cast = county.cast
    desk = doors.desk(cast.enterprise)
    desk.goto(f"/projects/{project}/intentions")
    desk.get_by_role("link", name="我们想参与").click()
    desk.get_by_role("button", name="提交意向").click()
    expect(desk.get_by_text("请再看看这几处")).to_be_visible()
    desk.locator("label", has_text="技术支持").click()
    desk.fill("textarea[name=text]", "可以派两名冷链工程师，帮村里设计冷库。")
    desk.fill("input[name=until]", "2027-10-31")
    desk.select_option("select[name=need]", label="冷库要人设计")
    fits(desk)
    desk.get_by_role("button", name="提交意向").click()
    expect(desk.get_by_role("heading", name=cast.enterprise.organisation.name_zh)).to_be_visible()
    where = re.sub(r"^https?://[^/]+", "", desk.url)

    phone = doors.phone(cast.officer)
    phone.goto("/my/intentions")
    fits(phone)
    phone.get_by_role("link", name=cast.enterprise.organisation.name_zh).first.tap()
    phone.locator("summary", has_text=re.compile("^接受")).tap()
    fits(phone)
    phone.get_by_role("button", name="接受").tap()
    expect(phone.get_by_text("已接受，会告诉对方。")).to_be_visible()

    broker = doors.desk(cast.broker)
    for _ in range(40):
        broker.goto(where)
        if broker.get_by_role("link", name="去看对接").is_visible():
            break
        broker.wait_for_timeout(500)
    broker.get_by_role("link", name="去看对接").click()
    expect(broker).to_have_url(re.compile("/matches/"))
    expect(broker.get_by_text("冷库要人设计").first).to_be_visible()


def test_the_same_enterprise_declares_on_a_phone_in_the_village(
    county: County, project: str, doors: Doors
) -> None:
    phone = doors.phone(county.cast.enterprise)
    phone.goto(f"/projects/{project}/intentions/new")
    fits(phone)
    phone.locator("label", has_text="培训").first.tap()
    phone.fill("textarea[name=text]", "可以教村里人打包冷藏，电话13812345678")
    phone.fill("input[name=until]", "2027-10-31")
    phone.get_by_role("button", name="提交意向").tap()
    expect(phone.locator("#text-error")).to_contain_text("请不要写电话")
    phone.fill("textarea[name=text]", "可以教村里人打包冷藏。")
    phone.get_by_role("button", name="提交意向").tap()
    expect(phone.get_by_text("等答复").first).to_be_visible()
    fits(phone)


def test_a_visit_is_announced_and_signed_up_for_in_two_taps(
    county: County, project: str, doors: Doors
) -> None:
    cast = county.cast
    officer = doors.phone(cast.officer)
    officer.goto(f"/projects/{project}/visits/new")
    officer.fill("input[name=title]", "冷库现场看看")
    officer.fill("input[name=starts_at]", "2027-06-05T09:30")
    officer.fill("input[name=place]", "村委会门口")
    officer.fill("input[name=seats]", "2")
    fits(officer)
    officer.get_by_role("button", name="发布").tap()
    expect(officer.get_by_role("heading", name="冷库现场看看")).to_be_visible()
    where = re.sub(r"^https?://[^/]+", "", officer.url)
    phone = doors.phone(cast.enterprise)
    phone.goto(where)
    phone.get_by_role("button", name="报名").tap()
    expect(phone.get_by_text("报名成功")).to_be_visible()
    fits(phone)
    with phone.expect_download() as file:
        phone.get_by_role("link", name="加到我的日历").tap()
    assert file.value.suggested_filename.endswith(".ics")
