"""What other pages show of news: the story of a project, what a reader can do, a person's own page.
"""

from datetime import date
from typing import Any

from flask import Flask

from exchange.kernel.actor import VISITOR
from exchange.projects.models import Project
from exchange.projects.news.queries import count_followers, follows, news_of
from exchange.projects.news.rules import may_have_news
from exchange.projects.news.showing import news_views
from exchange.projects.permissions import can_see, may_report
from exchange.web.acting import current_actor, read_session
from exchange.web.locale import locale_code
from exchange.web.panels import PanelContent, fill_slot

LAST = 3


def install(app: Flask) -> None:
    """On the page of a project, first in its story, and on one's own page."""
    fill_slot(app, "projects.story", story_panel, order=10)
    fill_slot(app, "projects.acts", acts_panel, order=10)
    fill_slot(app, "me.links", _followed, order=16)
    fill_slot(app, "me.station", _silent, order=95)


def story_panel(project: Project, **_values: Any) -> PanelContent:
    """Its last three pieces of news."""
    session, actor = read_session(), current_actor()
    found = news_of(session, project.id, LAST + 1)
    views = news_views(session, actor, found[:LAST], locale_code())
    return PanelContent(
        "projects/news/_story.html",
        {
            "project": project, "news": views, "more": len(found) > LAST,
            "may_report": _may_post(project),
        },
    )  # fmt: skip


def acts_panel(project: Project, **_values: Any) -> PanelContent:
    """Post, follow, pass on."""
    return PanelContent("projects/news/_acts.html", acts_of(project))


def acts_of(project: Project) -> dict[str, Any]:
    """What this reader can do about the news of a project."""
    session, actor = read_session(), current_actor()
    return {
        "project": project,
        "may_report": _may_post(project),
        "follows": follows(session, project.id, actor.person_id),
        "followers": count_followers(session, project.id),
        "is_public": can_see(VISITOR, project),
    }


def standing(project: Project) -> dict[str, Any]:
    """How many steps are done, and which comes next."""
    open_ones = [one for one in project.milestones if one.done_on is None]
    following = min(
        open_ones, key=lambda one: (one.due_on or date.max, one.position), default=None
    )
    return {
        "done": len(project.milestones) - len(open_ones),
        "steps": len(project.milestones),
        "next": following.title if following else "",
    }


def _may_post(project: Project) -> bool:
    actor = current_actor()
    allowed = actor.is_signed_in and may_report(actor, project)
    return allowed and bool(may_have_news(project.publication))


def _followed(**_values: Any) -> PanelContent:
    return PanelContent("projects/news/_followed_link.html")


def _silent(**_values: Any) -> PanelContent | None:
    return PanelContent("projects/news/_silent_link.html") if current_actor().is_broker else None
