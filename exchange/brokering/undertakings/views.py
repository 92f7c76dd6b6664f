"""One button that takes up all pairs of an undertaking's answer."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.brokering.page.caseload_panels import warn_of_caseload
from exchange.brokering.undertakings.service import MOST_PAIRS, take_up_undertaking
from exchange.kernel.errors import Conflict, Invalid
from exchange.listings.queries import seen_listing
from exchange.web.access import BROKER, access
from exchange.web.acting import acting
from exchange.web.sentences import sentence

bp = Blueprint("undertaking_answers", __name__)


@bp.post("/undertakings/<public_id>/take-up")
@access(BROKER)
def take_up(public_id: str) -> ResponseReturnValue:
    """Take up all or none, and say which cannot be had any more."""
    asked = [pair[:41].partition(":") for pair in request.form.getlist("pairs")[: MOST_PAIRS + 1]]
    try:
        with acting() as act:
            pairs = [
                (
                    seen_listing(act.session, act.actor, need),
                    seen_listing(act.session, act.actor, offer),
                )
                for need, _colon, offer in asked
            ]
            count = len(take_up_undertaking(act, public_id, pairs))
            area = pairs[0][0].division_code
    except (Conflict, Invalid) as error:
        codes = [c for some in getattr(error, "fields", {}).values() for c in some]
        flash(sentence(codes[0] if codes else error.code, error.params), "warning")
        return redirect(url_for("undertakings.show", public_id=public_id))
    one = _("Taken up. Now ask both sides.")
    several = _("All %(number)s are taken up. Now ask each of them.", number=count)
    flash(one if count == 1 else several, "success")
    warn_of_caseload(area)
    return redirect(url_for("undertakings.show", public_id=public_id))
