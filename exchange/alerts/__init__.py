"""Searches that people follow: saved questions, notices of what is new for them, and feeds.

The search page knows nothing of this room: it names two slots, which are filled here.
"""

from flask import Flask

from exchange.alerts import api, feed_views, jobs, panels, subscribers, views
from exchange.alerts.labels import SENTENCES
from exchange.alerts.notices import NOTICES, OUTWARD
from exchange.api.registry import register_blueprint
from exchange.notifications.words import add_notice_words
from exchange.web.sentences import add_sentences

__all__ = ["jobs", "register"]  # importing the jobs declares them


def register(app: Flask) -> None:
    """Install the pages, the feeds, the panels and the words, and listen to news of listings."""
    add_sentences(SENTENCES)
    add_notice_words(NOTICES, OUTWARD)
    app.register_blueprint(views.bp)
    app.register_blueprint(feed_views.bp)
    register_blueprint(app, api.blp)
    panels.install(app)
    subscribers.register(app.extensions["exchange"].bus)
