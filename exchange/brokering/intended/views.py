"""Accepted intentions that wait for a social worker."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.queries import organisation_label
from exchange.brokering.intended.queries import waiting_cases
from exchange.brokering.intended.taking_up import take_up as take_intention_up
from exchange.kernel.errors import Conflict
from exchange.listings.cards import shown_title
from exchange.web.access import BROKER, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

bp = Blueprint("intended", __name__)


@bp.get("/intentions/waiting")
@access(BROKER)
def waiting() -> ResponseReturnValue:
    """What was accepted for a need in the places one serves, and is no match yet."""
    actor = current_actor()
    lines = [
        {
            "public_id": one.intention.public_id,
            "who": organisation_label(one.intention.organisation, locale_code()),
            "project": one.intention.project.title,
            "need": shown_title(actor, one.intention.need) if one.intention.need else "",
            "refusal": one.refusal,
        }
        for one in waiting_cases(read_session(), actor)
    ]
    return render_template("brokering/intentions_waiting.html", lines=lines)


@bp.post("/intentions/<public_id>/take-up")
@access(BROKER)
def take_up(public_id: str) -> ResponseReturnValue:
    """Take it up oneself."""
    try:
        with acting() as act:
            match = take_intention_up(act, public_id)
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
        return redirect(url_for("intentions.show", public_id=public_id))
    flash(_("Taken up. Now ask both sides."), "success")
    return redirect(f"/matches/{match}")
