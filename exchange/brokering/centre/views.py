"""The page of a centre's settings."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.kinds import PointLevel
from exchange.accounts.points.centre_queries import point_supervised
from exchange.accounts.points.queries import point_label
from exchange.brokering.centre.forms import CentreSettingsForm
from exchange.brokering.centre.settings import set_centre_settings, settings_of_centre
from exchange.kernel.act import Act
from exchange.kernel.errors import NotFound
from exchange.web.access import SUPERVISOR, access
from exchange.web.acting import current_actor, read_session
from exchange.web.forms import attempt
from exchange.web.locale import locale_code

bp = Blueprint("centres", __name__)


@bp.route("/points/<public_id>/settings", methods=["GET", "POST"])
@access(SUPERVISOR)
def settings(public_id: str) -> ResponseReturnValue:
    """What holds in the area of a centre."""
    session = read_session()
    point = point_supervised(session, current_actor(), public_id)
    if point.level is not PointLevel.CENTRE:
        raise NotFound
    name = point_label(point, locale_code())
    form = CentreSettingsForm()
    if not form.is_submitted():
        form.show(*settings_of_centre(session, point.id))

    def work(act: Act) -> bool:
        set_centre_settings(act, public_id, form.values, form.version)
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("centres.settings", public_id=public_id))
    status = 422 if form.is_submitted() else 200
    page = render_template("brokering/centre_settings.html", form=form, name=name)
    return page, status
