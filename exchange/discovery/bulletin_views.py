"""Bulletins on the pages of the search."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from exchange.discovery import forms, panels
from exchange.discovery.bulletins.searching import bulletins_address, find_bulletins, views_of
from exchange.discovery.rules import Asked
from exchange.discovery.views import bp
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, house, read_session


@bp.get("/search/bulletins")
@access(PUBLIC)
def bulletins() -> ResponseReturnValue:
    """What of the bulletins that have come out answers the words."""
    asked, ignored = forms.asked_in_request()
    asked = Asked(q=asked.q, division=asked.division)
    cursor = request.args.get("cursor") or None
    found = find_bulletins(read_session(), house(), current_actor(), asked, panels.today(), cursor)
    return render_template(
        "discovery/bulletins/search.html",
        asked=asked,
        chips=forms.side_chips(asked, {}, active=forms.BULLETINS),
        views=views_of(found),
        ignored=forms.names_of(ignored),
        near=panels.reader_place().county,
        next_url=bulletins_address(asked, found.next_cursor) if found.next_cursor else None,
    )
