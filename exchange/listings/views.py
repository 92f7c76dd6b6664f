"""The pages of one listing and of one's own listings, and what their owner does there."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Forbidden
from exchange.listings.cards import listing_cards
from exchange.listings.history import revision_lines
from exchange.listings.kinds import State
from exchange.listings.labels import TAB_LABELS
from exchange.listings.merging.queries import kept_need
from exchange.listings.models import Listing
from exchange.listings.permissions import can_edit, can_review, can_see
from exchange.listings.queries import TABS, count_by_tab, own_listings, revisions_of, seen_listing
from exchange.listings.renewal.forms import ParkForm
from exchange.listings.service import (
    discard_draft,
    park_listing,
    post_again,
    resume_listing,
    withdraw_listing,
)
from exchange.listings.showing import listing_page
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.forms import attempt
from exchange.web.locale import locale_code

bp = Blueprint("listings", __name__)
LAST_PAGE = 10_000
Verb = Callable[[Act, Listing], Listing | None]


def page_number() -> int:
    """The page asked for, within reason."""
    asked = request.args.get("page", 1, type=int) or 1
    return min(max(asked, 1), LAST_PAGE)


def today() -> Any:
    """The civil date of this request."""
    return civil_date(house().clock.now(), house().settings.time_zone)


@bp.get("/listings/<public_id>")
@access(PUBLIC)
def show(public_id: str) -> ResponseReturnValue:
    """One listing, as far as the reader may know it."""
    return _show(public_id)


def _show(
    public_id: str, park_form: ParkForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """The page of a listing; ``park_form`` is the one that was refused."""
    actor, session = current_actor(), read_session()
    listing = seen_listing(session, actor, public_id)
    if listing.state is State.MERGED and not (can_edit(actor, listing) or actor.is_broker):
        kept = kept_need(session, listing)
        if kept is not None and can_see(actor, kept):
            return redirect(url_for("listings.show", public_id=kept.public_id))
    page = listing_page(session, actor, listing, locale_code(), today())
    form = park_form or ParkForm(formdata=None)
    return render_template("listings/show.html", listing=listing, page=page, park=form), status


@bp.get("/listings/<public_id>/history")
@access(SIGNED_IN)
def history(public_id: str) -> ResponseReturnValue:
    """What was changed, for the owner and the brokers of the place."""
    actor, session = current_actor(), read_session()
    listing = seen_listing(session, actor, public_id)
    if not (can_edit(actor, listing) or can_review(actor, listing)):
        raise Forbidden
    changes = revisions_of(session, listing)
    lines = revision_lines(session, actor, listing, changes, locale_code(), today())
    page = listing_page(session, actor, listing, locale_code(), today())
    return render_template("listings/history.html", listing=listing, page=page, lines=lines)


@bp.get("/my/listings")
@access(SIGNED_IN)
def mine() -> ResponseReturnValue:
    """One's own listings by state."""
    actor, session = current_actor(), read_session()
    counts = count_by_tab(session, actor)
    asked = request.args.get("tab", "")
    first = next((name for name in TABS if counts[name]), "open")
    tab = asked if asked in TABS else first
    found, more = own_listings(session, actor, tab, page_number())
    cards = listing_cards(session, actor, found, locale_code(), today())
    tabs = [
        {
            "url": url_for("listings.mine", tab=name),
            "label": TAB_LABELS[name],
            "active": name == tab,
            "count": counts[name],
        }
        for name in TABS
    ]
    return render_template(
        "listings/mine.html", tabs=tabs, tab=tab, cards=cards, page=page_number(), more=more
    )


@bp.post("/listings/<public_id>/withdraw")
@access(SIGNED_IN)
def withdraw(public_id: str) -> ResponseReturnValue:
    """The owner takes it back."""
    return _owner_act(public_id, withdraw_listing, _("Withdrawn. Nobody finds it any more."))


@bp.post("/listings/<public_id>/park")
@access(SIGNED_IN)
def park(public_id: str) -> ResponseReturnValue:
    """The owner sets it aside, for a season where a day is given."""
    form = ParkForm()
    done = attempt(
        form, lambda act: park_listing(act, _load(act, public_id), form.until.data).public_id
    )
    if done is None:
        return _show(public_id, form, 422)
    flash(_("Set aside. You find it under your listings."))
    return redirect(url_for("listings.show", public_id=public_id))


@bp.post("/listings/<public_id>/resume")
@access(SIGNED_IN)
def resume(public_id: str) -> ResponseReturnValue:
    """The owner takes it up again."""
    return _owner_act(public_id, resume_listing, _("It is back."))


@bp.post("/listings/<public_id>/again")
@access(SIGNED_IN)
def again(public_id: str) -> ResponseReturnValue:
    """The owner posts the same once more: a copy opens as a draft."""
    with acting() as act:
        copy = post_again(act, _load(act, public_id))
        door, draft = copy.door, copy.public_id
    flash(_("Please look through it once more, then post it."))
    return redirect(url_for("listings.post", door=door.value, draft=draft))


@bp.post("/listings/<public_id>/discard")
@access(SIGNED_IN)
def discard(public_id: str) -> ResponseReturnValue:
    """The owner throws a draft away; one that is on record is withdrawn."""
    with acting() as act:
        gone = discard_draft(act, _load(act, public_id))
    flash(_("The draft is gone.") if gone else _("Withdrawn. Nobody finds it any more."))
    return redirect(url_for("listings.mine"))


def _load(act: Act, public_id: str) -> Listing:
    return seen_listing(act.session, act.actor, public_id)


def _owner_act(public_id: str, verb: Verb, done: str) -> ResponseReturnValue:
    with acting() as act:
        verb(act, _load(act, public_id))
    flash(done)
    return redirect(url_for("listings.show", public_id=public_id))
