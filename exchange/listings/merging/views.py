"""Joining two needs that ask for the same, and parting them again, for brokers."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.errors import Conflict
from exchange.listings.queries import seen_listing
from exchange.listings.service import merge_needs, undo_merge
from exchange.listings.views import bp
from exchange.web.access import BROKER, access
from exchange.web.acting import acting
from exchange.web.sentences import sentence


@bp.post("/listings/<public_id>/merge")
@access(BROKER)
def merge(public_id: str) -> ResponseReturnValue:
    """Join this need with the one that is kept."""
    into = request.form.get("into", "")
    try:
        with acting() as act:
            merged = seen_listing(act.session, act.actor, public_id)
            kept = seen_listing(act.session, act.actor, into)
            merge_needs(act, merged, kept, _version("version"), _version("into_version"))
    except Conflict as error:
        return _look_again(error, public_id)
    flash(_("Joined. The owner is told; it can be undone on this page."))
    return redirect(url_for("listings.show", public_id=into))


@bp.post("/listings/<public_id>/unmerge")
@access(BROKER)
def unmerge(public_id: str) -> ResponseReturnValue:
    """Let a merged need stand on its own again."""
    try:
        with acting() as act:
            merged = seen_listing(act.session, act.actor, public_id)
            undo_merge(act, merged, _version("version"))
    except Conflict as error:
        return _look_again(error, public_id)
    flash(_("Undone. It stands on its own again."))
    return redirect(url_for("listings.show", public_id=public_id))


def _version(name: str) -> int:
    """The version that stood on the broker's page; 0, which none has, when the page said none."""
    return request.form.get(name, 0, type=int)


def _look_again(error: Conflict, public_id: str) -> ResponseReturnValue:
    """The need's page says why not, and shows it as it is now."""
    if error.code == "changed_meanwhile":
        flash(_("This was changed a moment ago. Please read it once more."), "error")
    else:
        flash(sentence(error.code, error.params), "error")
    return redirect(url_for("listings.show", public_id=public_id))
