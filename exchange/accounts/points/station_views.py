"""The doors of stations and centres: vouching, service points and their workers."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts import limits
from exchange.accounts.forms import AssignForm, PointForm, VouchForm
from exchange.accounts.kinds import PointLevel
from exchange.accounts.people_service import vouch_for_phone
from exchange.accounts.points.queries import points_supervised
from exchange.accounts.points.service import NewPoint, assign_worker, create_point, end_duty
from exchange.accounts.rules import read_phone
from exchange.accounts.views import bp
from exchange.kernel.act import Act
from exchange.kernel.actor import Duty
from exchange.kernel.errors import Conflict, NotFound
from exchange.web.access import BROKER, SUPERVISOR, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.forms import attempt
from exchange.web.sentences import sentence
from exchange.web.throttle import count_try


@bp.route("/people/vouch", methods=["GET", "POST"])
@access(BROKER)
def vouch() -> ResponseReturnValue:
    """Vouch that a number belongs to a person one knows."""
    form = VouchForm()

    def work(act: Act) -> bool:
        vouch_for_phone(act, read_phone(form.phone.data) or "", form.name.data)
        return True

    if form.is_submitted():
        count_try(limits.VOUCH_PERSON, str(current_actor().person_id))
    if attempt(form, work):
        flash(_("On record: you vouch for this number."), "success")
        return redirect(url_for("accounts.vouch"))
    return render_template("accounts/vouch.html", form=form), 422 if form.errors else 200


@bp.route("/points/new", methods=["GET", "POST"])
@access(SUPERVISOR)
def new_point() -> ResponseReturnValue:
    """Open a station or a village room."""
    form = PointForm()

    def work(act: Act) -> bool:
        level, served = PointLevel(form.level.data), (form.division.data,)
        create_point(act, NewPoint(level, form.name_zh.data, served, form.name_en.data or ""))
        return True

    if attempt(form, work):
        flash(_("The service point is open. Now say who serves there."), "success")
        return redirect(url_for("accounts.points"))
    return render_template("accounts/point_form.html", form=form), 422 if form.errors else 200


@bp.route("/points/<public_id>/workers", methods=["GET", "POST"])
@access(SUPERVISOR)
def workers(public_id: str) -> ResponseReturnValue:
    """Give somebody a duty at a point."""
    found = points_supervised(read_session(), current_actor())
    point = next((item for item in found if item.public_id == public_id), None)
    if point is None:
        raise NotFound
    name = point.name_zh
    form = AssignForm()
    done = attempt(
        form,
        lambda act: assign_worker(act, public_id, form.address.address, Duty(form.duty.data)),
    )
    if done is not None:
        flash(_("They serve here from now on."), "success")
        return redirect(url_for("accounts.points"))
    page = render_template("accounts/workers.html", form=form, name=name, public_id=public_id)
    return page, 422 if form.errors else 200


@bp.post("/points/<public_id>/workers/<int(max=9223372036854775807):assignment_id>/end")
@access(SUPERVISOR)
def end_assignment(public_id: str, assignment_id: int) -> ResponseReturnValue:
    """End a duty."""
    try:
        with acting() as act:
            end_duty(act, public_id, assignment_id)
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
        return redirect(url_for("accounts.points", _anchor=f"duty-{assignment_id}"))
    flash(_("The duty has ended."), "success")
    return redirect(url_for("accounts.points"))
