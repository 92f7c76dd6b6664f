"""An enterprise says what it would bring, the village answers, a match appears; a visit."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from exchange.accounts.models import Organisation
from exchange.listings.kinds import Side, Visibility
from exchange.projects.models import ProjectNeed
from tests.browser.county import COUNTY, County
from tests.browser.devices import Device, Screen
from tests.projects.making import make_project

NO_NUMBERS = (
    "Please leave out phone numbers, WeChat and addresses: the exchange passes messages on, "
    "and contacts are shown when both sides have said yes to a match."
)
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


def test_an_enterprise_declares_the_village_answers_and_a_match_appears(
    county: County, project: str, device: Device, complaints: list[str]
) -> None:
    firm = device.of(county.firm)
    path = declare(firm, county, project, complaints)
    accept(device.of(county.officer), county)
    broker = device.of(county.worker)
    for _ in range(40):
        broker.page.goto(path)
        if broker.link("To the match").is_visible():
            break
        broker.page.wait_for_timeout(500)
    broker.fits()
    broker.follow("To the match")
    expect(broker.page).to_have_url(re.compile("/matches/"))
    expect(broker.page.get_by_text("冷库要人设计").first).to_be_visible()


def path_of(page: Page) -> str:
    """Where a page stands on its site."""
    return re.sub(r"^https?://[^/]+", "", page.url)


def declare(firm: Screen, county: County, project: str, complaints: list[str]) -> str:
    """What is missing is said; then it is handed in. Where the intention stands."""
    page = firm.page
    page.goto(f"/projects/{project}/intentions")
    firm.follow("We would join in")
    firm.fits()
    firm.press("Send the intention")
    firm.reads("Please look at these points again")
    firm.fits()
    complaints.clear()  # an empty form is a 422 on purpose
    firm.act(page.locator("label", has_text=firm.words("Technology and know-how")))
    page.fill("textarea[name=text]", "可以教村里人设计冷库，电话13812345678")
    page.fill("input[name=until]", SOON.isoformat())
    page.select_option("select[name=need]", label="冷库要人设计")
    firm.press("Send the intention")
    expect(page.locator("#text-error")).to_contain_text(firm.words(NO_NUMBERS))
    complaints.clear()  # a phone number is a 422 on purpose
    page.fill("textarea[name=text]", "可以派两名冷链工程师，帮村里设计冷库。")
    firm.press("Send the intention")
    firm.reads("Waits for an answer")
    name = county.firm.organisation.name_zh
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    firm.fits()
    return path_of(page)


def accept(officer: Screen, county: County) -> None:
    """The village finds the intention among its own and says yes."""
    page = officer.page
    page.goto("/my/intentions")
    officer.fits()
    officer.act(page.get_by_role("link", name=county.firm.organisation.name_zh).first)
    said = officer.words("Accept")
    officer.act(page.locator("summary", has_text=re.compile(f"^\\s*{said}")))
    officer.fits()
    officer.press("Accept")
    officer.reads("Accepted. The other side is told.")


def test_a_visit_is_announced_and_signed_up_for_in_two_taps(
    county: County, project: str, device: Device
) -> None:
    officer, firm = device.of(county.officer), device.of(county.firm)
    page = officer.page
    page.goto(f"/projects/{project}/visits/new")
    page.fill("input[name=title]", "冷库现场看看")
    page.fill("input[name=starts_at]", f"{SOON}T09:30")
    page.fill("input[name=place]", "村委会门口")
    page.fill("input[name=seats]", "2")
    officer.fits()
    officer.press("Announce")
    expect(page.get_by_role("heading", name="冷库现场看看")).to_be_visible()
    firm.page.goto(path_of(page))
    firm.press("Sign up")
    firm.reads("You are signed up. We remind you the day before.")
    firm.fits()
    with firm.page.expect_download() as file:
        firm.follow("Put it into my calendar")
    assert file.value.suggested_filename.endswith(".ics")
