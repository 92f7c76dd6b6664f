"""For a villager without a phone: from a printed form to a match that the supervisor sees."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from exchange.admin.city import PASSWORD
from tests.browser.conftest import listen
from tests.browser.test_journey import (
    BROKER,
    ENTERPRISE,
    OFFICER,
    Hand,
    NewPhone,
    post,
    reload_until,
)
from tests.browser.test_journey import new_phone as new_phone  # noqa: PLC0414 - its fixture
from tests.running_site import RunningSite

SUPERVISOR = "19900000005"
WORDS = "我要三十袋有机肥种辣椒，腿脚不好，背不动"
TIDY = "一户人家种辣椒，要30袋有机肥，能送到寨子里最好"
OFFER = "我们合作社有60袋有机肥可以送给村里种地的人家，能送到村"
NAME, REACH = "覃阿公", "隔壁覃家，电话13900008888"


def signed_form() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (480, 680), (240, 238, 230)).save(data, "JPEG")
    return data.getvalue()


@pytest.fixture
def centre(browser: Browser, site: RunningSite, complaints: list[str]) -> Page:
    """The supervisor's computer, in Chinese."""
    context = browser.new_context(base_url=site.address, viewport={"width": 1280, "height": 800})
    listen(context, complaints)
    page = context.new_page()
    page.goto("/locale/zh?next=/sign-in")
    page.fill("input[name=address]", SUPERVISOR)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(re.compile(r"/(today)?$"))
    return page


def printed(page: Page) -> str:
    """Two sheets; the number of the first. On paper each sheet is a page."""
    page.goto("/proxy/forms")
    page.fill("input[name=count]", "2")
    page.locator(".main-act").click()
    sheets = page.locator("article.sheet")
    expect(sheets).to_have_count(2)
    page.emulate_media(media="print")
    expect(page.locator(".not-printed")).to_be_hidden()
    expect(page.locator(".site-header")).to_be_hidden()
    heights = [sheets.nth(one).evaluate("sheet => sheet.scrollHeight") for one in range(2)]
    assert max(heights) <= 270 / 25.4 * 96 + 2, "a sheet does not fit on its page"
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 2
    page.emulate_media(media="screen")
    return sheets.first.locator(".number b").inner_text()


def entered(officer: Hand, number: str) -> str:
    """The sheet is typed in with its photo, tidied and posted; the address of the listing."""
    page = officer.page
    page.goto(f"/proxy/new?form={number}")
    page.get_by_text("要帮助", exact=True).tap()
    page.fill("textarea[name=words]", WORDS)
    page.fill("input[name=name]", NAME)
    page.fill("textarea[name=reach]", REACH)
    page.get_by_text("签了表（有照片）").tap()
    page.locator("input[name=consent_on]").fill(page.evaluate("new Date().toISOString()")[:10])
    for name in ("to_publish", "to_introduce"):
        page.locator(f"label[for={name}]").tap()
    page.set_input_files("input[name=photos]", {
        "name": "form.jpg", "mimeType": "image/jpeg", "buffer": signed_form(),
    })  # fmt: skip
    officer.button("保存，下一步")
    expect(page).to_have_url(re.compile(r"/post/help\?draft="))
    expect(page.locator("textarea[name=text]")).to_have_value(WORDS)
    page.fill("textarea[name=text]", TIDY)
    expect(page.locator("#understood")).to_contain_text("我们这样理解")
    officer.button("发布需求")
    expect(page).to_have_url(re.compile(r"/listings/[a-z0-9]{14}$"))
    need = page.url
    expect(page.get_by_text(number)).to_be_visible()
    page.goto(f"/proxy/new?form={number}")
    expect(page.get_by_text("这张表录过了", exact=True)).to_be_visible()
    return need


def asked(broker: Hand, enterprise: Hand, need: str) -> str:
    """Taken up and put to both sides, and the enterprise says yes; the address of the match."""
    post(enterprise, "我能帮", OFFER, "发布资源", reach="贵州省")
    title = enterprise.page.locator("h1").last.inner_text()
    page = broker.page
    page.goto(need)
    reload_until(page, lambda: page.get_by_text(title).count() > 0, "the suggestion")
    card = page.locator("li, .card, .item", has_text=title).filter(
        has=page.get_by_role("button", name="接下")
    )
    broker.tap(card.last.get_by_role("button", name="接下"))
    expect(page).to_have_url(re.compile(r"/matches/[a-z0-9]{14}$"))
    broker.button("向双方牵线")
    expect(page.get_by_text("在问双方")).to_be_visible()
    enterprise.page.goto(page.url)
    enterprise.button("同意，牵线吧")
    expect(enterprise.page.get_by_text(re.compile("谢谢[，。]")).first).to_be_visible()
    return page.url


def answered_as_a_proxy(officer: Hand, match: str) -> None:
    """Only with consent to this match: there is no other way to answer."""
    page = officer.page
    page.goto(match)
    expect(page.locator("#answer-need")).to_have_count(0)
    proxy = page.locator("#proxy-need")
    page.locator("details", has=proxy).locator("> summary").last.tap()
    proxy.locator("select[name=consent]").select_option("spoken")
    proxy.locator("input[name=consent_note]").fill("今天在他家里问过，他说要")
    proxy.get_by_text("同意，牵线吧").tap()
    officer.tap(proxy.get_by_role("button", name="记下答复"))
    expect(page.get_by_text(re.compile("谢谢[，。]")).first).to_be_visible()


def test_from_a_paper_form_to_a_match_that_the_supervisor_sees(
    new_phone: NewPhone, centre: Page
) -> None:
    officer, enterprise, broker = new_phone(OFFICER), new_phone(ENTERPRISE), new_phone(BROKER)
    number = printed(centre)
    match = asked(broker, enterprise, entered(officer, number))
    answered_as_a_proxy(officer, match)

    enterprise.page.goto(match)
    body = enterprise.page.locator("body")
    expect(body).not_to_contain_text(NAME)
    enterprise.tap(enterprise.page.get_by_role("button", name="看联系方式").first)
    expect(body).to_contain_text(NAME)
    expect(body).to_contain_text("13900008888")

    centre.goto("/proxy-cases")
    expect(centre.get_by_text(number)).to_be_visible()
    expect(centre.locator("body")).not_to_contain_text(NAME)
    centre.get_by_role("button", name="看同意依据").first.click()
    expect(centre.get_by_text("今天在他家里问过，他说要")).to_be_visible()
