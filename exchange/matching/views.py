"""The page that says why a listing is suggested for another, or why not."""

import re

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired

from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Forbidden, NotFound
from exchange.listings.cards import ListingCard, listing_cards
from exchange.listings.models import Listing
from exchange.listings.queries import seen_listing
from exchange.matching.explaining import SeenPair, pair_for
from exchange.matching.panels import pair_needs_check, shown_only, telling_reasons
from exchange.matching.permissions import can_see_suggestions
from exchange.matching.scoring import percent_of
from exchange.matching.sentences import GATES
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.forms import HouseForm
from exchange.web.locale import locale_code

bp = Blueprint("matching", __name__)
LONGEST = 300  # characters of a pasted address
PUBLIC_ID = re.compile(r"[0-9A-Za-z]+")


class OtherForm(HouseForm):
    """Which other listing is meant."""

    other = StringField(_l("The other post"), [InputRequired()])


@bp.get("/listings/<public_id:public_id>/why")
@access(SIGNED_IN)
def why(public_id: str) -> ResponseReturnValue:
    """Why another listing is suggested for this one, or why not; ``other`` is its address or id."""
    session, actor = read_session(), current_actor()
    listing = seen_listing(session, actor, public_id)
    if not can_see_suggestions(actor, listing):
        raise Forbidden
    asked = request.args.get("other", "")[:LONGEST].strip()
    form, pair = OtherForm(data={"other": asked}), None
    if asked:
        try:
            rivals = shown_only(current_app)
            pair = pair_for(session, house(), actor, public_id, _id_in(asked), rivals)
        except NotFound:
            form.other.errors = [_("We do not know this post. Paste the address of its page.")]
    own = _card(listing)
    return render_template("matching/why.html", own=own, form=form, **_told(pair))


def _id_in(asked: str) -> str:
    """The public id in an address, or what was written."""
    path = asked.partition("?")[0].partition("#")[0].rstrip("/")
    _before, found, behind = path.partition("/listings/")
    words = PUBLIC_ID.findall(behind if found else path.rpartition("/")[2])
    return words[0] if words else ""


def _card(listing: Listing) -> ListingCard:
    today = civil_date(house().clock.now(), house().settings.time_zone)
    [card] = listing_cards(read_session(), current_actor(), [listing], locale_code(), today)
    return card


def _told(pair: SeenPair | None) -> dict[str, object]:
    if pair is None:
        return {"pair": None}
    account, least = pair.account, house().settings.display_threshold
    return {
        "pair": pair,
        "card": _card(pair.other),
        "gates": [GATES[gate.code] for gate in account.closed],
        "percent": percent_of(account.score),
        "least": round(100 * least),
        "needs_check": pair_needs_check(pair.need, pair.offer),
        "is_shown": not account.closed and account.score >= least,
        "reasons": telling_reasons(account.reasons, detailed=pair.is_detailed),
    }
