"""Which offers fit which needs: candidates, gates, features, a score with its reasons.

Everything about a pair is a pure function of two listings and the day; a job computes it in the
background and stores one row for each pair. Owners and the brokers of the place see it.
"""

from typing import cast

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.kernel.act import House
from exchange.matching import (
    api,
    cli,
    duplicate_api,
    duplicate_cli,
    duplicate_panels,
    duplicate_subscribers,
    duplicate_views,
    learn_cli,
    learn_subscribers,
    learn_views,
    panels,
    plan_api,
    plan_subscribers,
    plan_views,
    refresh_cli,
    refresh_views,
    subscribers,
    views,
)
from exchange.matching.learn_labels import SENTENCES as LEARN_SENTENCES
from exchange.matching.learn_notices import NOTICES as LEARN_NOTICES
from exchange.matching.learn_notices import OUTWARD as LEARN_OUTWARD
from exchange.matching.plan_labels import SENTENCES
from exchange.matching.plan_notices import NOTICES, OUTWARD
from exchange.notifications.words import add_notice_words
from exchange.search.reading.concepts import dictionary
from exchange.web.sentences import add_sentences
from exchange.web.warming import add_warming

__all__ = ["cli", "duplicate_cli", "learn_cli", "refresh_cli", "register"]


def register(app: Flask) -> None:
    """Hear of listings, and show suggestions on their pages."""
    bus = cast("House", app.extensions["exchange"]).bus
    subscribers.listen(bus)
    duplicate_subscribers.listen(bus)
    plan_subscribers.listen(bus)
    learn_subscribers.listen(bus)
    add_notice_words(LEARN_NOTICES, LEARN_OUTWARD)
    add_sentences(LEARN_SENTENCES)
    app.register_blueprint(learn_views.bp)
    app.register_blueprint(plan_views.bp)
    add_sentences(SENTENCES)
    add_notice_words(NOTICES, OUTWARD)
    add_warming(app, _load_concepts)
    panels.install(app)
    duplicate_panels.install(app)
    app.register_blueprint(duplicate_views.bp)
    register_blueprint(app, api.blp)
    app.register_blueprint(refresh_views.bp)
    app.register_blueprint(views.bp)
    register_blueprint(app, duplicate_api.blp)
    register_blueprint(app, plan_api.blp)


def _load_concepts(_app: Flask) -> None:
    """Ten megabytes that all web processes share."""
    dictionary()
