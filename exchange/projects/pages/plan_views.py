"""The steps of a project and its budget: each line with its own short form."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.act import Act
from exchange.kernel.errors import NotFound
from exchange.projects.budget import add_budget_line, change_budget_line, remove_budget_line
from exchange.projects.forms import BudgetForm, DoneForm, StepForm, version_read, yuan_typed
from exchange.projects.milestones import (
    Step,
    add_milestone,
    change_milestone,
    reach_milestone,
    remove_milestone,
)
from exchange.projects.models import BudgetLine, Milestone, Project
from exchange.projects.pages.views import bp, do, managed_project, today
from exchange.projects.queries import seen_project
from exchange.projects.rules import MOST_BUDGET_LINES, MOST_MILESTONES, yuan
from exchange.projects.showing import step_lines
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import current_actor, read_session
from exchange.web.forms import HouseForm, attempt
from exchange.web.locale import locale_code


@bp.route("/projects/<public_id>/milestones", methods=["GET", "POST"])
@access(SIGNED_IN)
def milestones(public_id: str) -> ResponseReturnValue:
    """The plan; a new step is put in."""
    managed_project(public_id)
    form = StepForm()

    def work(act: Act) -> bool:
        found = seen_project(act.session, act.actor, public_id)
        add_milestone(act, found, Step(form.title.data, form.due_on.data))
        return True

    if attempt(form, work):
        flash(_("Put into the plan."), "success")
        return redirect(url_for("projects.milestones", public_id=public_id))
    project = managed_project(public_id)
    return render_template(
        "projects/milestones.html", project=project, form=form, most=MOST_MILESTONES,
        steps=step_lines(project, today(), locale_code()), day=today().isoformat(),
    ), 422 if form.errors else 200  # fmt: skip


@bp.route("/projects/<public_id>/milestones/<step_id>", methods=["GET", "POST"])
@access(SIGNED_IN)
def milestone(public_id: str, step_id: str) -> ResponseReturnValue:
    """Say a step in other words, or put it on another day."""
    project = managed_project(public_id)
    step = _step(project, step_id)
    form = StepForm(data={"title": step.title, "due_on": step.due_on, "version": project.version})

    def work(act: Act) -> bool:
        found = seen_project(act.session, act.actor, public_id)
        said = Step(form.title.data, form.due_on.data)
        change_milestone(act, found, step_id, said, version_read(form))
        return True

    return _line_page(public_id, form, work, "projects.milestones", "projects/milestone.html")


@bp.post("/projects/<public_id>/milestones/<step_id>/done")
@access(SIGNED_IN)
def milestone_done(public_id: str, step_id: str) -> ResponseReturnValue:
    """It was reached, today or on the day that is given."""
    form = DoneForm()
    if not form.validate_on_submit():
        flash(_("We cannot read this date."), "error")
        return redirect(url_for("projects.milestones", public_id=public_id))
    on: date = form.done_on.data or today()
    return do(
        public_id,
        lambda act, project: reach_milestone(act, project, step_id, on),
        _("Well done. It stands on the project's page now."),
        "projects.milestones",
    )


@bp.post("/projects/<public_id>/milestones/<step_id>/open")
@access(SIGNED_IN)
def milestone_open(public_id: str, step_id: str) -> ResponseReturnValue:
    """It was not reached yet after all."""
    return do(
        public_id,
        lambda act, project: reach_milestone(act, project, step_id, None),
        _("It stands open again."),
        "projects.milestones",
    )


@bp.post("/projects/<public_id>/milestones/<step_id>/remove")
@access(SIGNED_IN)
def milestone_remove(public_id: str, step_id: str) -> ResponseReturnValue:
    """Take it out of the plan."""
    return do(
        public_id,
        lambda act, project: remove_milestone(act, project, step_id),
        _("Taken out of the plan."),
        "projects.milestones",
    )


@bp.route("/projects/<public_id>/budget", methods=["GET", "POST"])
@access(SIGNED_IN)
def budget(public_id: str) -> ResponseReturnValue:
    """What is planned for what; a new line is put in."""
    managed_project(public_id)
    form = BudgetForm()

    def work(act: Act) -> bool:
        found = seen_project(act.session, act.actor, public_id)
        add_budget_line(act, found, form.purpose.data, form.planned_fen)
        return True

    if attempt(form, work):
        flash(_("Put into the budget."), "success")
        return redirect(url_for("projects.budget", public_id=public_id))
    project = managed_project(public_id)
    lines = [
        {
            "public_id": one.public_id,
            "purpose": one.purpose,
            "planned": yuan(one.planned_fen),
        }
        for one in project.budget
    ]
    return render_template(
        "projects/budget.html", project=project, form=form, lines=lines, most=MOST_BUDGET_LINES,
        total=yuan(project.planned_fen) if project.planned_fen else "",
    ), 422 if form.errors else 200  # fmt: skip


@bp.route("/projects/<public_id>/budget/<line_id>", methods=["GET", "POST"])
@access(SIGNED_IN)
def budget_line(public_id: str, line_id: str) -> ResponseReturnValue:
    """Plan another sum, or say the purpose otherwise."""
    project = managed_project(public_id)
    line = _line(project, line_id)
    form = BudgetForm(
        data={
            "purpose": line.purpose,
            "planned": yuan_typed(line.planned_fen),
            "version": project.version,
        }
    )

    def work(act: Act) -> bool:
        found = seen_project(act.session, act.actor, public_id)
        change_budget_line(
            act, found, line_id, form.purpose.data, form.planned_fen, version_read(form)
        )
        return True

    return _line_page(public_id, form, work, "projects.budget", "projects/budget_line.html")


@bp.post("/projects/<public_id>/budget/<line_id>/remove")
@access(SIGNED_IN)
def budget_remove(public_id: str, line_id: str) -> ResponseReturnValue:
    """Plan nothing for it any more."""
    return do(
        public_id,
        lambda act, project: remove_budget_line(act, project, line_id),
        _("Taken out of the budget."),
        "projects.budget",
    )


def _line_page(
    public_id: str, form: HouseForm, work: Any, back: str, template: str
) -> ResponseReturnValue:
    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for(back, public_id=public_id))
    if form.errors:
        fresh = seen_project(read_session(), current_actor(), public_id)
        form.version.data = str(fresh.version)
    return render_template(template, form=form, public_id=public_id), 422 if form.errors else 200


def _step(project: Project, public_id: str) -> Milestone:
    for one in project.milestones:
        if one.public_id == public_id:
            return one
    raise NotFound


def _line(project: Project, public_id: str) -> BudgetLine:
    for one in project.budget:
        if one.public_id == public_id:
            return one
    raise NotFound
