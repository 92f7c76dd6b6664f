"""What other pages show of bulletins: the centre's page, one's own page, and home."""

from typing import Any

from flask import Flask

from exchange.accounts.models import ServicePoint
from exchange.discovery.bulletins.desk_showing import desk_lines
from exchange.discovery.bulletins.labels import usual_headline
from exchange.discovery.bulletins.queries import newest_near, place_name, places_of
from exchange.discovery.bulletins.showing import own_words
from exchange.discovery.panels import reader_place
from exchange.kernel.actor import covers
from exchange.web.acting import current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Stand on the centre's page, on one's own page, and below the lists of the home page."""
    fill_slot(app, "centre.panels", centre_panel)
    fill_slot(app, "me.station", _desk_link, order=70)
    fill_slot(app, "me.links", _link, order=16)
    fill_slot(app, "home.lists", newest_panel)


def centre_panel(point: ServicePoint, **_values: Any) -> PanelContent | None:
    """The bulletins of a centre's places: what was missed stands there until it is done."""
    session, actor = read_session(), current_actor()
    prefixes = [one.prefix for one in point.divisions]
    places = [
        one
        for one in places_of(session, actor)
        if all(any(covers(above, prefix) for above in prefixes) for prefix in one.prefixes)
    ]
    lines = desk_lines(session, house(), actor, places, locale_code())
    return PanelContent("discovery/bulletins/_centre.html", {"lines": lines})


def newest_panel(**_values: Any) -> PanelContent:
    """The newest issue near the reader, and the way to all of them."""
    code = reader_place().code
    issue = newest_near(read_session(), code) if code else None
    values: dict[str, Any] = {"issue": issue}
    if issue is not None:
        locale = locale_code()
        name = place_name(read_session(), issue.place, locale)
        values["place"] = name
        values["headline"] = own_words(issue, "headline", locale) or usual_headline(name)
    return PanelContent("discovery/bulletins/_newest.html", values)


def _desk_link(**_values: Any) -> PanelContent:
    return PanelContent("discovery/bulletins/_desk_link.html")


def _link(**_values: Any) -> PanelContent:
    return PanelContent("discovery/bulletins/_link.html")
