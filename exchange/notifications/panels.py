"""The bell in the header."""

from typing import Any

from flask import Flask

from exchange.notifications.queries import unread_count
from exchange.web.acting import current_actor, read_session
from exchange.web.panels import PanelContent, fill_slot


def register(app: Flask) -> None:
    """Fill the header's slot."""
    fill_slot(app, "header.tools", _bell, order=10)


def _bell(**_values: Any) -> PanelContent | None:
    actor = current_actor()
    if actor.person_id is None:
        return None
    count = unread_count(read_session(), actor.person_id)
    return PanelContent("notifications/_bell.html", {"unread": count})
