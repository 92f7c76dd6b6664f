"""Evaluation: what a project has reached, said by its people, by both sides and by villagers."""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.notifications.words import add_notice_words
from exchange.projects.evaluation import (
    api,
    jobs,
    panels,
    subscribers,
    survey_views,
    views,
    worker_views,
)
from exchange.projects.evaluation.labels import SENTENCES
from exchange.projects.evaluation.notices import NOTICES, OUTWARD
from exchange.web.sentences import add_sentences

# Importing the jobs declares them.
__all__ = ["jobs", "register"]


def register(app: Flask) -> None:
    """Install the doors of this subject and its words."""
    add_sentences(SENTENCES)
    add_notice_words(NOTICES, OUTWARD)
    for page in (views, survey_views, worker_views):
        app.register_blueprint(page.bp)
    register_blueprint(app, api.blp)
    subscribers.register(app.extensions["exchange"].bus)
    panels.install(app)
