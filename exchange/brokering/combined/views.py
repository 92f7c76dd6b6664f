"""One button that takes up all pairs of a combined answer."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.brokering.combined.service import take_up_together
from exchange.brokering.page.caseload_panels import warn_of_caseload
from exchange.kernel.errors import Conflict, Invalid
from exchange.listings.queries import seen_listing
from exchange.matching.combining import PARTS
from exchange.web.access import BROKER, access
from exchange.web.acting import acting
from exchange.web.sentences import sentence

bp = Blueprint("combined", __name__)


@bp.post("/matches/together")
@access(BROKER)
def take_up() -> ResponseReturnValue:
    """Take up all or none, and say which cannot be had any more."""
    public_id = request.form.get("listing", "")[:20]
    asked = [key[:20] for key in request.form.getlist("others")[: PARTS + 1]]
    try:
        with acting() as act:
            listing = seen_listing(act.session, act.actor, public_id)
            others = [seen_listing(act.session, act.actor, key) for key in asked]
            made = take_up_together(act, listing, others)
            count, area = len(made), made[0].need.division_code
    except (Conflict, Invalid) as error:
        codes = [c for some in getattr(error, "fields", {}).values() for c in some]
        flash(sentence(codes[0] if codes else error.code, error.params), "warning")
        return redirect(url_for("listings.show", public_id=public_id) + "#together")
    flash(_("All %(number)s are taken up. Now ask each of them.", number=count), "success")
    warn_of_caseload(area)
    return redirect(url_for("listings.show", public_id=public_id))
