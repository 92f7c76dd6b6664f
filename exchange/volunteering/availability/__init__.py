"""What volunteers can do and when: an offer of its own kind that is kept in step and matched, and
substitutes among those who agreed to be asked.
"""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.notifications.words import add_notice_words
from exchange.volunteering.availability import api, concerning, jobs, panels, subscribers, views
from exchange.volunteering.availability.labels import SENTENCES
from exchange.volunteering.availability.notices import NOTICES, OUTWARD
from exchange.web.sentences import add_sentences

# Importing the jobs declares them.
__all__ = ["jobs", "register"]


def register(app: Flask) -> None:
    """Install the doors of this subject and its words."""
    house = app.extensions["exchange"]
    add_sentences(SENTENCES)
    add_notice_words(NOTICES, OUTWARD)
    concerning.install(house)
    subscribers.register(house.bus)
    app.register_blueprint(views.bp)
    register_blueprint(app, api.blp)
    panels.install(app)
