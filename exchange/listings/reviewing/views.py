"""The review queue: what waits, and the two answers."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.errors import Invalid
from exchange.listings.cards import listing_cards
from exchange.listings.queries import count_waiting, seen_listing, waiting_for_review
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
    return render_template(
        "listings/review.html",
        cards=listing_cards(session, actor, found, locale_code(), today()),
        texts={one.public_id: one.text for one in found},
        count=count_waiting(session, actor),
        page=page,
        more=more,
    )


@bp.post("/review/<public_id>/approve")
@access(BROKER)
def approve(public_id: str) -> ResponseReturnValue:
    """The station publishes it."""
    with acting() as act:
        approve_listing(act, seen_listing(act.session, act.actor, public_id))
    flash(_("Published."))
    return redirect(url_for("listings.review_queue"))


@bp.post("/review/<public_id>/return")
@access(BROKER)
def give_back(public_id: str) -> ResponseReturnValue:
    """The station gives it back with a note; without one it asks for it on the listing's page."""
    try:
        with acting() as act:
            listing = seen_listing(act.session, act.actor, public_id)
            return_listing(act, listing, request.form.get("note", ""))
    except Invalid:
        flash(_("Please write in a few words what should be changed."), "error")
        return redirect(url_for("listings.show", public_id=public_id, _anchor="return-note"))
    flash(_("Given back with your note."))
    return redirect(url_for("listings.review_queue"))
