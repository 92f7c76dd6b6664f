"""A worker's matches on a phone and on a desktop: filters, saved views, several at once."""

import re
from datetime import timedelta

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from exchange.brokering.kinds import LIVE_STATES
from exchange.brokering.models import Match
from tests.browser.behind import Behind, behind
from tests.browser.doors import fits
from tests.browser.test_journey import BROKER
from tests.browser.test_life import sign_in
from tests.running_site import RunningSite


def taken_up(site_behind: Behind, count: int, *, asked: int = 0) -> list[str]:
    """So many further matches of the worker; the first ones asked two days ago."""
    broker = site_behind.person(BROKER)
    paths = [site_behind.claim(broker) for _ in range(count)]
    for path in paths[:asked]:
        site_behind.propose(broker, path)
        with site_behind.act() as act:
            match = act.session.scalars(
                sa.select(Match).where(Match.public_id == path.rpartition("/")[2])
            ).one()
            match.proposed_at = act.now - timedelta(days=2)
    return paths


def public_ids(paths: list[str]) -> list[str]:
    return [path.rpartition("/")[2] for path in paths]


def tick(page: Page, public_id: str) -> None:
    page.locator(f"input[name=chosen][value^='{public_id}.']").check()


def test_filter_keep_and_open_again_on_a_phone(site: RunningSite, phone: Page) -> None:
    with behind(site.folder) as site_behind:
        taken_up(site_behind, 2)
    sign_in(phone, BROKER)
    phone.goto("/matches?who=mine")
    phone.locator("details.sheet > summary").tap()
    phone.locator("select[name=sort]").select_option("untouched")
    phone.locator("select[name=who]").select_option("point")
    phone.get_by_role("button", name="看结果").tap()
    expect(phone).to_have_url(re.compile("sort=untouched"))
    phone.get_by_role("link", name="已接下").first.tap()
    expect(phone).to_have_url(re.compile("state=claimed"))
    phone.locator("summary", has_text="把这些条件存成视图").tap()
    phone.locator("input[name=name]").fill("站里没问的")
    phone.locator("label", has_text="打开“对接”时先看它").tap()
    phone.get_by_role("button", name="存下来").tap()
    expect(phone.get_by_text("“站里没问的”存好了")).to_be_visible()
    phone.goto("/matches")
    expect(phone).to_have_url(re.compile(r"who=point&state=claimed&sort=untouched"))
    expect(phone.locator(".chip.on", has_text="站里没问的")).to_be_visible()
    phone.get_by_role("link", name="看板").tap()
    column = phone.locator("#col-claimed")
    expect(column).to_be_visible()
    fits(phone)
    phone.goto("/match-views")
    phone.locator("summary", has_text="修改").first.tap()
    phone.get_by_role("button", name="删掉这个视图").tap()
    expect(phone.get_by_text("视图删掉了")).to_be_visible()
    phone.goto("/matches?who=mine&look=board")
    phone.locator(".board-tabs a", has_text="已约定").tap()
    expect(phone.locator("#col-agreed")).to_be_in_viewport()


def test_three_are_set_aside_and_taken_up_again_on_a_phone(
    site: RunningSite, phone: Page
) -> None:
    with behind(site.folder) as site_behind:
        ids = public_ids(taken_up(site_behind, 3))
    sign_in(phone, BROKER)
    phone.goto("/matches?who=mine&state=claimed")
    for one in ids:
        tick(phone, one)
    phone.get_by_role("button", name="先放着").tap()
    expect(phone.get_by_text("会办的有 3 个")).to_be_visible()
    phone.locator("select[name=reason]").select_option("season")
    phone.locator("textarea[name=note]").fill("等收完烟叶")
    phone.get_by_role("button", name="先放着").tap()
    expect(phone.get_by_text("办好 3 个")).to_be_visible()
    phone.goto("/today")
    for one in ids:
        expect(phone.locator(f"a[href='/matches/{one}']")).to_have_count(0)
    phone.goto(f"/matches/{ids[0]}")
    expect(phone.get_by_text("等收完烟叶").first).to_be_visible()
    phone.get_by_role("button", name="现在就拿回来").tap()
    expect(phone.get_by_text("办好 1 个")).to_be_visible()
    phone.goto("/matches?who=mine&rest=aside")
    expect(phone.locator(f"input[value^='{ids[0]}.'][name=chosen]")).to_have_count(0)
    expect(phone.locator(f"input[value^='{ids[1]}.'][name=chosen]")).to_have_count(1)


def test_reminding_leaves_one_out_with_a_sentence_on_a_desktop(
    site: RunningSite, desktop: Page
) -> None:
    with behind(site.folder) as site_behind:
        ids = public_ids(taken_up(site_behind, 3, asked=2))
    sign_in(desktop, BROKER)
    desktop.goto("/matches?who=mine&look=board")
    for state in LIVE_STATES:
        expect(desktop.locator(f"#col-{state.value}")).to_be_visible()
    desktop.goto("/matches?who=mine")
    for one in ids:
        tick(desktop, one)
    desktop.get_by_role("button", name="Remind", exact=True).click()
    expect(desktop.get_by_role("heading", name="This happens to 2 matches")).to_be_visible()
    expect(desktop.get_by_text("Both sides will be reminded.")).to_have_count(2)
    expect(desktop.get_by_role("heading", name="1 is left out")).to_be_visible()
    expect(desktop.get_by_text("No question waits for an answer here")).to_be_visible()
    desktop.get_by_role("button", name="Remind them").click()
    expect(desktop.get_by_text("2 done, 1 left out")).to_be_visible()
    desktop.get_by_role("link", name="Back to the matches").click()
    for one in ids[:2]:
        tick(desktop, one)
    desktop.get_by_role("button", name="Remind", exact=True).click()
    expect(desktop.get_by_role("heading", name="2 are left out")).to_be_visible()
    expect(desktop.get_by_text("was reminded less than a day ago")).to_have_count(1)
