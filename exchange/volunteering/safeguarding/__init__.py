"""Children in volunteering: nobody under 18 without a guardian's consent, nobody with children
without a check on record (入职查询), and always two adults.
"""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.files.views import register_owner_kind
from exchange.notifications.words import add_notice_words
from exchange.volunteering.safeguarding import (
    api,
    concerning,
    gating,
    jobs,
    link_views,
    own_views,
    panels,
    subscribers,
    views,
)
from exchange.volunteering.safeguarding.consent_service import OWNER_KIND
from exchange.volunteering.safeguarding.labels import SENTENCES
from exchange.volunteering.safeguarding.notices import NOTICES, OUTWARD
from exchange.web.sentences import add_sentences

# Importing the doors and the jobs declares them.
__all__ = ["jobs", "own_views", "register"]


def register(app: Flask) -> None:
    """Install the gates, the doors of this subject and its words."""
    house = app.extensions["exchange"]
    add_sentences(SENTENCES)
    add_notice_words(NOTICES, OUTWARD)
    gating.install(house)
    concerning.install(house)
    subscribers.register(house.bus)
    register_owner_kind(app, OWNER_KIND, views.can_see_form)
    app.register_blueprint(views.bp)
    app.register_blueprint(link_views.links)
    register_blueprint(app, api.blp)
    panels.install(app)
