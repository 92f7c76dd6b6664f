"""Villagers say what they think of a project by link and on paper, and everybody reads the sum."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from exchange.kernel.actor import VISITOR
from exchange.kernel.database import new_public_id
from exchange.projects.evaluation.jobs import look_after_rounds
from exchange.projects.evaluation.kinds import Choice, Question, RoundKind
from exchange.projects.evaluation.models import EvaluationRound
from exchange.projects.evaluation.survey_service import answer_by_link
from exchange.projects.events import ProjectStaged
from exchange.projects.kinds import Stage
from exchange.projects.models import Project
from tests.browser.county import County
from tests.browser.doors import Doors, tap
from tests.browser.test_journey import reload_until
from tests.projects.making import make_project

TITLE = "清水村修灌渠"
WORDS = "水来了，就是尾水那段还漏"
GIVEN = {Question.REACHED: Choice.MUCH, Question.BETTER: Choice.BETTER}


@pytest.fixture
def project(county: County) -> Project:
    """Completed a while ago, so that its villagers are asked."""
    worker, officer = county.worker.person_id, county.officer.organisation_id
    with county.act(ago=timedelta(days=20)) as act:
        lead = county.officer.organisation
        made = make_project(act, lead, now=act.now, title=TITLE, worker_id=worker)
        made.stage, made.ended_at = Stage.COMPLETED, act.now
        act.emit(ProjectStaged(made.id, officer))
        project_id = made.id
    county.session.rollback()
    return county.session.get_one(Project, project_id)


def final_round(county: County, project_id: int) -> EvaluationRound:
    county.session.rollback()
    query = sa.select(EvaluationRound).where(
        EvaluationRound.project_id == project_id, EvaluationRound.kind == RoundKind.FINAL
    )
    return county.session.scalars(query).one()


def answer_by_phone(page: Page, code: str) -> None:
    """On a cheap phone: nothing runs over the edge, and a tap is enough for each question."""
    page.goto(f"/v/{code}")
    expect(page.locator("h1")).to_have_text(TITLE)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    size = page.locator(".survey .choice").first.evaluate("one => getComputedStyle(one).fontSize")
    assert float(size.removesuffix("px")) >= 18
    for words in ("有一点", "好了一点", "大概知道", "该接着办"):
        page.locator("label.choice", has_text=words).first.tap()
    page.fill("textarea[name=words]", WORDS)
    tap(page, "提交")
    expect(page.get_by_text("14 岁及以上的人填").first).to_be_visible()
    page.locator("label.check").tap()
    tap(page, "提交")
    expect(page.get_by_text("您的意见收到了")).to_be_visible()
    page.goto(f"/v/{code}")
    expect(page.get_by_text("您的意见收到了")).to_be_visible()


def enter_a_sheet(page: Page, path: str) -> None:
    """The worker prints a sheet, and enters it when it comes back; a second time is refused."""
    page.goto(f"{path}/final/papers")
    page.fill("input[name=count]", "1")
    page.locator(".main-act").click()
    sheet = page.locator("article.sheet")
    expect(sheet).to_have_count(1)
    page.wait_for_load_state("load")  # its style is there
    page.emulate_media(media="print")
    height = sheet.evaluate("sheet => sheet.scrollHeight")
    assert height <= 270 / 25.4 * 96 + 2, "the sheet does not fit on its page"
    page.emulate_media(media="screen")
    number = sheet.locator(".number b").inner_text()
    for expected in ("录好了", "录过了"):
        page.goto(f"/evaluations/paper?number={number}")
        expect(page.locator("input[name=number]")).to_have_value(number)
        page.locator("label.check").click()
        page.locator("label.choice", has_text="好多了").click()
        tap(page, "保存，录下一张")
        expect(page.get_by_text(expected).first).to_be_visible()


def test_villagers_answer_by_link_and_on_paper_and_everybody_reads_the_sum(
    county: County, project: Project, doors: Doors, complaints: list[str]
) -> None:
    project_id, path = project.id, f"/projects/{project.public_id}/evaluation"
    asked = final_round(county, project_id)
    code, round_id = asked.survey_code, asked.id
    answer_by_phone(doors.phone(), code)
    complaints[:] = [one for one in complaints if "422" not in one]
    desk = doors.desk(county.worker)
    enter_a_sheet(desk, path)
    complaints[:] = [one for one in complaints if "422" not in one]
    for _ in range(4):
        with county.act(VISITOR) as act:
            answer_by_link(act, code, new_public_id(), GIVEN, "", is_old_enough=True)
    desk.goto(f"{path}/final/words")
    expect(desk.get_by_text(WORDS)).to_be_visible()
    reader = doors.phone()
    reader.goto(path)
    expect(reader.get_by_text("%")).to_have_count(0)
    with county.act() as act:
        found = act.session.get_one(EvaluationRound, round_id)
        found.closes_on = act.today - timedelta(days=1)
    county.run(look_after_rounds)
    reload_until(
        reader, lambda: reader.get_by_text("村民怎么说").count() > 0, "what villagers say"
    )
    expect(reader.get_by_text(re.compile(r"^\d+%$")).first).to_be_visible()
    expect(reader.get_by_text(WORDS)).to_have_count(0)
    assert reader.evaluate("document.documentElement.scrollWidth") <= 360
