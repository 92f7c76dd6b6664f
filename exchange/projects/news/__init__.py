"""News of projects: words, pictures and figures; who follows them; feeds and posters."""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.files.views import register_owner_kind
from exchange.notifications.words import add_notice_words
from exchange.projects.news import (
    api,
    feed_views,
    jobs,
    link_views,
    panels,
    posting_views,
    sharing_views,
    silent_views,
    subscribers,
    views,
)
from exchange.projects.news.indexing import register_indexing
from exchange.projects.news.labels import SENTENCES
from exchange.projects.news.notices import NOTICES, OUTWARD
from exchange.projects.news.picturing import OWNER_KIND, can_see_picture
from exchange.web.sentences import add_sentences

# Importing the doors and the jobs declares them.
__all__ = ["feed_views", "jobs", "posting_views", "register", "sharing_views", "silent_views"]


def register(app: Flask) -> None:
    """Install the doors of news and their words, and say who may see their pictures."""
    add_sentences(SENTENCES)
    add_notice_words(NOTICES, OUTWARD)
    app.register_blueprint(views.bp)
    app.register_blueprint(link_views.links)
    register_blueprint(app, api.blp)
    register_owner_kind(app, OWNER_KIND, can_see_picture)
    register_indexing(app.extensions["exchange"])
    subscribers.register(app.extensions["exchange"].bus)
    panels.install(app)
