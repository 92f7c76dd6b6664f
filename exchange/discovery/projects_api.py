"""Searching news, roadshows and visits of all projects for programs: the same search as the pages'.
"""

from typing import Any

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import Text, length
from exchange.api.paging import PageQuery
from exchange.discovery.news import find_news
from exchange.discovery.panels import today
from exchange.discovery.rules import Asked, one_line
from exchange.discovery.things import FoundPage
from exchange.discovery.visits import find_visits
from exchange.geography.rules import is_code
from exchange.kernel.errors import Invalid
from exchange.projects.news.schemas import NewsPage, news_items
from exchange.projects.visits.schemas import VisitPage, visit_item
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, house, read_session

blp = ApiBlueprint(
    "api_projects_search",
    __name__,
    title="Search of news and visits",
    description="News, roadshows and visits of all projects that you may see.",
)


class ProjectMattersQuery(PageQuery):
    """What to look for."""

    q = Text(
        load_default="",
        validate=length(0, 200),
        metadata={"description": "Words in Chinese, English or pinyin.", "example": "果苗"},
    )
    division = Text(load_default="", metadata={"description": "A division, with its parts."})


@blp.get("/search/news")
@access(PUBLIC)
@blp.query(ProjectMattersQuery)
@blp.answers(200, NewsPage, "News")
def search_news(given: dict[str, Any]) -> dict[str, Any]:
    """Search the news of projects; without words the newest come first.

    A page may be short, even empty, before the end: go on until next_cursor is null.
    """
    asked, cursor = _asked(given), given["cursor"] or None
    session, actor = read_session(), current_actor()
    found = find_news(session, house(), actor, asked, today(), cursor, given["limit"])
    _require_cursor(found)
    items = news_items(session, actor, [one.thing for one in found.found])
    return {"items": items, "next_cursor": found.next_cursor}


@blp.get("/search/visits")
@access(PUBLIC)
@blp.query(ProjectMattersQuery)
@blp.answers(200, VisitPage, "Roadshows and visits to come")
def search_visits(given: dict[str, Any]) -> dict[str, Any]:
    """Search roadshows and visits to come; without words ask for the list of visits.

    A page may be short, even empty, before the end: go on until next_cursor is null.
    """
    asked, cursor = _asked(given), given["cursor"] or None
    session, actor = read_session(), current_actor()
    found = find_visits(session, house(), actor, asked, today(), cursor, given["limit"])
    _require_cursor(found)
    items = [visit_item(actor, one.thing) for one in found.found]
    return {"items": items, "next_cursor": found.next_cursor}


def _asked(given: dict[str, Any]) -> Asked:
    """The question. Raises Invalid for what is no division."""
    if given["division"] and not is_code(given["division"]):
        raise Invalid(fields={"division": ["unknown_place"]})
    return Asked(q=one_line(given["q"]), division=given["division"])


def _require_cursor(found: FoundPage[Any]) -> None:
    if found.cursor_refused:
        raise Invalid("invalid_cursor", fields={"cursor": ["invalid_cursor"]})
