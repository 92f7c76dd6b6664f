"""An organisation shows on a phone who it is; the station looks, asks for more, and says yes."""

from playwright.sync_api import Page, expect

from exchange.accounts.kinds import Verification
from exchange.accounts.models import Organisation
from tests.accounts.verifying import new_code
from tests.browser.county import County
from tests.browser.doors import Doors, fits, tap
from tests.browser.test_delivering import photo
from tests.files.test_documents import pdf

MORE = "We also need the list of members"


def hand_in(phone: Page, address: str) -> None:
    """Words, a photo and a document."""
    phone.goto(address)
    phone.get_by_role("link", name="申请核验").tap()
    phone.fill("textarea[name=evidence]", "村委会可以作证，执照照片在下面")
    phone.set_input_files(
        "input[name=files]",
        [
            {"name": "licence.jpg", "mimeType": "image/jpeg", "buffer": photo()},
            {"name": "rules.pdf", "mimeType": "application/pdf", "buffer": pdf()},
        ],
    )
    fits(phone)
    tap(phone, "交给社工站")
    expect(phone.get_by_text("社工站看过会告诉您").first).to_be_visible()


def look(desk: Page, name: str) -> None:
    """From the queue: the picture shows, the document is only handed out to load."""
    desk.goto("/verification")
    desk.get_by_role("link", name=name).click()
    tap(desk, "I look at it")
    picture = desk.locator("img.thumb")
    expect(picture).to_be_visible()
    assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 0
    document = desk.locator("a.btn", has_text="PDF").or_(desk.locator("a.btn[href*='/files/']"))
    answer = desk.request.get(document.first.get_attribute("href") or "")
    assert answer.headers["content-disposition"].startswith("attachment")


def ask_for_more(desk: Page) -> None:
    desk.locator("label", has_text="Ask for more").click()
    desk.fill("textarea[name=reason]", MORE)
    tap(desk, "Send")
    expect(desk.get_by_text("They are asked.")).to_be_visible()


def answer(phone: Page, address: str) -> None:
    phone.goto(address)
    expect(phone.get_by_text(MORE)).to_be_visible()
    phone.get_by_role("link", name="答复社工站").tap()
    expect(phone.locator("img.thumb")).to_be_visible()  # what was sent already
    phone.fill("textarea[name=evidence]", "社员名单：田苗、王禾、石川")
    tap(phone, "交给社工站")
    expect(phone.get_by_text("社工站看过会告诉您").first).to_be_visible()


def say_yes(desk: Page, name: str) -> None:
    """Only once every point has been looked at."""
    desk.goto("/verification?show=mine")
    desk.get_by_role("link", name=name).click()
    desk.fill("input[name=credit_code]", new_code())
    desk.locator("label[for^=answer-]", has_text="Verify").first.click()
    tap(desk, "Send")
    expect(desk.get_by_text("Please look at every point before you say yes.").first).to_be_visible()
    for label in desk.locator("#checked label").all():
        label.click()
    tap(desk, "Send")
    expect(desk.get_by_text("Verified. They are told.")).to_be_visible()


def test_evidence_on_the_phone_a_question_and_a_yes(
    county: County, doors: Doors, complaints: list[str]
) -> None:
    who = county.newcomer
    name, address = who.organisation.name_zh, f"/organisations/{who.organisation.public_id}"
    phone, desk = doors.phone(who), doors.english_desk(county.worker)
    hand_in(phone, address)
    look(desk, name)
    ask_for_more(desk)
    answer(phone, address)
    say_yes(desk, name)
    phone.goto(address)
    expect(phone.get_by_text("已核验").first).to_be_visible()
    county.session.rollback()
    found = county.session.get_one(Organisation, who.organisation_id, populate_existing=True)
    assert found.verification is Verification.VERIFIED
    complaints.clear()  # a yes without a look is a 422 on purpose
