"""An enterprise says what it would bring, the village answers, a match appears; a visit."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from exchange.accounts.models import Organisation
from exchange.listings.kinds import Side, Visibility
from exchange.projects.models import ProjectNeed
from tests.browser.county import COUNTY, County
from tests.browser.doors import Doors
from tests.projects.making import make_project

SOON = date.today() + timedelta(days=100)  # noqa: DTZ011 - as the browser's reader counts days


@pytest.fixture
def project(county: County) -> str:
    """A project of the village with a need and a social worker; its public id."""
    need = county.listing(Side.NEED, "冷库要人设计", visibility=Visibility.PUBLIC).id
    owner, worker = county.officer.organisation_id, county.worker.person_id
    author = county.officer.person_id
    with county.act() as act:
        organisation = act.session.get_one(Organisation, owner)
        made = make_project(act, organisation, places=(COUNTY,), now=act.now)
        made.author_id, made.worker_id = author, worker
        act.session.add(ProjectNeed(listing_id=need, project_id=made.id, added_at=act.now))
        act.session.flush()
        return made.public_id


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_enterprise_declares_the_village_answers_and_a_match_appears(
    county: County, project: str, doors: Doors, complaints: list[str]
) -> None:
    desk = doors.desk(county.firm)
    desk.goto(f"/projects/{project}/intentions")
    desk.get_by_role("link", name="我们想参与").click()
    desk.get_by_role("button", name="提交意向").click()
    expect(desk.get_by_text("请再看看这几处")).to_be_visible()
    complaints.clear()  # an empty form is a 422 on purpose
    desk.locator("label", has_text="技术支持").click()
    desk.fill("textarea[name=text]", "可以派两名冷链工程师，帮村里设计冷库。")
    desk.fill("input[name=until]", SOON.isoformat())
    desk.select_option("select[name=need]", label="冷库要人设计")
    fits(desk)
    desk.get_by_role("button", name="提交意向").click()
    expect(desk.get_by_role("heading", name=county.firm.organisation.name_zh)).to_be_visible()
    where = re.sub(r"^https?://[^/]+", "", desk.url)

    phone = doors.phone(county.officer)
    phone.goto("/my/intentions")
    fits(phone)
    phone.get_by_role("link", name=county.firm.organisation.name_zh).first.tap()
    phone.locator("summary", has_text=re.compile("^接受")).tap()
    fits(phone)
    phone.get_by_role("button", name="接受").tap()
    expect(phone.get_by_text("已接受，会告诉对方。")).to_be_visible()

    broker = doors.desk(county.worker)
    for _ in range(40):
        broker.goto(where)
        if broker.get_by_role("link", name="去看对接").is_visible():
            break
        broker.wait_for_timeout(500)
    broker.get_by_role("link", name="去看对接").click()
    expect(broker).to_have_url(re.compile("/matches/"))
    expect(broker.get_by_text("冷库要人设计").first).to_be_visible()


def test_the_same_enterprise_declares_on_a_phone_in_the_village(
    county: County, project: str, doors: Doors, complaints: list[str]
) -> None:
    phone = doors.phone(county.firm)
    phone.goto(f"/projects/{project}/intentions/new")
    fits(phone)
    phone.locator("label", has_text="培训").first.tap()
    phone.fill("textarea[name=text]", "可以教村里人打包冷藏，电话13812345678")
    phone.fill("input[name=until]", SOON.isoformat())
    phone.get_by_role("button", name="提交意向").tap()
    expect(phone.locator("#text-error")).to_contain_text("请不要写电话")
    complaints.clear()  # a phone number is a 422 on purpose
    phone.fill("textarea[name=text]", "可以教村里人打包冷藏。")
    phone.get_by_role("button", name="提交意向").tap()
    expect(phone.get_by_text("等答复").first).to_be_visible()
    fits(phone)


def test_a_visit_is_announced_and_signed_up_for_in_two_taps(
    county: County, project: str, doors: Doors
) -> None:
    officer = doors.phone(county.officer)
    officer.goto(f"/projects/{project}/visits/new")
    officer.fill("input[name=title]", "冷库现场看看")
    officer.fill("input[name=starts_at]", f"{SOON}T09:30")
    officer.fill("input[name=place]", "村委会门口")
    officer.fill("input[name=seats]", "2")
    fits(officer)
    officer.get_by_role("button", name="发布").tap()
    expect(officer.get_by_role("heading", name="冷库现场看看")).to_be_visible()
    where = re.sub(r"^https?://[^/]+", "", officer.url)
    phone = doors.phone(county.firm)
    phone.goto(where)
    phone.get_by_role("button", name="报名").tap()
    expect(phone.get_by_text("报名成功")).to_be_visible()
    fits(phone)
    with phone.expect_download() as file:
        phone.get_by_role("link", name="加到我的日历").tap()
    assert file.value.suggested_filename.endswith(".ics")
