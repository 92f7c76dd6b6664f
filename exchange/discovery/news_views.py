"""News of projects on the pages of the search."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from exchange.discovery import forms, panels
from exchange.discovery.news import find_news
from exchange.discovery.news_panels import lines_of
from exchange.discovery.places import place_of
from exchange.discovery.rules import Asked
from exchange.discovery.views import bp
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code


@bp.get("/search/news")
@access(PUBLIC)
def news() -> ResponseReturnValue:
    """What of the news of projects answers the words."""
    asked, ignored = forms.asked_in_request()
    asked = Asked(q=asked.q, division=asked.division)
    cursor = request.args.get("cursor") or None
    found = find_news(read_session(), house(), current_actor(), asked, panels.today(), cursor)
    return render_template(
        "discovery/news.html",
        asked=asked,
        chips=forms.side_chips(asked, {}, active=forms.NEWS),
        place_label=place_of(read_session(), asked.division, locale_code()).label,
        lines=lines_of(found),
        ignored=forms.names_of(ignored),
        near=panels.reader_place().county,
        next_url=_address(asked, found.next_cursor) if found.next_cursor else None,
        without_place_url=_address(asked.but(division="")),
    )


def _address(asked: Asked, cursor: str | None = None) -> str:
    """Where these news stand, or their next page."""
    return url_for(".news", q=asked.q or None, division=asked.division or None, cursor=cursor)
