"""Which offers fit which needs: candidates, gates, features, a score with its reasons.

Everything about a pair is a pure function of two listings and the day; a job computes it in the
background and stores one row for each pair. Owners and the brokers of the place see it.
"""

from typing import cast

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.kernel.act import House
from exchange.matching import api, cli, panels, subscribers, views
from exchange.matching.duplicates import (
    api as duplicate_api,
)
from exchange.matching.duplicates import (
    cli as duplicate_cli,
)
from exchange.matching.duplicates import (
    panels as duplicate_panels,
)
from exchange.matching.duplicates import (
    subscribers as duplicate_subscribers,
)
from exchange.matching.duplicates import (
    views as duplicate_views,
)
from exchange.matching.learning import (
    cli as learn_cli,
)
from exchange.matching.learning import (
    subscribers as learn_subscribers,
)
from exchange.matching.learning import (
    views as learn_views,
)
from exchange.matching.learning.labels import SENTENCES as LEARN_SENTENCES
from exchange.matching.learning.notices import NOTICES as LEARN_NOTICES
from exchange.matching.learning.notices import OUTWARD as LEARN_OUTWARD
from exchange.matching.plans import (
    api as plan_api,
)
from exchange.matching.plans import (
    subscribers as plan_subscribers,
)
from exchange.matching.plans import (
    views as plan_views,
)
from exchange.matching.plans.labels import SENTENCES
from exchange.matching.plans.notices import NOTICES, OUTWARD
from exchange.matching.refresh import cli as refresh_cli
from exchange.matching.refresh import views as refresh_views
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
