"""What other pages show of volunteering: my next shift at home, the way to it on my own page, the
activities on an organisation's page.
"""

from typing import Any

from flask import Flask

from exchange.accounts.models import Organisation
from exchange.volunteering.queries import own_signups
from exchange.volunteering.readers import reader
from exchange.volunteering.searching import looks_after_any, open_activities_of
from exchange.volunteering.showing import activity_cards, shift_line
from exchange.web.acting import current_actor, read_session
from exchange.web.panels import PanelContent, fill_slot

SHOWN = 2


def install(app: Flask) -> None:
    """Fill the slots."""
    fill_slot(app, "home.mine", _next_shifts, order=20)
    fill_slot(app, "me.links", _link, order=12)
    fill_slot(app, "me.links", _managed, order=13)
    fill_slot(app, "organisation.panels", _of_organisation, order=60)


def _next_shifts(**_values: Any) -> PanelContent | None:
    who = reader()
    if who.actor.person_id is None:
        return None
    signups = own_signups(read_session(), who.actor.person_id, who.now)[:SHOWN]
    if not signups:
        return None
    lines = [shift_line(who, one.shift.activity, one.shift, one, {}, {}) for one in signups]
    return PanelContent("volunteering/_next_shifts.html", {"lines": lines})


def _link(**_values: Any) -> PanelContent:
    return PanelContent("volunteering/_link.html")


def _managed(**_values: Any) -> PanelContent | None:
    if not looks_after_any(read_session(), current_actor()):
        return None
    return PanelContent("volunteering/_managed_link.html")


def _of_organisation(organisation: Organisation, **_values: Any) -> PanelContent | None:
    who, session = reader(), read_session()
    rows = open_activities_of(session, who.actor, organisation.id, who.now)
    if not rows:
        return None
    return PanelContent(
        "volunteering/_organisation.html", {"cards": activity_cards(session, who, rows)}
    )
