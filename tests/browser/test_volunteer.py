"""A volunteer's whole way: waits for a place, is moved up and told, checks in by the code, has the
hours approved, and gets a certificate that anybody can verify.
"""

from playwright.sync_api import expect

from tests.browser.county import COUNTY, County
from tests.browser.devices import Device, Screen
from tests.browser.shifts import HOUR, Planned, plan

OWNER, TITLE = "凯里助老协会", "陪老人赶场"
MOVED_UP = (
    "A place is free, and it is yours: “%(title)s” on %(when)s. If you cannot come, please say so, "
    "and the next one moves up."
)


def answer(screen: Screen, planned: Planned, english: str) -> None:
    """Open the activity and answer to its shift."""
    screen.page.goto(f"/activities/{planned.activity}")
    screen.fits()
    screen.press(english)


def test_from_the_waiting_list_to_a_certificate(county: County, device: Device) -> None:
    planned = plan(county, OWNER, TITLE, maximum=1)
    one = device.of(county.cast.make_player("王一", COUNTY))
    two = device.of(county.cast.make_player("李小田", COUNTY))
    answer(one, planned, "Sign up")
    one.reads("You are signed up.")
    answer(two, planned, "Wait for a place")
    two.reads("You are number %(place)s on the waiting list", place=1)
    answer(one, planned, "I cannot come after all")
    one.reads("Noted: you do not come. Thank you for telling.")
    two.page.goto("/notices")
    two.reads(MOVED_UP, title=TITLE)
    two.fits()
    boss = device.of(planned.manager)
    check_in(boss, planned, two)
    approve(boss, planned)
    verify(device.of(), certify(two))


def check_in(boss: Screen, planned: Planned, volunteer: Screen) -> None:
    """The coordinator holds the code out, the volunteer scans it."""
    boss.page.goto(f"/attendance/shifts/{planned.shift}")
    boss.fits()
    boss.follow("Show the code")
    expect(boss.page.locator("svg.qr")).to_be_visible()
    boss.fits()
    volunteer.page.goto(planned.scanned())
    volunteer.fits()
    volunteer.press("I am here")
    volunteer.reads("You are checked in")
    volunteer.fits()


def approve(boss: Screen, planned: Planned) -> None:
    """After the end a manager enters the hours, and approves them."""
    planned.move(-2 * HOUR, -HOUR / 3600)
    page = boss.page
    page.goto(f"/volunteering/shifts/{planned.shift}/hours")
    boss.fits()
    page.get_by_label(boss.words("Minutes of service")).first.fill("60")
    boss.press("Send for approval")
    boss.press("Approve those ticked")
    boss.reads("Approved.")
    boss.fits()
    page.goto("/volunteer-hours")
    boss.fits()
    row = page.locator("tr", has_text=OWNER).first
    expect(row).to_contain_text(boss.words("%(hours)s h", hours=1))


def certify(volunteer: Screen) -> str:
    """The volunteer draws a certificate; its verification code."""
    page = volunteer.page
    page.goto("/my/hours")
    volunteer.fits()
    volunteer.reads("%(hours)s h", hours=1)
    folded = page.locator("summary", has_text=volunteer.words("Get a certificate"))
    volunteer.act(folded.first)
    volunteer.press("Make the certificate")
    heading = volunteer.words("Certificate of volunteering")
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    volunteer.fits()
    return page.locator(".code-text").nth(1).inner_text()


def verify(anybody: Screen, code: str) -> None:
    """Anybody who holds the code reads that it is genuine, and no whole name."""
    page = anybody.page
    page.goto("/verify/certificate")
    page.get_by_label(anybody.words("Verification code")).fill(code)
    anybody.press("Verify it")
    anybody.reads("Real and valid")
    expect(page.get_by_text("李*").first).to_be_visible()
    expect(page.get_by_text("李小田")).to_have_count(0)
    anybody.fits()


def test_a_coordinator_writes_and_a_volunteer_answers_in_one_tap(
    county: County, device: Device
) -> None:
    planned = plan(county, "凯里护林队", "巡山护林")
    volunteer = device.of(county.cast.make_player("潘小山", COUNTY))
    answer(volunteer, planned, "Sign up")
    volunteer.reads("You are signed up.")
    boss = device.of(planned.manager)
    boss.page.goto(f"/activities/{planned.activity}/people")
    boss.follow("Write to them")
    boss.page.get_by_label(boss.words("Message"), exact=True).fill("山上风大，请带外套。")
    boss.fits()
    boss.press("Send it")
    boss.reads("Sent to %(num)s person.", num=1)
    page = volunteer.page
    page.goto("/notices")
    expect(page.get_by_text("巡山护林")).to_be_visible()
    volunteer.press("Look")
    expect(page.get_by_text("山上风大，请带外套。")).to_be_visible()
    volunteer.fits()
    volunteer.press("I come")
    volunteer.reads("You have answered: %(answer)s", answer=volunteer.words("Comes"))
    boss.page.goto(f"/activities/{planned.activity}/people")
    boss.reads("Confirmed")
    boss.fits()
