"""What listings put on other rooms' pages: the way to one's own posts."""

from typing import Any

from flask import Flask

from exchange.web.panels import PanelContent, fill_slot


def register(app: Flask) -> None:
    """Fill the slot of a person's own page."""
    fill_slot(app, "me.links", _mine, order=10)


def _mine(**_values: Any) -> PanelContent:
    return PanelContent("listings/_mine_link.html")
