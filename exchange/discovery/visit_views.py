"""Roadshows and visits to come on the pages of the search."""

from dataclasses import replace

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from exchange.discovery import forms, panels
from exchange.discovery.places import place_of
from exchange.discovery.rules import Asked
from exchange.discovery.things import FoundPage
from exchange.discovery.views import bp
from exchange.discovery.visits import find_visits
from exchange.projects.visits.models import Visit
from exchange.projects.visits.showing import VisitLine, visit_lines
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code


@bp.get("/search/visits")
@access(PUBLIC)
def visits() -> ResponseReturnValue:
    """What of the roadshows and visits to come answers the words."""
    asked, ignored = forms.asked_in_request()
    asked = Asked(q=asked.q, division=asked.division)
    cursor = request.args.get("cursor") or None
    found = find_visits(read_session(), house(), current_actor(), asked, panels.today(), cursor)
    return render_template(
        "discovery/visits.html",
        asked=asked,
        chips=forms.side_chips(asked, {}, active=forms.VISITS),
        place_label=place_of(read_session(), asked.division, locale_code()).label,
        lines=_lines(found),
        ignored=forms.names_of(ignored),
        near=panels.reader_place().county,
        next_url=_address(asked, found.next_cursor) if found.next_cursor else None,
        without_place_url=_address(asked.but(division="")),
    )


def _lines(found: FoundPage[Visit]) -> list[VisitLine]:
    """What was found as lines, with the words that were asked for marked."""
    rows = [one.thing for one in found.found]
    plain = visit_lines(read_session(), house(), current_actor(), rows, locale_code())
    return [
        replace(
            line,
            title=panels.marked(one.title) if one.title else "",
            words=panels.marked(one.snippet)
            if any(piece.is_match for piece in one.snippet)
            else "",
        )
        for line, one in zip(plain, found.found, strict=True)
    ]


def _address(asked: Asked, cursor: str | None = None) -> str:
    """Where these stand, or their next page."""
    return url_for(".visits", q=asked.q or None, division=asked.division or None, cursor=cursor)
