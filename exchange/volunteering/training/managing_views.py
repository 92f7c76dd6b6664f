"""The pages of those who look after trainings."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.queries import full_label, organisation_by_public_id
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.volunteering.attempting import attempt_named, number
from exchange.volunteering.attendance.views import span_text
from exchange.volunteering.permissions import may_run
from exchange.volunteering.readers import reader
from exchange.volunteering.training.completion_queries import completed_counts
from exchange.volunteering.training.forms import (
    DateForm,
    MaterialForm,
    QuestionsForm,
    TrainingForm,
    material_data,
    questions_data,
    training_data,
)
from exchange.volunteering.training.kinds import MaterialKind
from exchange.volunteering.training.materials_service import (
    add_material,
    change_material,
    remove_material,
    set_questions,
)
from exchange.volunteering.training.models import Training
from exchange.volunteering.training.permissions import may_look_after
from exchange.volunteering.training.queries import (
    activities_requiring,
    seen_material,
    seen_training,
    trainings_of,
)
from exchange.volunteering.training.service import (
    add_date,
    change_training,
    discard_training,
    make_training,
    publish_training,
    withdraw_training,
)
from exchange.volunteering.training.showing import training_cards, training_page
from exchange.volunteering.training.views import bp
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence


@bp.get("/organisations/<public_id>/trainings")
@access(SIGNED_IN)
def organisation(public_id: str) -> ResponseReturnValue:
    """The trainings of an organisation with how many have completed each, for its managers."""
    session, who = read_session(), reader()
    found = organisation_by_public_id(session, public_id)
    if found is None:
        raise NotFound
    if not may_run(who.actor, found.id):
        raise Forbidden("training_not_yours")
    rows = trainings_of(session, found.id)
    return render_template(
        "volunteering/trainings_organisation.html",
        found=found, name=full_label(found, locale_code()),
        cards=list(zip(rows, training_cards(session, who, rows), strict=True)),
        counts=completed_counts(session, [one.id for one in rows]),
        acts_here=who.actor.organisation_id == found.id,
    )  # fmt: skip


@bp.route("/trainings/new", methods=["GET", "POST"])
@access(SIGNED_IN)
def new() -> ResponseReturnValue:
    """Begin a training; materials, dates and questions come on the next page."""
    actor = current_actor()
    owner_id = actor.organisation_id
    if owner_id is None or not may_run(actor, owner_id):
        raise Forbidden("training_not_yours")
    form = TrainingForm(data=None if request.form else {"division": actor.division or ""})
    made = attempt_named(form, lambda act: make_training(act, owner_id, form.values).public_id)
    if made is None:
        return render_template(
            "volunteering/training_form.html",
            form=form, training=None, verified=actor.organisation_verified,
        ), 422 if form.errors else 200  # fmt: skip
    flash(_("Saved as a draft. Now add what one learns from."), "success")
    return redirect(url_for("trainings.manage", public_id=made))


@bp.get("/trainings/<public_id>/manage")
@access(SIGNED_IN)
def manage(public_id: str) -> ResponseReturnValue:
    """Everything that managers change: words, materials, dates, questions."""
    session, who, training = read_session(), reader(), managed_training(public_id)
    return render_template(
        "volunteering/training_manage.html",
        page=training_page(session, who, training), training=training,
        activities=activities_requiring(session, training.id),
        completed=completed_counts(session, [training.id]).get(training.id, 0),
    )  # fmt: skip


@bp.route("/trainings/<public_id>/edit", methods=["GET", "POST"])
@access(SIGNED_IN)
def edit(public_id: str) -> ResponseReturnValue:
    """Say something else of a training."""
    training = managed_training(public_id)
    form = TrainingForm(data=training_data(training))

    def work(act: Act) -> bool:
        change_training(act, _again(act, public_id), form.values, number(form.version.data))
        return True

    if attempt_named(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("trainings.manage", public_id=public_id))
    if form.errors:
        form.version.data = str(managed_training(public_id).version)
    return render_template(
        "volunteering/training_form.html", form=form, training=training, verified=True
    ), 422 if form.errors else 200


@bp.post("/trainings/<public_id>/publish")
@access(SIGNED_IN)
def publish(public_id: str) -> ResponseReturnValue:
    """Put it before people."""
    return change(public_id, publish_training, _("Published. People can find it now."), "show")


@bp.post("/trainings/<public_id>/withdraw")
@access(SIGNED_IN)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take it back; what was completed stays."""
    return change(public_id, withdraw_training, _("Withdrawn. What was completed stays on record."))


@bp.post("/trainings/<public_id>/discard")
@access(SIGNED_IN)
def discard(public_id: str) -> ResponseReturnValue:
    """Throw a draft away."""
    owner = managed_training(public_id).organisation.public_id
    try:
        with acting() as act:
            discard_training(act, _again(act, public_id))
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
        return redirect(url_for("trainings.manage", public_id=public_id))
    flash(_("The draft is gone."), "success")
    return redirect(url_for("trainings.organisation", public_id=owner))


@bp.route("/trainings/<public_id>/materials/new", methods=["GET", "POST"])
@access(SIGNED_IN)
def new_material(public_id: str) -> ResponseReturnValue:
    """Write a page, choose a file, or give an address."""
    training, form = managed_training(public_id), MaterialForm()

    def work(act: Act) -> bool:
        said = form.children.data or ""
        add_material(act, _again(act, public_id), form.values, form.taken, said)
        return True

    if attempt(form, work):
        flash(_("Added."), "success")
        return redirect(url_for("trainings.manage", public_id=public_id, _anchor="materials"))
    return render_template(
        "volunteering/training_material.html", form=form, training=training, material=None
    ), 422 if form.errors else 200


@bp.route("/trainings/<public_id>/materials/<material>/edit", methods=["GET", "POST"])
@access(SIGNED_IN)
def edit_material(public_id: str, material: str) -> ResponseReturnValue:
    """Say something else in a page, lead to another address, rename a file."""
    managed_training(public_id)
    training, found = seen_material(read_session(), current_actor(), public_id, material)
    form = MaterialForm(data=material_data(found))

    def work(act: Act) -> bool:
        change_material(act, _again(act, public_id), material, form.values)
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("trainings.manage", public_id=public_id, _anchor="materials"))
    return render_template(
        "volunteering/training_material.html",
        form=form, training=training, material=found, is_file=found.kind is MaterialKind.FILE,
    ), 422 if form.errors else 200  # fmt: skip


@bp.post("/trainings/<public_id>/materials/<material>/remove")
@access(SIGNED_IN)
def drop_material(public_id: str, material: str) -> ResponseReturnValue:
    """Take a material away."""
    return change(public_id, lambda act, one: remove_material(act, one, material), _("Removed."))


@bp.route("/trainings/<public_id>/questions/edit", methods=["GET", "POST"])
@access(SIGNED_IN)
def edit_questions(public_id: str) -> ResponseReturnValue:
    """What whoever does it at home is asked."""
    training = managed_training(public_id)
    form = QuestionsForm(data=questions_data(training))

    def work(act: Act) -> bool:
        version = number(form.version.data)
        set_questions(act, _again(act, public_id), form.asked, form.needed, version)
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("trainings.manage", public_id=public_id, _anchor="questions"))
    if form.errors:
        form.version.data = str(managed_training(public_id).version)
    return render_template(
        "volunteering/training_questions_edit.html", form=form, training=training
    ), 422 if form.errors else 200


@bp.route("/trainings/<public_id>/dates/new", methods=["GET", "POST"])
@access(SIGNED_IN)
def new_date(public_id: str) -> ResponseReturnValue:
    """Another date to come to."""
    training, form = managed_training(public_id), DateForm()
    form.offer(())

    def work(act: Act) -> str:
        values = form.shift_values(house().settings.time_zone, place=form.place.data or "")
        return span_text(add_date(act, _again(act, public_id), values))

    made = attempt_named(form, work)
    if made is None:
        return render_template(
            "volunteering/training_date.html", form=form, training=training
        ), 422 if form.errors else 200
    flash(_("Added: %(when)s.", when=made), "success")
    return redirect(url_for("trainings.manage", public_id=public_id, _anchor="dates"))


def managed_training(public_id: str) -> Training:
    """The training for those who look after it. Raises NotFound or Forbidden."""
    training = seen_training(read_session(), current_actor(), public_id)
    if not may_look_after(current_actor(), training):
        raise Forbidden("training_not_yours")
    return training


def change(
    public_id: str, verb: Callable[[Act, Training], Any], told: str, back: str = "manage"
) -> ResponseReturnValue:
    """Do one thing with a training and say so, or say why not."""
    managed_training(public_id)
    try:
        with acting() as act:
            verb(act, _again(act, public_id))
    except (Conflict, Invalid) as error:
        flash(sentence(error.code, error.params), "error")
        back = "manage"
    else:
        flash(told, "success")
    return redirect(url_for(f"trainings.{back}", public_id=public_id))


def _again(act: Act, public_id: str) -> Training:
    return seen_training(act.session, act.actor, public_id)
