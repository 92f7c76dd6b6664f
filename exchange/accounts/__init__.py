"""People, organisations and who belongs to them; service points; trust and its root; sign-in.

The room registers who acts (the loader of the actor) and sends nothing itself: codes and news are
events that notifications answers.
"""

from flask import Flask
from flask_babel import lazy_gettext as _l

from exchange.accounts import cli, me_views, organisation_views, station_views, views
from exchange.accounts.actor_queries import load_actor
from exchange.accounts.labels import SENTENCES
from exchange.accounts.queries import session_epoch_of
from exchange.web.context import add_navigation
from exchange.web.login import install_login
from exchange.web.sentences import add_sentences

DOORS = (me_views, organisation_views, station_views)
COMMANDS = (cli.create_centre_command, cli.create_user_command)


def register(app: Flask) -> None:
    """Install sign-in, the actor, the doors and the commands."""
    install_login(app, session_epoch_of, load_actor)
    add_sentences(SENTENCES)
    app.register_blueprint(views.bp)
    add_navigation(app, 90, "accounts.me", _l("Me"), "user", prefixes=("accounts.",))
