"""Changing what a project says: words, places, people and dates, each on a short page."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.place_forms import place_labels
from exchange.kernel.act import Act
from exchange.projects.changing import change_project
from exchange.projects.forms import AddPlaceForm, PeopleForm, WordsForm, version_read
from exchange.projects.models import Project
from exchange.projects.pages.views import bp, do, managed_project
from exchange.projects.queries import seen_project
from exchange.projects.rules import MOST_DIVISIONS
from exchange.projects.values import ProjectValues, values_of
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import current_actor, read_session
from exchange.web.forms import HouseForm, attempt


@bp.route("/projects/<public_id>/edit", methods=["GET", "POST"])
@access(SIGNED_IN)
def edit(public_id: str) -> ResponseReturnValue:
    """Title, aim, how it shall be done, category, who sees it."""
    project = managed_project(public_id)
    form = WordsForm(data=_words(project))
    form.offer_choices()

    def said(values: ProjectValues) -> ProjectValues:
        return replace(
            values,
            title=form.title.data,
            aim=form.aim.data or "",
            plan=form.plan.data or "",
            category_code=form.category_code.data or None,
            visibility=form.chosen_visibility,
        )

    return _form_page(project, form, said, "projects/edit.html")


@bp.route("/projects/<public_id>/people", methods=["GET", "POST"])
@access(SIGNED_IN)
def people(public_id: str) -> ResponseReturnValue:
    """For whom, how many, from when to when."""
    project = managed_project(public_id)
    kept = values_of(project)
    form = PeopleForm(
        data={
            "beneficiaries": list(kept.beneficiaries),
            "beneficiary_count": kept.beneficiary_count,
            "from_date": kept.from_date,
            "to_date": kept.to_date,
            "version": project.version,
        }
    )

    def said(values: ProjectValues) -> ProjectValues:
        return replace(
            values,
            beneficiaries=tuple(form.beneficiaries.data or ()),
            beneficiary_count=form.beneficiary_count.data,
            from_date=form.from_date.data,
            to_date=form.to_date.data,
        )

    return _form_page(project, form, said, "projects/people.html")


@bp.route("/projects/<public_id>/places", methods=["GET", "POST"])
@access(SIGNED_IN)
def places(public_id: str) -> ResponseReturnValue:
    """Where it happens: one more place, or one fewer."""
    project = managed_project(public_id)
    form = AddPlaceForm()

    def work(act: Act) -> bool:
        found = seen_project(act.session, act.actor, public_id)
        values = values_of(found)
        more = (*values.places, form.division.data)
        change_project(act, found, replace(values, places=more))
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("projects.places", public_id=public_id))
    project = seen_project(read_session(), current_actor(), public_id)
    return render_template(
        "projects/places.html", project=project, form=form, most=MOST_DIVISIONS,
        places=place_labels(list(project.places)),
    ), 422 if form.errors else 200  # fmt: skip


@bp.post("/projects/<public_id>/places/remove")
@access(SIGNED_IN)
def remove_place(public_id: str) -> ResponseReturnValue:
    """It does not happen there."""
    code = request.form.get("place", "")[:12]

    def work(act: Act, project: Project) -> None:
        values = values_of(project)
        fewer = tuple(one for one in values.places if one != code)
        change_project(act, project, replace(values, places=fewer))

    return do(public_id, work, _("Saved."), "projects.places")


def _words(project: Project) -> dict[str, Any]:
    return {
        "title": project.title,
        "aim": project.aim,
        "plan": project.plan,
        "category_code": project.category_code or "",
        "visibility": project.visibility.value,
        "version": project.version,
    }


def _form_page(
    project: Project,
    form: HouseForm,
    said: Callable[[ProjectValues], ProjectValues],
    template: str,
) -> ResponseReturnValue:
    public_id = project.public_id

    def work(act: Act) -> bool:
        found = seen_project(act.session, act.actor, public_id)
        change_project(act, found, said(values_of(found)), version_read(form))
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        flash(f"project-{public_id}", "kept")
        return redirect(url_for("projects.show", public_id=public_id))
    if form.errors:  # the next try is against what it says by now
        form.version.data = str(seen_project(read_session(), current_actor(), public_id).version)
    status = 422 if form.errors else 200
    return render_template(template, form=form, public_id=public_id, project=project), status
