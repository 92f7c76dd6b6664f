"""Trainings of volunteers: materials, dates, questions, records of completion, and which activities
ask for them.
"""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.files.views import register_owner_kind
from exchange.notifications.words import add_notice_words
from exchange.volunteering.gates import add_joining_gate
from exchange.volunteering.training import (
    api,
    completing_views,
    concerning,
    jobs,
    managing_views,
    panels,
    subscribers,
    views,
)
from exchange.volunteering.training.indexing import register_indexing
from exchange.volunteering.training.labels import SENTENCES
from exchange.volunteering.training.materials_service import OWNER_KIND
from exchange.volunteering.training.notices import NOTICES, OUTWARD
from exchange.volunteering.training.queries import sees_file
from exchange.volunteering.training.requiring_service import trainings_gate
from exchange.web.sentences import add_sentences

# Importing the doors and the jobs declares them.
__all__ = ["completing_views", "jobs", "managing_views", "register"]


def register(app: Flask) -> None:
    """Install the doors of this subject, its words, and what it asks before somebody signs up."""
    house = app.extensions["exchange"]
    add_sentences(SENTENCES)
    add_notice_words(NOTICES, OUTWARD)
    concerning.install(house)
    register_indexing(house)
    subscribers.register(house.bus)
    add_joining_gate(house, trainings_gate)
    register_owner_kind(app, OWNER_KIND, sees_file)
    app.register_blueprint(views.bp)
    register_blueprint(app, api.blp)
    panels.install(app)
