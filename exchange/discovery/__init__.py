"""Home, the lists, the search page, the reader's place, the search's words, and the bulletins.

Discovery shows what the rooms above have; it owns nothing but bulletins. Everything it shows has
passed ``visible_to`` in the same request.
"""

from flask import Flask
from flask_babel import lazy_gettext as _l

from exchange.api.registry import register_blueprint
from exchange.discovery import (
    activity_views,
    api,
    bulletin_views,
    cli,
    news_views,
    panels,
    projects_api,
    suggest_views,
    suggesting,
    training_views,
    views,
    visit_views,
    wording_cli,
    wording_panels,
    wording_views,
)
from exchange.discovery.bulletins import api as bulletin_api
from exchange.discovery.bulletins import (
    desk_views,
    feed_views,
    jobs,
    more_views,
    place_views,
    subscribers,
)
from exchange.discovery.bulletins import panels as bulletin_panels
from exchange.discovery.bulletins import views as issue_views
from exchange.discovery.bulletins.indexing import register_indexing
from exchange.discovery.bulletins.labels import SENTENCES
from exchange.discovery.bulletins.listing_sections import NEED_SECTION, OFFER_SECTION
from exchange.discovery.bulletins.notices import NOTICES, OUTWARD
from exchange.discovery.bulletins.outcome_sections import DELIVERED_SECTION
from exchange.discovery.bulletins.project_sections import NEWS_SECTION, WISH_SECTION
from exchange.discovery.bulletins.sections import add_section
from exchange.kernel.act import House
from exchange.notifications.words import add_notice_words
from exchange.search.suggestions import add_suggestion_source
from exchange.search.tallies.queries import frequent_queries
from exchange.web.context import add_navigation
from exchange.web.panels import fill_slot
from exchange.web.sentences import add_sentences
from exchange.web.warming import add_warming

# Importing the doors and the jobs declares them.
__all__ = [
    "activity_views", "bulletin_views", "cli", "jobs", "news_views", "register", "training_views",
    "visit_views", "wording_cli",
]  # fmt: skip
LISTS = (
    "discovery.search", "discovery.activities", "discovery.trainings", "discovery.news",
    "discovery.visits", "discovery.bulletins",
    "discovery.needs", "discovery.offers", "listings.show",
)  # fmt: skip


SECTIONS = (NEED_SECTION, OFFER_SECTION, NEWS_SECTION, WISH_SECTION, DELIVERED_SECTION)


def register(app: Flask) -> None:
    """Install the pages, the two entries of the bar, and the panel of an organisation's page."""
    app.register_blueprint(views.bp)
    app.register_blueprint(wording_views.bp)
    wording_panels.install(app)
    app.register_blueprint(suggest_views.bp)
    register_blueprint(app, api.blp)
    register_blueprint(app, projects_api.blp)
    house = app.extensions["exchange"]
    often = suggesting.frequent_queries_source(frequent_queries)
    for source in (suggesting.CATEGORIES_SOURCE, suggesting.PLACES_SOURCE, often):
        add_suggestion_source(house, source)
    app.context_processor(panels.place_chip)
    add_navigation(app, 10, "discovery.home", _l("Home"), "house", prefixes=("discovery.home",))
    add_navigation(app, 20, "discovery.needs", _l("Lists"), "list", prefixes=LISTS)
    add_warming(app, panels.warm)
    fill_slot(app, "organisation.panels", panels.organisation_listings)
    _register_bulletins(app, house)


def _register_bulletins(app: Flask, house: House) -> None:
    add_sentences(SENTENCES)
    add_notice_words(NOTICES, OUTWARD)
    for section in SECTIONS:
        add_section(house, section)
    pages = (issue_views, feed_views, desk_views, more_views, place_views)
    for page in pages:
        app.register_blueprint(page.bp)
    register_blueprint(app, bulletin_api.blp)
    bulletin_panels.install(app)
    subscribers.register(house.bus)
    register_indexing(house)
