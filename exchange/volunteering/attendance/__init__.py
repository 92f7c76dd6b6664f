"""Who came and for how long: attendance, hours, certificates, and what goes to the national system.

Who organised it records it, and who recorded it certifies it (谁组织谁记录，谁记录谁证明).
"""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.notifications.words import add_notice_words
from exchange.volunteering.attendance import (
    api,
    certificate_api,
    certificate_views,
    concerning,
    hours_views,
    own_views,
    panels,
    subscribers,
    views,
)
from exchange.volunteering.attendance.labels import SENTENCES
from exchange.volunteering.attendance.notices import NOTICES, OUTWARD
from exchange.web.sentences import add_sentences

# Importing the doors declares them.
__all__ = ["certificate_views", "hours_views", "own_views", "register"]


def register(app: Flask) -> None:
    """Install the doors of this subject and its words."""
    house = app.extensions["exchange"]
    add_sentences(SENTENCES)
    add_notice_words(NOTICES, OUTWARD)
    concerning.install(house)
    subscribers.register(house.bus)
    app.register_blueprint(views.bp)
    register_blueprint(app, api.blp)
    register_blueprint(app, certificate_api.blp)
    panels.install(app)
