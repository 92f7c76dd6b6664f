"""People, organisations and who belongs to them; service points; trust and its root; sign-in.

The room registers who acts (the loader of the actor) and sends nothing itself: codes and news are
events that notifications answers.
"""

from flask import Flask
from flask_babel import lazy_gettext as _l

from exchange.accounts import (
    absence_api,
    absence_jobs,
    absence_views,
    api,
    cli,
    closing_api,
    closing_jobs,
    closing_views,
    code_jobs,
    link_jobs,
    me_views,
    member_cli,
    organisation_views,
    point_views,
    station_views,
    token_cli,
    token_views,
    verification_api,
    verification_jobs,
    verification_views,
    views,
)
from exchange.accounts.actor_queries import load_actor
from exchange.accounts.closing_labels import SENTENCES as CLOSING_SENTENCES
from exchange.accounts.evidence import OWNER_KIND, can_see_evidence
from exchange.accounts.labels import SENTENCES
from exchange.accounts.queries import session_epoch_of
from exchange.accounts.token_access import bearer_actor
from exchange.accounts.verification_labels import SENTENCES as VERIFICATION_SENTENCES
from exchange.api.authentication import install_bearer
from exchange.api.registry import register_blueprint
from exchange.files.views import register_owner_kind
from exchange.web.context import add_navigation
from exchange.web.login import install_login
from exchange.web.sentences import add_sentences

DOORS = (
    absence_views, closing_views, me_views, organisation_views, point_views, station_views,
    verification_views,
)  # fmt: skip
JOBS = (absence_jobs, closing_jobs, code_jobs, link_jobs, verification_jobs)
COMMANDS = (
    cli.create_centre_command,
    cli.create_user_command,
    member_cli.add_member_command,
    token_cli.token_commands,
)


def register(app: Flask) -> None:
    """Install sign-in, the actor, the doors and the commands."""
    install_login(app, session_epoch_of, load_actor)
    install_bearer(app, bearer_actor)
    register_blueprint(app, api.blp)
    add_sentences(token_views.SENTENCES)
    add_sentences(SENTENCES)
    add_sentences(VERIFICATION_SENTENCES)
    add_sentences(CLOSING_SENTENCES)
    register_blueprint(app, verification_api.blp)
    register_blueprint(app, closing_api.blp)
    register_blueprint(app, absence_api.blp)
    register_owner_kind(app, OWNER_KIND, can_see_evidence)
    app.register_blueprint(views.bp)
    app.register_blueprint(token_views.bp)
    prefixes = ("accounts.", "listings.mine", "alerts.", "wording.")
    add_navigation(app, 90, "accounts.me", _l("Me"), "user", prefixes=prefixes)
