"""Searching the news of all projects for programs: the same search as the page's."""

from typing import Any

from exchange.api.blueprint import ApiBlueprint
from exchange.api.fields import Text, length
from exchange.api.paging import PageQuery
from exchange.discovery.news import find_news
from exchange.discovery.panels import today
from exchange.discovery.rules import Asked, one_line
from exchange.geography.rules import is_code
from exchange.kernel.errors import Invalid
from exchange.projects.news.schemas import NewsPage, news_items
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, house, read_session

blp = ApiBlueprint(
    "api_news_search",
    __name__,
    title="Search of project news",
    description="The news of all projects that you may see.",
)


class NewsSearchQuery(PageQuery):
    """What to look for."""

    q = Text(
        load_default="",
        validate=length(0, 200),
        metadata={"description": "Words in Chinese, English or pinyin.", "example": "果苗"},
    )
    division = Text(load_default="", metadata={"description": "A division, with its parts."})


@blp.get("/search/news")
@access(PUBLIC)
@blp.query(NewsSearchQuery)
@blp.answers(200, NewsPage, "News")
def search_news(given: dict[str, Any]) -> dict[str, Any]:
    """Search the news of projects; without words the newest come first.

    A page may be short, even empty, before the end: go on until next_cursor is null.
    """
    if given["division"] and not is_code(given["division"]):
        raise Invalid(fields={"division": ["unknown_place"]})
    session, actor = read_session(), current_actor()
    asked = Asked(q=one_line(given["q"]), division=given["division"])
    cursor = given["cursor"] or None
    found = find_news(session, house(), actor, asked, today(), cursor, given["limit"])
    if found.cursor_refused:
        raise Invalid("invalid_cursor", fields={"cursor": ["invalid_cursor"]})
    items = news_items(session, actor, [one.thing for one in found.found])
    return {"items": items, "next_cursor": found.next_cursor}
