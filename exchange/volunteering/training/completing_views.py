"""Confirming who completed a training at a date, the list of all, and revoking."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden
from exchange.volunteering.attendance.queries import marks_of, presence_from
from exchange.volunteering.attendance.views import span_text
from exchange.volunteering.kinds import SignupState
from exchange.volunteering.queries import signups_by_shift
from exchange.volunteering.readers import reader
from exchange.volunteering.training.completing_service import confirm_at_date, revoke_completion
from exchange.volunteering.training.completion_queries import (
    completion_with,
    completions_of_training,
)
from exchange.volunteering.training.forms import RevokeForm
from exchange.volunteering.training.labels import WAY_LABELS
from exchange.volunteering.training.managing_views import managed_training
from exchange.volunteering.training.permissions import may_confirm_at
from exchange.volunteering.training.queries import date_of_training, seen_training
from exchange.volunteering.training.showing import completion_lines
from exchange.volunteering.training.views import bp
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.dates import day_here
from exchange.web.forms import attempt
from exchange.web.sentences import sentence

MOST_TICKED = 2000


@bp.route("/trainings/<public_id>/dates/<shift>/completed", methods=["GET", "POST"])
@access(SIGNED_IN)
def confirm(public_id: str, shift: str) -> ResponseReturnValue:
    """Tick who completed it; those who were marked as there are ticked already."""
    session = read_session()
    training = seen_training(session, current_actor(), public_id)
    found = date_of_training(session, training, shift)
    if not may_confirm_at(current_actor(), training):
        raise Forbidden("training_not_yours")
    if request.method == "POST":
        return _confirmed(public_id, shift)
    people = signups_by_shift(session, [found.id], (SignupState.SIGNED_UP,))[found.id]
    marks = marks_of(session, [found.id])
    came = {
        one.person_id for one in people if presence_from(marks[found.id, one.person_id], found).came
    }
    done = {
        one.person_id
        for one in completions_of_training(session, training.id)
        if one.shift_id == found.id and one.revoked_at is None
    }
    return render_template(
        "volunteering/training_confirm.html",
        training=training, shift=found, when=span_text(found), people=people, came=came, done=done,
        begun=found.starts_at <= reader().now,
    )  # fmt: skip


def _confirmed(public_id: str, shift: str) -> ResponseReturnValue:
    ticked = [one[:20] for one in request.form.getlist("signup")[:MOST_TICKED]]
    back = url_for("trainings.confirm", public_id=public_id, shift=shift)
    try:
        with acting() as act:
            training = seen_training(act.session, act.actor, public_id)
            found = date_of_training(act.session, training, shift)
            made = confirm_at_date(act, training, found, ticked)
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
        return redirect(back)
    flash(_("On record: %(count)s.", count=made.count), "success")
    if made.own_left:
        flash(sentence("training_own"), "warning")
    return redirect(back)


@bp.get("/trainings/<public_id>/completed")
@access(SIGNED_IN)
def completed(public_id: str) -> ResponseReturnValue:
    """Who completed it, when, how, until when; to read and to print. For its managers."""
    return _list(public_id, "volunteering/training_completed.html")


@bp.get("/trainings/<public_id>/completed/paper")
@access(SIGNED_IN)
def paper(public_id: str) -> ResponseReturnValue:
    """The same on A4."""
    return _list(public_id, "volunteering/training_paper.html")


def _list(public_id: str, template: str) -> str:
    session, who, training = read_session(), reader(), managed_training(public_id)
    lines = completion_lines(who, completions_of_training(session, training.id))
    return render_template(
        template, training=training, lines=lines, ways=WAY_LABELS, day=day_here(who.today)
    )


@bp.route("/trainings/<public_id>/completed/<completion>/revoke", methods=["GET", "POST"])
@access(SIGNED_IN)
def revoke(public_id: str, completion: str) -> ResponseReturnValue:
    """Say that a completion does not count, and why."""
    training, form = managed_training(public_id), RevokeForm()
    found = completion_with(read_session(), training, completion)

    def work(act: Act) -> bool:
        again = seen_training(act.session, act.actor, public_id)
        revoke_completion(act, completion_with(act.session, again, completion), form.reason.data)
        return True

    if attempt(form, work):
        flash(_("Revoked. The volunteer is told."), "success")
        return redirect(url_for("trainings.completed", public_id=public_id))
    return render_template(
        "volunteering/training_revoke.html",
        form=form, training=training, completion=found, name=found.person.name,
    ), 422 if form.errors else 200  # fmt: skip
