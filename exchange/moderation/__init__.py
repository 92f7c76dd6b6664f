"""Reports by people, the cases they are joined to, what is done about them, and appeals.

Whoever decides is the station of the place or its centre; who reported is told to nobody else.
"""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.moderation import api, case_views, jobs, panels, subscribers, views
from exchange.moderation.labels import SENTENCES
from exchange.moderation.notices import NOTICES, OUTWARD
from exchange.notifications.words import add_notice_words
from exchange.web.sentences import add_sentences

# Importing the doors and the jobs declares them.
__all__ = ["case_views", "jobs", "register"]


def register(app: Flask) -> None:
    """Install the doors, the panels and the words, and listen to news."""
    add_sentences(SENTENCES)
    add_notice_words(NOTICES, OUTWARD)
    app.register_blueprint(views.bp)
    register_blueprint(app, api.blp)
    panels.install(app)
    subscribers.register(app.extensions["exchange"].bus)
