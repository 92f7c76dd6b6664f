"""Notices in the app and by e-mail; one-time codes by e-mail and short message."""

from flask import Flask

from exchange.notifications import codes, panels, standing_subscribers, subscribers, views
from exchange.notifications.notices import NOTICES
from exchange.notifications.standing_notices import STANDING_NOTICES
from exchange.notifications.words import add_notice_words


def register(app: Flask) -> None:
    """Add the pages, the bell and the listeners."""
    bus = app.extensions["exchange"].bus
    app.register_blueprint(views.bp)
    panels.register(app)
    codes.register(bus)
    subscribers.register(bus)
    standing_subscribers.register(bus)
    add_notice_words(NOTICES)
    add_notice_words(STANDING_NOTICES)
