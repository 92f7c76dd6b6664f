"""A bulletin tells of projects: their news of its days, and which partners they look for."""

from datetime import UTC, datetime

from flask.testing import FlaskClient

from exchange.discovery.bulletins.showing import SectionView
from exchange.listings.kinds import Visibility
from exchange.listings.sharing.rules import short_code
from exchange.projects.intentions.kinds import IntentionKind
from exchange.projects.intentions.models import WantedIntention
from exchange.projects.models import Project, ProjectUpdate
from tests.discovery.bulletin_scene import Desk, titles
from tests.projects.making import make_project


def noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+08:00").astimezone(UTC)


def project(desk: Desk, title: str, visibility: Visibility = Visibility.PUBLIC) -> Project:
    return make_project(
        desk.session, desk.cast.officer.organisation, title=title, visibility=visibility,
        now=noon("2026-11-10"),
    )  # fmt: skip


def news(desk: Desk, of: Project, text: str, day: str) -> ProjectUpdate:
    made = ProjectUpdate(
        project_id=of.id, organisation_id=of.organisation_id, text=text,
        figures=[], published_at=noon(day),
    )  # fmt: skip
    desk.session.add(made)
    desk.session.commit()
    return made


def wish(desk: Desk, of: Project, words: str, position: int = 0) -> None:
    desk.session.add(
        WantedIntention(
            project_id=of.id, position=position, kind=IntentionKind.TECHNOLOGY, words=words
        )
    )
    desk.session.commit()


def section(desk: Desk, code: str) -> SectionView:
    (found,) = [one for one in desk.view().sections if one.code == code]
    return found


def test_the_newest_piece_of_each_project_stands_for_the_others(desk: Desk) -> None:
    desk.opened()
    shed, road = project(desk, "冷库项目"), project(desk, "修路项目")
    news(desk, shed, "上个月的事", "2026-10-20")
    news(desk, shed, "地基打好了", "2026-11-17")
    news(desk, shed, "墙砌起来了", "2026-11-20")
    news(desk, road, "路面铺了三百米", "2026-11-18")
    desk.composed()
    found = section(desk, "news")
    assert [(one.title, one.line) for one in found.items] == [
        ("冷库项目", "墙砌起来了"), ("修路项目", "路面铺了三百米"),
    ]  # fmt: skip
    assert list(found.figures) == ["3 pieces of news", "of 2 projects"]


def test_the_text_for_chat_groups_leads_to_projects_by_short_links(
    desk: Desk, client: FlaskClient
) -> None:
    desk.opened()
    shed = project(desk, "冷库项目")
    told = news(desk, shed, "地基打好了", "2026-11-17")
    wish(desk, shed, "找懂制冷的")
    desk.published()
    page = client.get(f"/bulletins/{desk.issue().public_id}/text").text
    short = f"/p/n/{short_code(told.id)}", f"/p/{short_code(shed.id)}"
    lines = [line.strip() for line in page.splitlines()]
    assert all(any(line.endswith(link) for line in lines) for link in short)
    assert "/projects/" not in page.split("<textarea")[1].split("</textarea>")[0]
    for link, leads in zip(short, (f"/news/{told.public_id}", shed.public_id), strict=True):
        assert client.get(link).headers["Location"].endswith(leads)


def test_what_is_taken_back_or_not_for_everybody_is_not_told(desk: Desk) -> None:
    desk.opened()
    shed, hidden = project(desk, "冷库项目"), project(desk, "内部项目", Visibility.BROKERS)
    told = news(desk, shed, "地基打好了", "2026-11-17")
    news(desk, hidden, "只给社工看的", "2026-11-17")
    wish(desk, hidden, "找懂制冷的")
    desk.published()
    assert titles(desk.view(), "news") == ["冷库项目"]
    assert titles(desk.view(), "wishes") == []
    desk.session.get_one(ProjectUpdate, told.id).withdrawn_at = noon("2026-11-23")
    desk.session.commit()
    assert titles(desk.view(), "news") == []


def test_it_says_which_partners_are_looked_for(desk: Desk) -> None:
    desk.opened()
    shed = project(desk, "冷库项目")
    wish(desk, shed, "找懂制冷的工程师")
    wish(desk, shed, "长期收购刺梨", 1)
    desk.published()
    (line,) = section(desk, "wishes").items
    assert line.title == "冷库项目"
    assert line.line == "找懂制冷的工程师; 长期收购刺梨"
    assert line.url == f"/projects/{shed.public_id}"
    desk.session.get_one(Project, shed.id).held_at = noon("2026-11-23")
    desk.session.commit()
    assert titles(desk.view(), "wishes") == []
