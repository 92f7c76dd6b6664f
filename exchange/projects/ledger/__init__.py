"""Open accounts of projects: every receipt and payment, booked once and never changed."""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.files.views import register_owner_kind
from exchange.notifications.words import add_notice_words
from exchange.projects.ledger import (
    api,
    models,
    panels,
    people_views,
    record_views,
    subscribers,
    views,
)
from exchange.projects.ledger.copies import OWNER_KINDS
from exchange.projects.ledger.labels import SENTENCES
from exchange.projects.ledger.notices import NOTICES, OUTWARD
from exchange.projects.ledger.queries import has_entries
from exchange.projects.standing_open import add_reason
from exchange.web.sentences import add_sentences

# Importing the models declares the tables, importing the doors adds them to the blueprint.
__all__ = ["models", "people_views", "record_views", "register"]


def register(app: Flask) -> None:
    """Install the doors of the accounts and their words, and say who may see their documents."""
    house = app.extensions["exchange"]
    add_sentences(SENTENCES)
    add_reason(house, has_entries)
    add_notice_words(NOTICES, OUTWARD)
    app.register_blueprint(views.bp)
    register_blueprint(app, api.blp)
    subscribers.register(house.bus)
    for kind in OWNER_KINDS.values():
        register_owner_kind(app, kind, panels.can_see_file)
    panels.install(app)
