"""A whole match with partial deliveries through to follow-up: two phones and an office computer."""

import io
import re
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from exchange.admin.city import PASSWORD
from tests.browser.conftest import listen
from tests.browser.test_journey import BROKER, ENTERPRISE, OFFICER, Hand, post, reload_until
from tests.browser.test_journey import new_phone as new_phone  # noqa: PLC0414 - its fixture
from tests.running_site import RunningSite

NEED = "村小学要40套课桌椅，旧的也行，开学前送到学校最好"
OFFER = "我们有60套旧课桌椅可以送给农村学校，能分几次送到村里"
NewPhone = Callable[[str], Hand]


@pytest.fixture
def office(browser: Browser, site: RunningSite, complaints: list[str]) -> Iterator[Page]:
    """The social worker's computer, in English."""
    context = browser.new_context(
        base_url=site.address, viewport={"width": 1280, "height": 800}, locale="en-GB"
    )
    listen(context, complaints)
    page = context.new_page()
    page.goto("/locale/en?next=/sign-in")
    page.fill("input[name=address]", BROKER)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/(today)?$"))
    yield page
    context.close()


def photo() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (320, 240), (90, 140, 90)).save(data, "JPEG")
    return data.getvalue()


def introduced(office: Page, officer: Hand, enterprise: Hand) -> str:
    """Posted, taken up and agreed to; the address of the match."""
    need = post(officer, "求帮助", NEED, "发布需求")
    post(enterprise, "我能帮", OFFER, "发布资源", reach="贵州省")
    title = enterprise.page.locator("h1").last.inner_text()
    office.goto(need)
    reload_until(office, lambda: office.get_by_text(title).count() > 0, "the suggestion")
    card = office.locator("li, .card, .item", has_text=title).filter(
        has=office.get_by_role("button", name="Take up")
    )
    card.last.get_by_role("button", name="Take up").click()
    expect(office).to_have_url(re.compile(r"/matches/[a-z0-9]{14}$"))
    office.locator("#propose").get_by_role("button", name="Ask both sides").click()
    expect(office.get_by_text("Both sides are asked.").first).to_be_visible()
    match = office.url
    for hand in (officer, enterprise):
        hand.page.goto(match)
        hand.button("同意，牵线吧")
        expect(hand.page.get_by_text(re.compile("谢谢[，。]")).first).to_be_visible()
    return match


def fold(page: Page, key: str) -> None:
    """Open a part of the page that is folded."""
    part = page.locator(f"#{key} > details")
    if part.get_attribute("open") is None:
        part.locator("> summary").click()


def write_to_each_other(match: str, officer: Hand, enterprise: Hand) -> None:
    """Nobody needs a number for a message."""
    officer.page.goto(match)
    fold(officer.page, "messages")
    officer.page.fill("#thread-both textarea", "学校周一到周五有人收")
    officer.tap(officer.page.locator("#thread-both").get_by_role("button", name="发送留言"))
    expect(officer.page.get_by_text("发出去了")).to_be_visible()
    enterprise.page.goto(match)
    fold(enterprise.page, "messages")
    expect(enterprise.page.get_by_text("学校周一到周五有人收")).to_be_visible()


def withdraw_and_give_the_contact(match: str, officer: Hand, enterprise: Hand) -> None:
    """A contact that is withdrawn is gone for the other side, until it is given anew."""
    enterprise.button("看联系方式")
    expect(enterprise.page.get_by_text(OFFICER)).to_be_visible()
    officer.page.goto("/me/contact-reveals")
    expect(officer.page.locator("main")).to_contain_text("资源方")
    officer.page.goto(match)
    fold(officer.page, "contacts")
    officer.tap(officer.page.locator("#contacts details.more details.more summary"))
    officer.button("现在收回")
    expect(officer.page.get_by_text("对方看不到联系方式了")).to_be_visible()
    enterprise.page.goto(match)
    expect(enterprise.page.get_by_text("这一方收回了联系方式")).to_be_visible()
    expect(enterprise.page.get_by_role("button", name="看联系方式")).to_have_count(0)
    fold(officer.page, "contacts")
    officer.button("我的联系方式再给对方看")
    expect(officer.page.get_by_text("对方又能看到联系方式了")).to_be_visible()


def keep_a_note_and_agree(match: str, office: Page, enterprise: Hand) -> None:
    """A note of the broker is read by brokers alone."""
    office.goto(match)
    fold(office, "notes")
    office.fill("#thread-notes textarea", "校长说仓库只能放二十套")
    office.get_by_role("button", name="Keep the note").click()
    expect(office.get_by_text("Kept. Only social workers see it.")).to_be_visible()
    enterprise.page.goto(match)
    expect(enterprise.page.get_by_text("校长说仓库")).to_have_count(0)
    office.fill("#step-commit input[name=taken]", "40")
    office.fill("#step-commit input[name=covers]", "40")
    office.locator("#step-commit").get_by_role("button", name="Agree on this amount").click()
    expect(office.get_by_text("The amount is agreed.")).to_be_visible()


def first_lorry(match: str, officer: Hand, enterprise: Hand) -> None:
    """With a picture; the village confirms it with one tap."""
    enterprise.page.goto(match)
    enterprise.page.fill("form[id^=deliver-] input[name=amount]", "25")
    enterprise.page.set_input_files(
        "form[id^=deliver-] input[name=photos]",
        {"name": "lorry.jpg", "mimeType": "image/jpeg", "buffer": photo()},
    )
    enterprise.button("记下到了多少")
    expect(enterprise.page.get_by_text("交付记下了")).to_be_visible()
    officer.page.goto(match)
    expect(officer.page.locator("#agreed img.thumb")).to_be_visible()
    expect(officer.page.locator("#agreed")).to_contain_text("等需求方确认")
    officer.button("到了，确认")
    expect(officer.page.locator("#agreed")).to_contain_text("到了，已确认")


def fewer(match: str, officer: Hand, enterprise: Hand) -> None:
    """Asked by one side, agreed by the other."""
    enterprise.page.goto(match)
    thumb = enterprise.page.locator(".thumb-bar .main-act")
    assert thumb.count() <= 1
    enterprise.tap(enterprise.page.get_by_text("想改约定"))
    expect(thumb.filter(visible=True)).to_have_count(0)  # it belongs to another form
    change = enterprise.page.locator("form[id^=change-of-]")
    change.locator("input[name=taken]").fill("35")
    change.locator("input[name=covers]").fill("35")
    change.locator("input[name=note]").fill("有五套坏了")
    enterprise.tap(change.get_by_role("button", name="提出改动"))
    expect(enterprise.page.get_by_text("双方都同意了才改").first).to_be_visible()
    officer.page.goto(match)
    expect(officer.page.locator("#agreed")).to_contain_text("40 套 → 35 套")
    officer.button("同意改")
    expect(officer.page.locator("#agreed")).to_contain_text("35 套")


def second_lorry_and_outcome(match: str, officer: Hand, enterprise: Hand) -> None:
    """Recorded by the village itself."""
    officer.page.fill("form[id^=deliver-] input[name=amount]", "10")
    officer.button("记下到了多少")
    expect(officer.page.get_by_text("交付记下了")).to_be_visible()
    officer.page.fill("#outcome textarea[name=text]", "三十五套课桌椅都用上了")
    officer.page.fill("#outcome input[name=people]", "70")
    officer.button("保存成效")
    expect(officer.page.get_by_text("成效记下了")).to_be_visible()
    enterprise.page.goto(match)
    enterprise.button("确认成效")
    expect(enterprise.page.get_by_text("已办成").first).to_be_visible()


def say_how_it_was(match: str, officer: Hand, enterprise: Hand) -> None:
    """Three taps each, from where the notice leads."""
    for hand, face in ((officer, "帮了大忙"), (enterprise, "帮上了")):
        hand.page.goto(f"{match}/feedback")
        hand.taps = 0
        hand.tap(hand.page.locator("#feedback label", has_text=face).first)
        hand.tap(hand.page.locator("#feedback label", has_text="愿意").first)
        hand.tap(hand.page.locator(".main-act"))
        assert hand.taps == 3
        expect(hand.page.get_by_text("这能帮到后面的人")).to_be_visible()


def close_the_file_and_ask_again(match: str, office: Page) -> None:
    """The judgement, and the first look after a week."""
    office.goto(match)
    expect(office.locator("#feedback")).to_contain_text("Helped a lot")
    office.fill("#step-evaluate textarea", "两边都守约，明年再来")
    office.locator("#step-evaluate").get_by_role("button", name="Close the file").click()
    expect(office.get_by_text("The file is closed.")).to_be_visible()
    fold(office, "follow-up")
    week = office.locator("#follow-up .entry", has_text="After a week")
    week.get_by_text("Write down what you heard").click()
    week.locator("input[name=note]").first.fill("校长说天天在用")
    week.get_by_role("button", name="Done, keep it").click()
    expect(office.get_by_text("Noted.").first).to_be_visible()
    fold(office, "follow-up")
    expect(office.locator("#follow-up")).to_contain_text("校长说天天在用")
    fold(office, "happened")
    timeline = office.locator(".timeline")
    for step in (
        "recorded a delivery",
        "confirmed a delivery for the village side",
        "What is agreed was changed",
        "said how it was for the village side",
        "asked again what became of it",
    ):
        expect(timeline.get_by_text(step).first).to_be_visible()


def test_partial_deliveries_a_change_and_what_became_of_it(
    new_phone: NewPhone, office: Page
) -> None:
    officer, enterprise = new_phone(OFFICER), new_phone(ENTERPRISE)
    match = introduced(office, officer, enterprise)
    write_to_each_other(match, officer, enterprise)
    withdraw_and_give_the_contact(match, officer, enterprise)
    keep_a_note_and_agree(match, office, enterprise)
    first_lorry(match, officer, enterprise)
    fewer(match, officer, enterprise)
    second_lorry_and_outcome(match, officer, enterprise)
    say_how_it_was(match, officer, enterprise)
    close_the_file_and_ask_again(match, office)
