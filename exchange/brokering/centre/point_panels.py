"""What brokering puts on the page of service points, on the page of a need, and on Me."""

from typing import Any

from flask import Flask, url_for

from exchange.accounts.kinds import PointLevel
from exchange.accounts.models import Person, ServicePoint
from exchange.web.acting import current_actor
from exchange.web.panels import PanelContent, fill_slot

LINKS = "brokering/_links.html"


def register(app: Flask) -> None:
    """Fill the slots."""
    fill_slot(app, "point.worker", _worker)
    fill_slot(app, "point.acts", _point)
    fill_slot(app, "me.station", _me)


def _worker(person: Person, **_values: Any) -> PanelContent:
    address = url_for("handovers.start", public_id=person.public_id)
    return PanelContent(LINKS, {"links": [("handover", address)]})


def _point(point: ServicePoint, **_values: Any) -> PanelContent:
    links = [("figures", url_for("overviews.show", public_id=point.public_id))]
    if point.level is PointLevel.CENTRE:
        links.append(("settings", url_for("centres.settings", public_id=point.public_id)))
    return PanelContent(LINKS, {"links": links})


def _me(**_values: Any) -> PanelContent | None:
    actor = current_actor()
    if not actor.is_broker:
        return None
    links = [("mine", url_for("handovers.mine"))]
    if actor.supervises:
        links.append(("figures", url_for("overviews.centre")))
    return PanelContent(LINKS, {"links": links})
