"""The bell in the header, and the ways to notices, choices and lost messages."""

from typing import Any

from flask import Flask

from exchange.notifications.queries import unread_count
from exchange.notifications.undelivered.queries import count_undelivered
from exchange.web.acting import current_actor, read_session
from exchange.web.panels import PanelContent, fill_slot


def register(app: Flask) -> None:
    """Fill the slots."""
    fill_slot(app, "header.tools", _bell, order=10)
    fill_slot(app, "me.links", _link, order=20)
    fill_slot(app, "me.links", _messages_link, order=21)
    fill_slot(app, "me.links", _undelivered_link, order=80)


def _bell(**_values: Any) -> PanelContent | None:
    return _shown("notifications/_bell.html")


def _link(**_values: Any) -> PanelContent | None:
    return _shown("notifications/_link.html")


def _messages_link(**_values: Any) -> PanelContent | None:
    is_known = current_actor().person_id is not None
    return PanelContent("notifications/_messages_link.html") if is_known else None


def _undelivered_link(**_values: Any) -> PanelContent | None:
    actor = current_actor()
    if not (actor.is_operator or actor.supervises):
        return None
    count = count_undelivered(read_session(), actor)
    return PanelContent("notifications/_undelivered_link.html", {"count": count})


def _shown(template: str) -> PanelContent | None:
    actor = current_actor()
    if actor.person_id is None:
        return None
    return PanelContent(template, {"unread": unread_count(read_session(), actor.person_id)})
