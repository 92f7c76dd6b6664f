"""The operators' page on the refresh of all suggestions: how far it is, stop, go on, start."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.matching.jobs import continue_refresh, halt_refresh, request_refresh
from exchange.matching.refresh.queries import refresh_status
from exchange.web.access import OPERATOR, access
from exchange.web.acting import acting, house, read_session
from exchange.web.forms import HouseForm

bp = Blueprint("refresh", __name__, url_prefix="/console/suggestions")
ORDERS: dict[str, Callable[[Act], bool]] = {
    "start": request_refresh,
    "stop": halt_refresh,
    "resume": continue_refresh,
}


@bp.get("")
@access(OPERATOR)
def show() -> ResponseReturnValue:
    """How far the refresh is, and what can be done."""
    today = civil_date(house().clock.now(), house().settings.time_zone)
    status = refresh_status(read_session(), today)
    form: FlaskForm = HouseForm()
    return render_template("matching/refresh.html", status=status, form=form)


@bp.post("/<any(start, stop, resume):order>")
@access(OPERATOR)
def tell(order: str) -> ResponseReturnValue:
    """One tap. Where somebody else was faster, the page shows how it stands."""
    with acting() as act:
        done = ORDERS[order](act)
    if done:
        flash(_("Saved."), "success")
    else:
        flash(_("That was done already."), "warning")
    return redirect(url_for("refresh.show"))
