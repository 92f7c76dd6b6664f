"""Volunteer activities on the pages of the search."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from exchange.discovery import forms, panels
from exchange.discovery.activities import find_activities
from exchange.discovery.activity_panels import activities_address, cards_of
from exchange.discovery.place_reading import read_place
from exchange.discovery.places import place_of
from exchange.discovery.rules import Asked
from exchange.discovery.views import bp
from exchange.web.access import PUBLIC, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code


@bp.get("/search/activities")
@access(PUBLIC)
def activities() -> ResponseReturnValue:
    """What of the volunteer activities answers the words."""
    asked, ignored = forms.asked_in_request()
    asked = Asked(q=asked.q, division=asked.division, literal=asked.literal)
    used = _with_place(asked)
    cursor = request.args.get("cursor") or None
    found = find_activities(read_session(), house(), current_actor(), used, panels.today(), cursor)
    home_place = panels.reader_place()
    place = place_of(read_session(), used.division, locale_code())
    return render_template(
        "discovery/activities.html",
        asked=asked,
        place=panels.header_place(home_place),
        place_label=place.label,
        chips=forms.side_chips(asked, {}, active=forms.ACTIVITIES),
        found=found,
        cards=cards_of(found),
        ignored=forms.names_of(ignored),
        next_url=activities_address(asked, found.next_cursor) if found.next_cursor else None,
        without_place_url=activities_address(asked.but(division="", literal=("place",))),
        near=home_place.county,
    )


def _with_place(asked: Asked) -> Asked:
    """The question with the place that stands in its words."""
    if not asked.q or asked.division or "place" in asked.literal:
        return asked
    near = panels.reader_place().code or None
    read = read_place(read_session(), asked.q, near, locale_code())
    if read is None:
        return asked
    return asked.but(q=read.rest_of_text or asked.q, division=read.code)
