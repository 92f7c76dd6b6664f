"""Projects: longer undertakings with a plan, news, partners, and open accounts."""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.files.views import register_owner_kind
from exchange.notifications.words import add_notice_words
from exchange.projects import models
from exchange.projects.ledger import api as ledger_api
from exchange.projects.ledger import models as ledger_models
from exchange.projects.ledger import panels as ledger_panels
from exchange.projects.ledger import people_views as ledger_people_views
from exchange.projects.ledger import record_views as ledger_record_views
from exchange.projects.ledger import subscribers as ledger_subscribers
from exchange.projects.ledger import views as ledger_views
from exchange.projects.ledger.copies import OWNER_KINDS as LEDGER_FILES
from exchange.projects.ledger.labels import SENTENCES as LEDGER_SENTENCES
from exchange.projects.ledger.notices import NOTICES as LEDGER_NOTICES
from exchange.projects.ledger.notices import OUTWARD as LEDGER_OUTWARD
from exchange.projects.ledger.panels import can_see_file as can_see_ledger_file
from exchange.web.sentences import add_sentences

# Importing the models declares the tables, importing the doors declares them.
__all__ = ["ledger_models", "ledger_people_views", "ledger_record_views", "models", "register"]

# What each subject brings; a new one adds its own to each line.
BLUEPRINTS = (ledger_views.bp,)
API_BLUEPRINTS = (ledger_api.blp,)
SUBSCRIBERS = (ledger_subscribers.register,)
PANELS = (ledger_panels.install,)
WORDS = (LEDGER_SENTENCES,)
NOTICE_WORDS = ((LEDGER_NOTICES, LEDGER_OUTWARD),)
FILE_KINDS = tuple((kind, can_see_ledger_file) for kind in LEDGER_FILES.values())


def register(app: Flask) -> None:
    """Install the doors of every subject, its words, and who may see its files."""
    for words in WORDS:
        add_sentences(words)
    for notices, outward in NOTICE_WORDS:
        add_notice_words(notices, outward)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for api_blueprint in API_BLUEPRINTS:
        register_blueprint(app, api_blueprint)
    for listen in SUBSCRIBERS:
        listen(app.extensions["exchange"].bus)
    for kind, can_see in FILE_KINDS:
        register_owner_kind(app, kind, can_see)
    for install in PANELS:
        install(app)
