"""The money of a project: recorded on a phone with a photo, approved in an office, read by all."""

import io
import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from exchange.admin.city import PASSWORD
from exchange.projects.models import Project
from tests.browser.conftest import listen
from tests.browser.test_journey import ENTERPRISE, OFFICER, NewPhone
from tests.browser.test_journey import new_phone as new_phone  # noqa: PLC0414 - its fixture
from tests.running_site import RunningSite

PROJECT = "DP-COLD"
PURPOSE = "给冷库装温度记录仪"


@pytest.fixture
def accounts(county_app: tuple[Flask, sa.Engine]) -> str:
    """Where the accounts of the demonstration's project stand."""
    with Session(county_app[1]) as session:
        query = sa.select(Project.public_id).where(Project.external_id == PROJECT)
        return f"/projects/{session.scalars(query).one()}/accounts"


@pytest.fixture
def office(browser: Browser, site: RunningSite, complaints: list[str]) -> Iterator[Page]:
    """The second person's computer, in English."""
    context = browser.new_context(
        base_url=site.address, viewport={"width": 1280, "height": 800}, locale="en-GB"
    )
    listen(context, complaints)
    page = context.new_page()
    page.goto("/locale/en?next=/sign-in")
    page.fill("input[name=address]", ENTERPRISE)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/(today)?$"))
    yield page
    context.close()


def receipt() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (320, 240), (240, 238, 220)).save(data, "JPEG")
    return data.getvalue()


def test_a_treasurer_records_a_second_person_approves_and_everybody_reads(
    accounts: str, new_phone: NewPhone, office: Page, phone: Page
) -> None:
    treasurer = new_phone(OFFICER)
    page = treasurer.page
    page.goto(accounts)
    treasurer.link("记一笔账")
    page.fill("input[name=amount]", "1280")
    page.fill("input[name=purpose]", PURPOSE)
    page.fill("input[name=counterparty_name]", "安顺仪表行")
    page.set_input_files(
        "input[name=files]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": receipt()}
    )
    treasurer.button("记下来")
    expect(page.get_by_text("另一个人看过才算数")).to_be_visible()
    expect(page.get_by_role("button", name="同意，入账")).to_have_count(0)

    phone.goto(accounts)
    expect(phone.get_by_text(PURPOSE)).to_have_count(0)

    office.goto(accounts)
    office.get_by_role("link", name=PURPOSE).click()
    office.get_by_role("button", name="Look at 1 document").click()
    expect(office.get_by_role("img", name="Document 1").first).to_be_visible()
    office.get_by_role("button", name="Approve and book it").click()
    expect(office.get_by_text("It stands in the accounts now.")).to_be_visible()

    phone.goto(accounts)
    expect(phone.get_by_role("link", name=PURPOSE)).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert "罗小满" not in phone.locator("main").inner_text()

    office.goto(f"{accounts}/notice")
    expect(office.get_by_text(PURPOSE)).to_be_visible()
    printed = office.pdf(format="A4", prefer_css_page_size=True, print_background=True)
    assert printed.count(b"/Type /Page\n") in (1, 2)
