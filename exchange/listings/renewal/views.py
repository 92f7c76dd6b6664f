"""Still needed? In the app, and by the signed link in the notice without signing in."""

from datetime import date

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.links.models import SignedLink
from exchange.accounts.links.panels import (
    count_sent,
    language_of,
    link_actor,
    link_page,
    wrong_link,
)
from exchange.accounts.links.rules import LinkPurpose, may_open
from exchange.accounts.links.service import find_link
from exchange.kernel.actor import SYSTEM
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.kinds import OPEN_STATES, Side
from exchange.listings.labels import STATE_LABELS
from exchange.listings.models import Listing
from exchange.listings.queries import seen_listing
from exchange.listings.renewal.forms import LinkRenewForm
from exchange.listings.renewal.renewing import (
    new_last_day,
    renew_by_link,
    renew_listing,
    withdraw_by_link,
)
from exchange.listings.renewal.rules import may_renew
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, house, read_session
from exchange.web.dates import day_here
from exchange.web.security import csrf
from exchange.web.sentences import sentence

bp = Blueprint("renewal", __name__)
links = Blueprint("renewal_link", __name__)
csrf.exempt(links)
PAGE = "listings/renewal_link.html"
ADDRESS = "/r/<string(maxlength=64):token>"


@bp.post("/listings/<public_id>/renew")
@access(SIGNED_IN)
def renew(public_id: str) -> ResponseReturnValue:
    """The owner says that it is still needed: it lasts longer."""
    with acting() as act:
        listing = renew_listing(act, seen_listing(act.session, act.actor, public_id))
        until = listing.to_date
    flash(_("Thank you. It lasts until %(day)s now.", day=day_here(until) if until else ""))
    return redirect(url_for("listings.show", public_id=public_id))


@links.get(ADDRESS)
@access(PUBLIC)
def show(token: str) -> ResponseReturnValue:
    """What is asked. Opening it changes nothing: previews and scanners open links, too."""
    found = _find(token)
    return _page(*found) if found else wrong_link(PAGE)


@links.post(ADDRESS)
@access(PUBLIC)
def give(token: str) -> ResponseReturnValue:
    """Prolong it or take it back, and use the link up."""
    count_sent()
    found = _find(token)
    if found is None:
        return wrong_link(PAGE)
    link, listing = found
    form, actor, public_id = LinkRenewForm(), link_actor(link), listing.public_id
    if not form.validate():
        return _page(link, listing, 422, refused="link_say_whether")
    verb = renew_by_link if form.needed.data == "yes" else withdraw_by_link
    try:
        with acting(actor, via="link") as act:
            verb(act, token, seen_listing(act.session, act.actor, public_id))
    except (Conflict, Forbidden, Invalid, NotFound) as error:
        return _refused(token, error)
    return redirect(url_for("renewal_link.show", token=token), 303)


def _find(token: str) -> tuple[SignedLink, Listing] | None:
    session = read_session()
    link = find_link(session, house().secrets, LinkPurpose.RENEW, token)
    if link is None:
        return None
    try:
        return link, seen_listing(session, SYSTEM, link.subject)
    except NotFound:
        return None  # a draft that its owner has thrown away


def _refused(token: str, error: Conflict | Forbidden | Invalid | NotFound) -> Response:
    """Why it could not be done; the link itself stays as it was."""
    found = _find(token)
    if found is None:
        return wrong_link(PAGE)
    code = "link_needs_look" if isinstance(error, Invalid) else error.code
    return _page(*found, status=error.status, refused=code)


def _page(link: SignedLink, listing: Listing, status: int = 200, refused: str = "") -> Response:
    actor = link_actor(link)
    with language_of(link):
        if not actor.belongs_to(listing.organisation_id):
            return link_page(PAGE, 403, closed=sentence("link_not_yours"), view=None)
        closed = _closed(link, listing)
        view = {
            "title": listing.title, "public_id": listing.public_id,
            "is_need": listing.side is Side.NEED,
            "last": day_here(listing.to_date) if listing.to_date else "",
            "until": day_here(new_last_day(listing, _today(), house().settings.time_zone)),
            "state": STATE_LABELS[listing.state], "is_open": listing.state in OPEN_STATES,
        }  # fmt: skip
        thanks = closed == "link_used" and request.method == "GET"
        if closed:
            status, refused = (200 if request.method == "GET" else 409), ""
        return link_page(
            PAGE, status, view=view, thanks=thanks, closed=sentence(closed) if closed else "",
            refused=sentence(refused) if refused else "",
        )  # fmt: skip


def _closed(link: SignedLink, listing: Listing) -> str:
    """Why the link does nothing any more; empty while it does."""
    decision = may_open(
        used_at=link.used_at, closed_at=link.closed_at, expires_at=link.expires_at,
        now=house().clock.now(),
    )  # fmt: skip
    if not decision:
        return decision.code
    may = may_renew(listing.state, listing.to_date, _today())
    return "" if may else "link_listing_over"


def _today() -> date:
    return civil_date(house().clock.now(), house().settings.time_zone)
