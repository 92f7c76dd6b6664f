"""A worker leaves after a year: sixty cases pass to a successor, and nothing is lost."""

import re

from playwright.sync_api import Page, expect

from tests.browser.county import County
from tests.browser.doors import Doors, choose_worker, fits, tap, unfold
from tests.browser.sixty import COUNTS, NEEDS, WHOLE, sixty_cases, standing_of

FIRST_WORDS = "先打电话给村里，下午再去"
NOTE = "钥匙在社工站窗台上"


def refuse_to_end_the_duty(boss: Page, name: str) -> None:
    """Nobody leaves with cases in their hands."""
    end_the_duty(boss, name)
    expect(boss.get_by_text(f"这个人手上还有 {WHOLE} 件没办完")).to_be_visible()


def end_the_duty(boss: Page, name: str) -> None:
    boss.goto("/points")
    duty = boss.locator("[id^=duty-]", has_text=name)
    duty.locator("summary").click()
    duty.get_by_role("button", name="结束任职").click()


def hand_all_over(boss: Page, leaving: str, staying: str) -> str:
    """From the figures of the centre; the address of what was handed over."""
    boss.goto("/centre")
    worker = boss.locator("article", has_text=leaving)
    worker.get_by_role("link", name="移交", exact=True).click()
    cases = boss.locator("details.case")
    expect(cases).to_have_count(WHOLE)
    words = cases.locator("textarea").evaluate_all("all => all.map(one => one.value)")
    assert all(words)
    assert sum("送到 2" in each for each in words) == COUNTS["delivering"]
    cases.first.locator("summary").click()
    cases.first.locator("textarea").fill(FIRST_WORDS)
    boss.fill("textarea[name=handover_note]", NOTE)
    choose_worker(boss, "all_to", staying)
    boss.get_by_role("button", name="全部移交").click()
    expect(boss).to_have_url(re.compile(r"/handovers/[a-z0-9]{14}$"))
    expect(boss.get_by_text("全部移交完了")).to_be_visible()
    return boss.url


def look_at_the_paper(boss: Page) -> None:
    """What is printed: every case with its summary, and nothing that belongs to a screen."""
    boss.emulate_media(media="print")
    cases = boss.locator("article.card")
    expect(cases).to_have_count(WHOLE)
    expect(cases.locator(".as-written")).to_have_count(WHOLE)
    for each in (cases.first, cases.last):
        expect(each).to_be_visible()
    for part in (".site-header", ".flashes"):
        expect(boss.locator(part)).to_be_hidden()
    pages = re.findall(rb"/Type\s*/Page\b", boss.pdf(format="A4"))
    assert len(pages) > WHOLE // 10
    boss.emulate_media(media="screen")


def go_on_with_a_case(phone: Page, handover: str, path: str) -> None:
    """The successor reads the summary where it is needed, and takes the next step."""
    phone.goto(handover)
    expect(phone.locator("article.card")).to_have_count(WHOLE)
    expect(phone.get_by_text(NOTE)).to_be_visible()
    fits(phone)
    phone.locator("article.card a").first.tap()
    expect(phone).to_have_url(re.compile(path + "$"))
    unfold(phone, "happened")
    expect(phone.locator("#happened")).to_contain_text(FIRST_WORDS)
    tap(phone, "向双方牵线")
    expect(phone.get_by_text("已经问了双方").first).to_be_visible()


def test_sixty_cases_pass_to_a_successor_and_nothing_is_lost(
    county: County, doors: Doors, complaints: list[str]
) -> None:
    leaving, staying = county.leaving, county.successor
    would_have, cases = standing_of(county, staying), sixty_cases(county)
    mine = [pair.path for pair in cases["claimed"]]
    before = standing_of(county, leaving)
    assert len(before) == WHOLE
    names = leaving.person.name, staying.person.name
    old = doors.phone(leaving)
    old.goto(mine[1])  # stays open while the cases pass on
    boss = doors.desk(county.chief)

    refuse_to_end_the_duty(boss, names[0])
    handover = hand_all_over(boss, *names)
    look_at_the_paper(boss)
    assert standing_of(county, leaving) == {}
    assert standing_of(county, staying) == before | would_have
    states = [one.state for one in before.values()]
    assert {state: states.count(state) for state in COUNTS} == COUNTS
    assert states.count("assigned") == NEEDS

    tap(old, "向双方牵线")
    expect(old.get_by_text("这一步要由别人来做").first).to_be_visible()
    assert county.match(cases["claimed"][1]).state.value == "claimed"
    go_on_with_a_case(doors.phone(staying), handover, mine[0])
    end_the_duty(boss, names[0])
    expect(boss.get_by_text("任职已结束").first).to_be_visible()
    for path in (mine[0], "/today"):
        refused = old.goto(path)
        assert refused is not None
        assert refused.status in {403, 404}
    assert standing_of(county, staying).keys() == (before | would_have).keys()
    complaints.clear()  # what was refused was refused on purpose
