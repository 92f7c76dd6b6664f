"""Adding, changing and calling off shifts."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden
from exchange.volunteering.attempting import attempt_named, number
from exchange.volunteering.forms import ReasonForm, ShiftForm, shift_data
from exchange.volunteering.managing_views import managed_activity
from exchange.volunteering.models import Activity, Shift
from exchange.volunteering.permissions import may_manage
from exchange.volunteering.queries import roles_of, seen_activity, seen_shift, shifts_of
from exchange.volunteering.shifts.service import (
    add_shifts,
    cancel_shift,
    change_shift,
    discard_shift,
)
from exchange.volunteering.views import bp
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import local_moment
from exchange.web.forms import attempt
from exchange.web.sentences import sentence


@bp.route("/activities/<public_id>/shifts/new", methods=["GET", "POST"])
@access(SIGNED_IN)
def new_shift(public_id: str) -> ResponseReturnValue:
    """Add a shift or a series; the hours of the last one stand there already."""
    session, activity = read_session(), managed_activity(public_id)
    zone = house().settings.time_zone
    form = ShiftForm(data=_like_the_last(activity, zone))
    form.offer(roles_of(session, activity.id))

    def work(act: Act) -> int:
        values = form.shift_values(zone, place=form.place.data or "", role=form.role.data or "")
        found = seen_activity(act.session, act.actor, public_id)
        return len(add_shifts(act, found, values, *form.repeats))

    made = attempt_named(form, work)
    if made:
        flash(_("Added: %(count)s.", count=made), "success")
        return redirect(url_for("volunteering.manage", public_id=public_id))
    return _page(form, activity, None)


def _like_the_last(activity: Activity, zone: str) -> dict[str, object]:
    shifts = shifts_of(read_session(), [activity.id])[activity.id]
    if not shifts:
        return {}
    shown = shift_data(shifts[-1], zone)
    return {name: value for name, value in shown.items() if name not in ("day", "version")}


@bp.route("/shifts/<public_id>/edit", methods=["GET", "POST"])
@access(SIGNED_IN)
def edit_shift(public_id: str) -> ResponseReturnValue:
    """Change a shift, or it and all later ones of its series."""
    shift, zone = _managed_shift(public_id), house().settings.time_zone
    form = ShiftForm(data=shift_data(shift, zone))
    form.offer(roles_of(read_session(), shift.activity_id))
    activity_id = shift.activity.public_id

    def work(act: Act) -> bool:
        values = form.shift_values(zone, place=form.place.data or "", role=form.role.data or "")
        found = seen_shift(act.session, act.actor, public_id)
        change_shift(
            act, found, values, number(form.version.data), following=bool(form.following.data)
        )
        return True

    if attempt_named(form, work):
        flash(_("Saved. At another time or place, those who come are asked again."), "success")
        return redirect(url_for("volunteering.manage", public_id=activity_id))
    again = _managed_shift(public_id)
    if form.errors:
        form.version.data = str(again.version)
    return _page(form, again.activity, again)


@bp.route("/shifts/<public_id>/cancel", methods=["GET", "POST"])
@access(SIGNED_IN)
def call_off(public_id: str) -> ResponseReturnValue:
    """Call a shift off with a reason."""
    shift, form = _managed_shift(public_id), ReasonForm()
    activity_id = shift.activity.public_id

    def work(act: Act) -> bool:
        found = seen_shift(act.session, act.actor, public_id)
        cancel_shift(act, found, form.reason.data, following=bool(form.following.data))
        return True

    if attempt(form, work):
        flash(_("Called off. Everybody who signed up is told."), "success")
        return redirect(url_for("volunteering.manage", public_id=activity_id))
    again = _managed_shift(public_id)
    return render_template(
        "volunteering/cancel.html",
        form=form,
        activity=again.activity,
        shift=again,
        when=local_moment(again.starts_at),
    ), 422 if form.errors else 200


@bp.post("/shifts/<public_id>/discard")
@access(SIGNED_IN)
def drop_shift(public_id: str) -> ResponseReturnValue:
    """Take a shift away that nobody has answered to."""
    shift = _managed_shift(public_id)
    back = url_for("volunteering.manage", public_id=shift.activity.public_id)
    try:
        with acting() as act:
            discard_shift(act, seen_shift(act.session, act.actor, public_id))
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
    else:
        flash(_("Removed."), "success")
    return redirect(back)


def _managed_shift(public_id: str) -> Shift:
    shift = seen_shift(read_session(), current_actor(), public_id)
    if not may_manage(current_actor(), shift.activity):
        raise Forbidden("activity_not_yours")
    return shift


def _page(form: ShiftForm, activity: Activity, shift: Shift | None) -> ResponseReturnValue:
    return render_template(
        "volunteering/shift_form.html", form=form, activity=activity, shift=shift
    ), 422 if form.errors else 200
