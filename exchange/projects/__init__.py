"""Projects: longer undertakings with a plan, news, partners, and open accounts.

``slots`` names where the subjects of this room and later rooms stand on a project's page.
"""

from flask import Flask
from flask_babel import lazy_gettext as _l

from exchange.api.registry import register_blueprint
from exchange.listings.posting.purposes import add_purpose
from exchange.notifications.words import add_notice_words
from exchange.projects import (
    api,
    evaluation,
    intentions,
    ledger,
    models,
    news,
    panels,
    station_api,
    subscribers,
    visits,
)
from exchange.projects.indexing import register_indexing
from exchange.projects.labels import SENTENCES
from exchange.projects.notices import NOTICES, OUTWARD
from exchange.projects.pages import (
    act_views,
    begin_views,
    edit_views,
    list_views,
    need_views,
    partner_views,
    plan_views,
    views,
)
from exchange.projects.posting import FOR_A_PROJECT
from exchange.web.context import add_navigation
from exchange.web.sentences import add_sentences

# Importing the models declares the tables, importing pages and doors adds them to the blueprints.
__all__ = ["PAGES", "models", "register", "station_api"]

PAGES = (
    act_views, begin_views, edit_views, list_views, need_views, partner_views, plan_views
)  # fmt: skip
BLUEPRINTS = (views.bp,)
APIS = (api.blp,)

# Each subject in a folder of its own installs itself.
SUBJECTS = (news, intentions, visits, ledger, evaluation)


def register(app: Flask) -> None:
    """Install the doors of this room, its words, what it makes findable and whom it tells."""
    house = app.extensions["exchange"]
    add_sentences(SENTENCES)
    add_notice_words(NOTICES, OUTWARD)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for one in APIS:
        register_blueprint(app, one)
    register_indexing(house)
    subscribers.register(house.bus)
    add_purpose(house, FOR_A_PROJECT)
    panels.install(app)
    add_navigation(app, 25, "projects.index", _l("Projects"), "flag", prefixes=("projects.",))
    for subject in SUBJECTS:
        subject.register(app)
