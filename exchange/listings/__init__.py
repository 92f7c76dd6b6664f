"""Needs and offers and their whole life, from draft to fulfilled."""

from flask import Flask
from flask_babel import lazy_gettext as _l

from exchange.api.registry import register_blueprint
from exchange.files.views import register_owner_kind
from exchange.listings import api, cli, jobs, leaving_subscribers, panels, picture_api, subscribers
from exchange.listings.filing import panels as filing_panels
from exchange.listings.filing import views as filing_views
from exchange.listings.filing.labels import SENTENCES as FILING_SENTENCES
from exchange.listings.filing.service import OWNER_KIND as FILING_KIND
from exchange.listings.filing.showing import can_see_form
from exchange.listings.indexing import register_indexing
from exchange.listings.labels import SENTENCES
from exchange.listings.merging import views as merging_views
from exchange.listings.notices import NOTICES, OUTWARD
from exchange.listings.picturing import OWNER_KIND, can_see_picture
from exchange.listings.posting import views as posting_views
from exchange.listings.renewal import (
    api as renewal_api,
)
from exchange.listings.renewal import (
    panels as renewal_panels,
)
from exchange.listings.renewal import (
    views as renewal_views,
)
from exchange.listings.renewal.labels import SENTENCES as RENEWAL_SENTENCES
from exchange.listings.reviewing import views as reviewing_views
from exchange.listings.sharing import panels as sharing_panels
from exchange.listings.sharing import views as sharing_views
from exchange.listings.undertakings import (
    api as undertaking_api,
)
from exchange.listings.undertakings import (
    panels as undertaking_panels,
)
from exchange.listings.undertakings import (
    subscribers as undertaking_subscribers,
)
from exchange.listings.undertakings import (
    views as undertaking_views,
)
from exchange.listings.undertakings.labels import SENTENCES as UNDERTAKING_SENTENCES
from exchange.listings.views import bp
from exchange.notifications.words import add_notice_words
from exchange.web.context import add_navigation
from exchange.web.sentences import add_sentences

# Importing the doors and the jobs declares them.
__all__ = ["cli", "jobs", "merging_views", "posting_views", "register", "reviewing_views"]


def register(app: Flask) -> None:
    """Install the doors of this room and its words, and say who may see its pictures."""
    add_sentences(SENTENCES)
    add_sentences(RENEWAL_SENTENCES)
    add_sentences(UNDERTAKING_SENTENCES)
    add_sentences(FILING_SENTENCES)
    app.register_blueprint(bp)
    app.register_blueprint(undertaking_views.bp)
    app.register_blueprint(renewal_views.bp)
    app.register_blueprint(renewal_views.links)
    app.register_blueprint(filing_views.bp)
    app.register_blueprint(sharing_views.bp)
    register_blueprint(app, api.blp)
    register_blueprint(app, undertaking_api.blp)
    register_blueprint(app, renewal_api.blp)
    register_blueprint(app, picture_api.blp)
    register_owner_kind(app, OWNER_KIND, can_see_picture)
    register_owner_kind(app, FILING_KIND, can_see_form)
    register_indexing(app.extensions["exchange"])
    subscribers.register(app.extensions["exchange"].bus)
    undertaking_subscribers.register(app.extensions["exchange"].bus)
    leaving_subscribers.register(app.extensions["exchange"].bus)
    add_notice_words(NOTICES, OUTWARD)
    panels.install(app)
    renewal_panels.install(app)
    undertaking_panels.install(app)
    filing_panels.install(app)
    sharing_panels.install(app)
    prefixes = ("listings.choose_door", "listings.post")
    add_navigation(app, 30, "listings.choose_door", _l("Post"), "circle-plus", prefixes=prefixes)
