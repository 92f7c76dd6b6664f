"""Nothing happens for the set time: the supervisor sees it, gives it away or takes it over."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from exchange.brokering.centre.escalation_jobs import escalate_job
from exchange.brokering.centre.escalation_models import Escalation
from exchange.brokering.centre.escalation_queries import Subject
from exchange.brokering.centre.escalation_service import look_after
from tests.browser.county import COUNTY, County, Pair
from tests.browser.doors import Doors, choose_worker, fits, tap
from tests.browser.test_journey import reload_until

CLAIMED, REMINDED = timedelta(days=8), timedelta(days=4)


def rested(county: County, need: str) -> Pair:
    """Taken up eight days ago; the worker was reminded four days ago and has done nothing."""
    pair = county.claimed(need, f"借给“{need}”的机器", ago=CLAIMED)
    subject = Subject(county.match(pair).id, None, COUNTY)
    with county.act(ago=REMINDED) as act:
        assert look_after(act, subject)
    return pair


def open_escalations(county: County, pair: Pair) -> int:
    key = county.match(pair).id
    query = county.session.query(Escalation).filter_by(match_id=key, closed_at=None)
    return int(query.filter(Escalation.told_at.is_not(None)).count())


def give(page: Page, title: str, name: str) -> None:
    """Tick the case, and choose who gets it."""
    line = page.locator(".case-line", has_text=title)
    line.locator("input[name=chosen]").check()
    choose_worker(page, "receiver", name)
    tap(page, "交出去")
    expect(page.get_by_text("1 件已交出")).to_be_visible()
    expect(page.locator(".case-line", has_text=title)).to_have_count(0)


def test_a_case_that_rests_is_seen_given_away_or_taken_over(
    county: County, doors: Doors, complaints: list[str]
) -> None:
    successor = county.successor.person.name
    given, taken = rested(county, "烘干机停在半路"), rested(county, "水泵没人跟")
    boss = doors.desk(county.chief)
    county.run(escalate_job)
    boss.goto("/escalations")
    line = boss.locator(".case-line", has_text="水泵没人跟")
    reload_until(boss, lambda: line.count() > 0, "the case that rests")
    expect(line).to_contain_text("8 天没动")
    give(boss, "烘干机停在半路", successor)
    assert county.match(given).broker_id == county.successor.person_id

    phone = doors.phone(county.chief)
    phone.goto("/notices")
    expect(phone.get_by_text("“水泵没人跟”：接下以后一直没有下一步").first).to_be_visible()
    phone.goto("/escalations")
    fits(phone)
    give(phone, "水泵没人跟", county.chief.person.name)
    phone.goto(taken.path)
    tap(phone, "向双方牵线")
    expect(phone.get_by_text("已经问了双方").first).to_be_visible()
    assert county.match(taken).broker_id == county.chief.person_id
    assert [open_escalations(county, pair) for pair in (given, taken)] == [0, 0]

    old = doors.phone(county.worker)
    old.goto(given.path)
    expect(old.get_by_role("button", name="向双方牵线")).to_have_count(0)
