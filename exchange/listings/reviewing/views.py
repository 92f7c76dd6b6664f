"""The review queue: what waits, and the two answers."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.errors import Conflict, Invalid
from exchange.listings.cards import listing_cards
from exchange.listings.queries import (
    count_waiting,
    photos_by_listing,
    seen_listing,
    waiting_for_review,
)
from exchange.listings.service import approve_listing, return_listing
from exchange.listings.views import bp, page_number, today
from exchange.web.access import BROKER, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.locale import locale_code


@bp.get("/review")
@access(BROKER)
def review_queue() -> ResponseReturnValue:
    """What waits in the divisions the service point serves, longest first."""
    actor, session = current_actor(), read_session()
    page = page_number()
    found, more = waiting_for_review(session, actor, page)
    cards = listing_cards(session, actor, found, locale_code(), today())
    photos = photos_by_listing(session, found)
    return render_template(
        "listings/review.html",
        entries=[
            {"card": card, "listing": one, "photos": photos.get(one.id, ())}
            for card, one in zip(cards, found, strict=True)
        ],
        count=count_waiting(session, actor),
        page=page,
        more=more,
    )


@bp.post("/review/<public_id>/approve")
@access(BROKER)
def approve(public_id: str) -> ResponseReturnValue:
    """The station publishes the version it has read."""
    try:
        with acting() as act:
            listing = seen_listing(act.session, act.actor, public_id)
            approve_listing(act, listing, _version_read())
    except Conflict as error:
        return _read_again(error, public_id)
    flash(_("Published."))
    return redirect(url_for("listings.review_queue"))


@bp.post("/review/<public_id>/return")
@access(BROKER)
def give_back(public_id: str) -> ResponseReturnValue:
    """The station gives it back with a note; without one it asks for it on the listing's page."""
    try:
        with acting() as act:
            listing = seen_listing(act.session, act.actor, public_id)
            return_listing(act, listing, request.form.get("note", ""), _version_read())
    except Invalid:
        flash(_("Please write in a few words what should be changed."), "error")
        return redirect(url_for("listings.show", public_id=public_id, _anchor="return-note"))
    except Conflict as error:
        return _read_again(error, public_id)
    flash(_("Given back with your note."))
    return redirect(url_for("listings.review_queue"))


def _version_read() -> int:
    """The version that stood on the reviewer's page; 0, which none has, when the page said none."""
    return request.form.get("version", 0, type=int)


def _read_again(error: Conflict, public_id: str) -> ResponseReturnValue:
    """What was changed under the reviewer's eyes is shown anew; other conflicts are an error."""
    if error.code != "changed_meanwhile":
        raise error
    flash(_("This was changed a moment ago. Please read it once more."), "error")
    return redirect(url_for("listings.show", public_id=public_id))
