"""Projects: an officer makes one from an outline and publishes it; an enterprise looks for one with
filters and puts two side by side.
"""

import re

from playwright.sync_api import expect

from tests.browser.devices import DESKTOP, PHONE, Device
from tests.browser.doors import Resident

OFFICER, ENTERPRISE = Resident("19900000001"), Resident("19900000002")
FIRST_STEP = {  # of the outline, which has words of its own in either language
    PHONE: "问清谁想学、学什么、几点有空",
    DESKTOP: "Who wants to learn what, and when they have time",
}


def test_an_officer_makes_a_project_from_an_outline_and_publishes_it(device: Device) -> None:
    officer = device.of(OFFICER)
    page = officer.page
    title = f"教三十个年轻人做直播（{device.name}）"
    page.goto("/projects")
    officer.fits()
    officer.follow("Begin a project")
    officer.fits()
    officer.follow("Training people")
    page.fill("input[name=title]", title)
    page.fill("textarea[name=aim]", "教会三十个年轻人拍视频、做直播，年底前有一半人自己开张。")
    officer.fits()
    officer.press("Begin")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text(FIRST_STEP[device.name]).first).to_be_visible()
    officer.fits()
    officer.act(page.get_by_role("link", name=officer.words("Budget")).last)
    page.fill("input[name=purpose]", "老师的路费和课时费")
    page.fill("input[name=planned]", "1.2万")
    officer.press("Add it")
    expect(page.get_by_text("¥12,000").first).to_be_visible()
    officer.fits()
    officer.follow("Back")
    officer.press("Publish")
    officer.reads("Published. Everybody can find it now.")
    officer.fits()
    page.goto("/projects?category=training")
    expect(page.get_by_role("link", name=title, exact=True).first).to_be_visible()


def begin_another(device: Device, title: str) -> None:
    """A published project beside those of the demonstration."""
    officer = device.of(OFFICER)
    page = officer.page
    page.goto("/projects/new?template=infrastructure")
    page.fill("input[name=title]", title)
    page.fill("textarea[name=aim]", "把塌了的通组路修稳当，两百户走得出来。")
    officer.press("Begin")
    officer.press("Publish")
    officer.reads("Published. Everybody can find it now.")


def test_an_enterprise_browses_with_filters_and_compares_two(device: Device) -> None:
    title = f"修通组路（{device.name}）"
    begin_another(device, title)
    firm = device.of(ENTERPRISE)
    page = firm.page
    page.goto("/projects")
    firm.act(page.locator("details.sheet > summary"))
    firm.fits()
    page.select_option("select[name=stage]", "running")
    page.select_option("select[name=missing]", "market")
    firm.act(page.locator(".sheet-foot button"))
    expect(page).to_have_url(re.compile(r"missing=market"))
    expect(page.get_by_role("link", name="朵贝贡茶：一村一品", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name=title, exact=True)).to_have_count(0)
    firm.fits()
    compare = firm.words("Compare")
    firm.act(page.get_by_role("link", name=re.compile(f"{compare}.*朵贝贡茶")))
    firm.act(page.get_by_role("link", name=firm.sentence("Needs: %(what)s")).first)
    firm.act(page.get_by_role("link", name=re.compile(f"^{firm.words('All')}( \\d+)?$")).first)
    firm.act(page.get_by_role("link", name=re.compile(f"{compare}.*{re.escape(title)}")).first)
    both = firm.sentence("Compare %(num)s project", num=2)  # "projects", on a desktop
    firm.act(page.get_by_role("link", name=both))
    expect(page.get_by_role("columnheader")).to_have_count(2)
    expect(page.get_by_text("采茶季要 20 个志愿者帮忙分拣装袋")).to_be_visible()
    firm.fits()
