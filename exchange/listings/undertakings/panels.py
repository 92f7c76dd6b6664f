"""What other pages show of undertakings: a need's page, and one's own page."""

from typing import Any

from flask import Flask

from exchange.listings.kinds import Side
from exchange.listings.models import Listing
from exchange.listings.undertakings.permissions import (
    is_inside,
    may_group,
    may_read,
    shown_parts,
)
from exchange.listings.undertakings.queries import parts_of, undertaking_of
from exchange.listings.undertakings.rules import JOINABLE
from exchange.listings.undertakings.showing import short_progress
from exchange.web.acting import current_actor, house, read_session
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """Stand above what goes on with a need, and on one's own page."""
    fill_slot(app, "listing.main", undertaking_panel, order=30)
    fill_slot(app, "me.links", _mine, order=11)


def undertaking_panel(listing: Listing, **_values: Any) -> PanelContent | None:
    """What the need is a part of, as far as the reader may know; else the way to put it in."""
    if listing.side is not Side.NEED:
        return None
    session, actor = read_session(), current_actor()
    found = undertaking_of(session, listing.id)
    if found is None:
        way = listing.state in JOINABLE and may_group(actor, [listing])
        values: dict[str, Any] = {"listing": listing, "undertaking": None}
        return PanelContent("listings/_undertaking.html", values) if way else None
    parts = parts_of(session, found)
    shown = shown_parts(actor, parts)
    if not may_read(actor, found, parts) or listing.id not in {part.id for part in shown}:
        return None
    met = counted = 0
    if is_inside(actor, found, parts):
        met, counted = short_progress(session, house(), actor, {found.id: parts})[found.id]
    values = {"listing": listing, "undertaking": found, "met": met, "counted": counted}
    values["others"] = len(shown) - 1
    return PanelContent("listings/_undertaking.html", values)


def _mine(**_values: Any) -> PanelContent:
    return PanelContent("listings/_undertakings_link.html")
