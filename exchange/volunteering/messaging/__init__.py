"""Messages to people of a shift, on record, and what becomes of those who do not answer."""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.notifications.words import add_notice_words
from exchange.volunteering.messaging import api, jobs, subscribers, views
from exchange.volunteering.messaging.labels import SENTENCES
from exchange.volunteering.messaging.notices import NOTICES, OUTWARD
from exchange.web.sentences import add_sentences

# Importing the doors and the jobs declares them.
__all__ = ["jobs", "register", "views"]


def register(app: Flask) -> None:
    """Install the doors of this subject and its words."""
    house = app.extensions["exchange"]
    add_sentences(SENTENCES)
    add_notice_words(NOTICES, OUTWARD)
    subscribers.register(house.bus)
    register_blueprint(app, api.blp)
