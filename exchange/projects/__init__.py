"""Projects: longer undertakings with a plan, news, partners, and open accounts."""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.notifications.words import add_notice_words
from exchange.projects import models
from exchange.projects.intentions import api as intention_api
from exchange.projects.intentions import jobs as intention_jobs
from exchange.projects.intentions import panels as intention_panels
from exchange.projects.intentions import subscribers as intention_subscribers
from exchange.projects.intentions import views as intention_views
from exchange.projects.intentions.labels import SENTENCES as INTENTION_SENTENCES
from exchange.projects.intentions.notices import NOTICES as INTENTION_NOTICES
from exchange.projects.intentions.notices import OUTWARD as INTENTION_OUTWARD
from exchange.projects.visits import api as visit_api
from exchange.projects.visits import jobs as visit_jobs
from exchange.projects.visits import panels as visit_panels
from exchange.projects.visits import subscribers as visit_subscribers
from exchange.projects.visits import views as visit_views
from exchange.projects.visits.labels import SENTENCES as VISIT_SENTENCES
from exchange.projects.visits.notices import NOTICES as VISIT_NOTICES
from exchange.projects.visits.notices import OUTWARD as VISIT_OUTWARD
from exchange.web.sentences import add_sentences

# Importing the models declares the tables, importing the jobs declares these.
__all__ = ["intention_jobs", "models", "register", "visit_jobs"]
PAGES = (intention_views, visit_views)
APIS = (intention_api, visit_api)
PANELS = (intention_panels, visit_panels)
SUBSCRIBERS = (intention_subscribers, visit_subscribers)
WORDS = (
    (INTENTION_SENTENCES, INTENTION_NOTICES, INTENTION_OUTWARD),
    (VISIT_SENTENCES, VISIT_NOTICES, VISIT_OUTWARD),
)


def register(app: Flask) -> None:
    """Install the doors of every subject, its words, and who listens."""
    for page in PAGES:
        app.register_blueprint(page.bp)
    for api in APIS:
        register_blueprint(app, api.blp)
    for panels in PANELS:
        panels.install(app)
    for subject in SUBSCRIBERS:
        subject.register(app.extensions["exchange"].bus)
    for sentences, notices, outward in WORDS:
        add_sentences(sentences)
        add_notice_words(notices, outward)
