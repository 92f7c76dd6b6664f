"""People, organisations and who belongs to them; service points; trust and its root; sign-in.

The room registers who acts (the loader of the actor) and sends nothing itself: codes and news are
events that notifications answers.
"""

from flask import Flask
from flask_babel import lazy_gettext as _l

from exchange.accounts import api, cli, me_views, views
from exchange.accounts.absence import (
    api as absence_api,
)
from exchange.accounts.absence import (
    jobs as absence_jobs,
)
from exchange.accounts.absence import (
    views as absence_views,
)
from exchange.accounts.actor_queries import load_actor
from exchange.accounts.closing import (
    api as closing_api,
)
from exchange.accounts.closing import (
    jobs as closing_jobs,
)
from exchange.accounts.closing import (
    views as closing_views,
)
from exchange.accounts.closing.labels import SENTENCES as CLOSING_SENTENCES
from exchange.accounts.codes import jobs as code_jobs
from exchange.accounts.labels import SENTENCES
from exchange.accounts.links import jobs as link_jobs
from exchange.accounts.organisations import member_cli
from exchange.accounts.organisations import views as organisation_views
from exchange.accounts.points import station_views
from exchange.accounts.points import views as point_views
from exchange.accounts.queries import session_epoch_of
from exchange.accounts.tokens import cli as token_cli
from exchange.accounts.tokens import views as token_views
from exchange.accounts.tokens.access import bearer_actor
from exchange.accounts.verification import (
    api as verification_api,
)
from exchange.accounts.verification import (
    jobs as verification_jobs,
)
from exchange.accounts.verification import (
    views as verification_views,
)
from exchange.accounts.verification.evidence import OWNER_KIND, can_see_evidence
from exchange.accounts.verification.labels import SENTENCES as VERIFICATION_SENTENCES
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
