"""Volunteering: activities with roles and shifts, who signs up, who waits, and who cannot come."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from exchange.api.registry import register_blueprint
from exchange.notifications.words import add_notice_words
from exchange.volunteering import (
    api,
    attendance,
    availability,
    concerning,
    copying,
    hours_report,
    jobs,
    managing_views,
    messaging,
    panels,
    people_views,
    safeguarding,
    subscribers,
    training,
)
from exchange.volunteering.calendar import views as calendar_views
from exchange.volunteering.indexing import register_indexing
from exchange.volunteering.labels import SENTENCES
from exchange.volunteering.notices import NOTICES, OUTWARD
from exchange.volunteering.shifts import views as shift_views
from exchange.volunteering.signups import views as signup_views
from exchange.volunteering.views import bp
from exchange.web.context import add_navigation
from exchange.web.sentences import add_sentences

# Importing the doors and the jobs declares them.
__all__ = [
    "jobs", "managing_views", "people_views", "register", "shift_views", "signup_views",
]  # fmt: skip


def register(app: Flask) -> None:
    """Install the doors of this room and its words."""
    house = app.extensions["exchange"]
    add_sentences(SENTENCES)
    app.register_blueprint(bp)
    app.register_blueprint(calendar_views.bp)
    register_blueprint(app, api.blp)
    concerning.install(house)
    register_indexing(house)
    subscribers.register(house.bus)
    add_notice_words(NOTICES, OUTWARD)
    panels.install(app)
    add_navigation(
        app, 25, "volunteering.index", _l("Volunteer"), "heart-handshake",
        prefixes=("volunteering.",),
    )  # fmt: skip
    attendance.register(app)
    safeguarding.register(app)
    training.register(app)
    availability.register(app)
    copying.register(app)
    hours_report.register(app)
    messaging.register(app)
