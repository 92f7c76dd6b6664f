"""Where posters and texts to pass on are found."""

from typing import Any

import sqlalchemy as sa
from flask import Flask

from exchange.accounts.models import ServicePoint
from exchange.listings.models import Listing
from exchange.listings.sharing.content import may_be_shared
from exchange.web.acting import current_actor, read_session
from exchange.web.panels import PanelContent, fill_slot


def install(app: Flask) -> None:
    """On the page of an open listing, beside a service point, and on a worker's own page."""
    fill_slot(app, "listing.main", listing_panel, order=90)
    fill_slot(app, "point.acts", point_panel, order=90)
    fill_slot(app, "me.station", own_point_panel, order=90)


def listing_panel(listing: Listing, **_values: Any) -> PanelContent | None:
    """The two ways to pass a listing on."""
    if not may_be_shared(listing):
        return None
    return PanelContent("listings/_pass_on.html", {"listing": listing})


def point_panel(point: ServicePoint, **_values: Any) -> PanelContent:
    """The two ways to pass on what a point has."""
    return PanelContent("listings/_pass_on_point.html", {"point": point, "slim": True})


def own_point_panel(**_values: Any) -> PanelContent | None:
    """The same for the point where one serves."""
    point_id = current_actor().service_point_id
    if point_id is None:
        return None
    query = sa.select(ServicePoint).where(ServicePoint.id == point_id)
    point = read_session().scalar(query)
    values = {"point": point, "slim": False}
    return PanelContent("listings/_pass_on_point.html", values) if point else None
