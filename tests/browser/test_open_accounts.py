"""The money of a project: recorded with a photo, approved by a second person, read by all."""

import io

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image
from playwright.sync_api import FilePayload, expect
from sqlalchemy.orm import Session

from exchange.projects.models import Project
from tests.browser.devices import Device, Screen
from tests.browser.doors import Resident

TREASURER, SECOND_PERSON = Resident("19900000001"), Resident("19900000002")
PROJECT = "DP-COLD"


@pytest.fixture
def accounts(county_app: tuple[Flask, sa.Engine]) -> str:
    """Where the accounts of the demonstration's project stand."""
    with Session(county_app[1]) as session:
        query = sa.select(Project.public_id).where(Project.external_id == PROJECT)
        return f"/projects/{session.scalars(query).one()}/accounts"


def receipt() -> FilePayload:
    data = io.BytesIO()
    Image.new("RGB", (320, 240), (240, 238, 220)).save(data, "JPEG")
    return FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=data.getvalue())


def test_a_treasurer_records_a_second_person_approves_and_everybody_reads(
    accounts: str, device: Device
) -> None:
    purpose = f"给冷库装温度记录仪（{device.name}）"
    treasurer, second, reader = device.of(TREASURER), device.of(SECOND_PERSON), device.of()
    record(treasurer, accounts, purpose)
    reader.page.goto(accounts)
    expect(reader.page.get_by_text(purpose)).to_have_count(0)
    approve(second, accounts, purpose)
    reader.page.goto(accounts)
    expect(reader.page.get_by_role("link", name=purpose)).to_be_visible()
    reader.fits()
    assert "罗小满" not in reader.page.locator("main").inner_text()
    post_up(second, accounts, purpose)


def record(treasurer: Screen, accounts: str, purpose: str) -> None:
    """An expense with a photo of its receipt; it waits for somebody else."""
    page = treasurer.page
    page.goto(accounts)
    treasurer.fits()
    treasurer.follow("Record money or goods")
    treasurer.fits()
    page.fill("input[name=amount]", "1280")
    page.fill("input[name=purpose]", purpose)
    for language in ("en", "zh") if treasurer.is_phone else ("zh", "en"):
        other = page.locator(f"a.tool[hreflang={language}]").filter(visible=True).first
        treasurer.act(other)
        expect(page.locator(f"a.tool[hreflang={language}]")).to_have_count(0)
    expect(page.locator("input[name=purpose]")).to_have_value(purpose)
    expect(page.locator("input[name=amount]")).to_have_value("1280")
    page.fill("input[name=counterparty_name]", "安顺仪表行")
    page.set_input_files("input[name=files]", receipt())
    treasurer.press("Record it")
    treasurer.reads("Recorded. It counts once a second person has looked at it.")
    treasurer.fits()
    expect(treasurer.button("Approve and book it")).to_have_count(0)


def approve(second: Screen, accounts: str, purpose: str) -> None:
    """The second person looks at the receipt first."""
    page = second.page
    page.goto(accounts)
    second.act(page.get_by_role("link", name=purpose))
    second.fits()
    second.press("Look at %(num)s document", num=1)
    picture = page.get_by_role("img", name=f"{second.words('Document')} 1")
    expect(picture.first).to_be_visible()
    second.press("Approve and book it")
    second.reads("Approved. It stands in the accounts now.")
    second.fits()


def post_up(somebody: Screen, accounts: str, purpose: str) -> None:
    """The notice for the board in the village fits on two pages of paper."""
    page = somebody.page
    page.goto(f"{accounts}/notice")
    expect(page.get_by_text(purpose)).to_be_visible()
    printed = page.pdf(format="A4", prefer_css_page_size=True, print_background=True)
    assert printed.count(b"/Type /Page\n") in (1, 2)
