"""Bulletins on the pages of the search."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from exchange.discovery import forms, panels
from exchange.discovery.bulletins.searching import find_bulletins
from exchange.discovery.bulletins.showing import bulletin_views
from exchange.discovery.rules import Asked
from exchange.discovery.views import bp
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code


@bp.get("/search/bulletins")
@access(PUBLIC)
def bulletins() -> ResponseReturnValue:
    """What of the bulletins that have come out answers the words."""
    asked, ignored = forms.asked_in_request()
    asked = Asked(q=asked.q, division=asked.division)
    cursor = request.args.get("cursor") or None
    found = find_bulletins(read_session(), house(), current_actor(), asked, panels.today(), cursor)
    issues = [one.thing for one in found.found]
    return render_template(
        "discovery/bulletins/search.html",
        asked=asked,
        chips=forms.side_chips(asked, {}, active=forms.BULLETINS),
        views=bulletin_views(read_session(), house(), issues, locale_code()),
        ignored=forms.names_of(ignored),
        near=panels.reader_place().county,
        next_url=_address(asked, found.next_cursor) if found.next_cursor else None,
    )


def _address(asked: Asked, cursor: str) -> str:
    """Where the next page of these issues stands."""
    return url_for(
        ".bulletins", q=asked.q or None, division=asked.division or None, cursor=cursor
    )
