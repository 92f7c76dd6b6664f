"""The bell in the header, and the way to the notices from a person's own page."""

from typing import Any

from flask import Flask

from exchange.notifications.queries import unread_count
from exchange.web.acting import current_actor, read_session
from exchange.web.panels import PanelContent, fill_slot


def register(app: Flask) -> None:
    """Fill the slots."""
    fill_slot(app, "header.tools", _bell, order=10)
    fill_slot(app, "me.links", _link, order=20)


def _bell(**_values: Any) -> PanelContent | None:
    return _shown("notifications/_bell.html")


def _link(**_values: Any) -> PanelContent | None:
    return _shown("notifications/_link.html")


def _shown(template: str) -> PanelContent | None:
    actor = current_actor()
    if actor.person_id is None:
        return None
    return PanelContent(template, {"unread": unread_count(read_session(), actor.person_id)})
