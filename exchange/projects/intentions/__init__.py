"""Cooperation intentions: what an organisation outside would bring to a project, said in quiet."""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.notifications.words import add_notice_words
from exchange.projects.intentions import api, jobs, panels, subscribers, views
from exchange.projects.intentions.labels import SENTENCES
from exchange.projects.intentions.notices import NOTICES, OUTWARD
from exchange.web.sentences import add_sentences

__all__ = ["jobs", "register"]  # importing the jobs declares them


def register(app: Flask) -> None:
    """Install the doors of intentions, their words, and who listens."""
    add_sentences(SENTENCES)
    add_notice_words(NOTICES, OUTWARD)
    app.register_blueprint(views.bp)
    register_blueprint(app, api.blp)
    subscribers.register(app.extensions["exchange"].bus)
    panels.install(app)
