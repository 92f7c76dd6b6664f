"""What filing for somebody puts on other pages."""

from typing import Any

from flask import Flask, url_for

from exchange.listings.filing.permissions import can_look_after
from exchange.listings.filing.queries import filing_of
from exchange.listings.filing.rules import may_file
from exchange.listings.filing.showing import filing_lines
from exchange.listings.models import Listing
from exchange.web.acting import current_actor, read_session
from exchange.web.locale import locale_code
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Stand on the page of the listing, on the page of the doors, and on a person's own page."""
    fill_slot(app, "listing.main", filed_panel, order=8)
    fill_slot(app, "doors.more", door_panel, order=10)
    fill_slot(app, "me.links", link_panel, order=14)


def filed_panel(listing: Listing, **_values: Any) -> PanelContent | None:
    """For those who look after it: that it is for somebody, and the way there."""
    actor, session = current_actor(), read_session()
    if not actor.is_signed_in:
        return None
    filing = filing_of(session, listing.id)
    if filing is None or not can_look_after(actor, filing):
        return None
    line = filing_lines(session, actor, [filing], locale_code())[0]
    url = url_for("filings.show", public_id=filing.public_id)
    return PanelContent("listings/_filed.html", {"line": line, "url": url})


def door_panel(**_values: Any) -> PanelContent | None:
    """Beside the three doors: file for somebody."""
    return PanelContent("listings/_file_for.html") if _files() else None


def link_panel(**_values: Any) -> PanelContent | None:
    """On one's own page: what was filed for others."""
    return PanelContent("listings/_filings_link.html") if _files() else None


def _files() -> bool:
    actor = current_actor()
    decision = may_file(is_broker=actor.is_broker, organisation_kind=actor.organisation_kind)
    return bool(decision)
