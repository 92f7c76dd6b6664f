"""Home, the lists of needs and offers, the search page, the reader's place, and the search's words.

Discovery shows what the rooms above have; it owns nothing. Everything it shows has passed
``visible_to`` in the same request.
"""

from flask import Flask
from flask_babel import lazy_gettext as _l

from exchange.api.registry import register_blueprint
from exchange.discovery import (
    activity_views,
    api,
    cli,
    panels,
    suggest_views,
    suggesting,
    views,
    wording_cli,
    wording_panels,
    wording_views,
)
from exchange.search.suggestions import add_suggestion_source
from exchange.search.tallies.queries import frequent_queries
from exchange.web.context import add_navigation
from exchange.web.panels import fill_slot
from exchange.web.warming import add_warming

__all__ = ["activity_views", "cli", "register", "wording_cli"]
LISTS = (
    "discovery.search", "discovery.activities", "discovery.needs", "discovery.offers",
    "listings.show",
)  # fmt: skip


def register(app: Flask) -> None:
    """Install the pages, the two entries of the bar, and the panel of an organisation's page."""
    app.register_blueprint(views.bp)
    app.register_blueprint(wording_views.bp)
    wording_panels.install(app)
    app.register_blueprint(suggest_views.bp)
    register_blueprint(app, api.blp)
    house = app.extensions["exchange"]
    often = suggesting.frequent_queries_source(frequent_queries)
    for source in (suggesting.CATEGORIES_SOURCE, suggesting.PLACES_SOURCE, often):
        add_suggestion_source(house, source)
    app.context_processor(panels.place_chip)
    add_navigation(app, 10, "discovery.home", _l("Home"), "house", prefixes=("discovery.home",))
    add_navigation(app, 20, "discovery.needs", _l("Lists"), "list", prefixes=LISTS)
    add_warming(app, panels.warm)
    fill_slot(app, "organisation.panels", panels.organisation_listings)
