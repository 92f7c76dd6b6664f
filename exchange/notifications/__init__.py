"""Notices in the app, by e-mail, short message and WeChat; one-time codes on their way."""

from flask import Flask

from exchange.api.registry import register_blueprint
from exchange.kernel.act import House
from exchange.kernel.actor import SYSTEM
from exchange.kernel.database import db
from exchange.kernel.starting import add_start_condition
from exchange.notifications import (
    closing_subscribers,
    codes,
    jobs,
    panels,
    standing_subscribers,
    subscribers,
    views,
)
from exchange.notifications.channels import check_channels
from exchange.notifications.closing_notices import CLOSING_NOTICES, CLOSING_OUTWARD
from exchange.notifications.labels import SENTENCES
from exchange.notifications.notices import NOTICES, OUTWARD
from exchange.notifications.preferences import api as preference_api
from exchange.notifications.preferences import views as preference_views
from exchange.notifications.short_links import views as short_link_views
from exchange.notifications.standing_notices import STANDING_NOTICES, STANDING_OUTWARD
from exchange.notifications.undelivered import views as undelivered_views
from exchange.notifications.undelivered.queries import count_undelivered
from exchange.notifications.wechat import views as wechat_views
from exchange.notifications.words import add_notice_words
from exchange.web.sentences import add_sentences

__all__ = ["jobs", "preference_views", "register"]


def register(app: Flask) -> None:
    """Add the pages, the bell and the listeners."""
    house: House = app.extensions["exchange"]
    for door in (views, wechat_views, short_link_views, undelivered_views):
        app.register_blueprint(door.bp)
    register_blueprint(app, preference_api.blp)
    panels.register(app)
    codes.register(house.bus)
    subscribers.register(house.bus)
    standing_subscribers.register(house.bus)
    closing_subscribers.register(house.bus)
    add_notice_words(NOTICES, OUTWARD)
    add_notice_words(STANDING_NOTICES, STANDING_OUTWARD)
    add_notice_words(CLOSING_NOTICES, CLOSING_OUTWARD)
    add_sentences(SENTENCES)

    add_start_condition(house, lambda _connection: check_channels(house.settings))

    def lost() -> int:
        return count_undelivered(db.session(), SYSTEM)

    house.resources.setdefault("counted", {})["undelivered_messages"] = lost
