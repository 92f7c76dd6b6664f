"""Roadshows and visits of a project: announced, with seats, sign-up and a calendar file."""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.notifications.words import add_notice_words
from exchange.projects.visits import api, jobs, list_views, panels, subscribers, views
from exchange.projects.visits.indexing import register_indexing
from exchange.projects.visits.labels import SENTENCES
from exchange.projects.visits.notices import NOTICES, OUTWARD
from exchange.web.sentences import add_sentences

__all__ = ["jobs", "list_views", "register"]  # importing jobs and doors declares them


def register(app: Flask) -> None:
    """Install the doors of visits and roadshows, their words, and who listens."""
    add_sentences(SENTENCES)
    add_notice_words(NOTICES, OUTWARD)
    app.register_blueprint(views.bp)
    register_blueprint(app, api.blp)
    register_indexing(app.extensions["exchange"])
    subscribers.register(app.extensions["exchange"].bus)
    panels.install(app)
