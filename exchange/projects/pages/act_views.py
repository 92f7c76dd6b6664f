"""A project's way to others and through its life, and the station's answers."""

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.models import Person
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.projects.cards import project_cards
from exchange.projects.changing import choose_worker, go_to_stage, workers_for
from exchange.projects.forms import ReturnForm, StageForm, version_read
from exchange.projects.kinds import Publication, Stage
from exchange.projects.labels import STAGE_ACTS, STAGE_SAID
from exchange.projects.making import discard_project
from exchange.projects.mine_queries import waiting_projects
from exchange.projects.pages.views import bp, do, show_page, words_of
from exchange.projects.permissions import may_supervise
from exchange.projects.publishing import (
    approve_project,
    hold_project,
    return_project,
    submit_project,
    withdraw_project,
)
from exchange.projects.queries import seen_project
from exchange.web.access import BROKER, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.forms import attempt
from exchange.web.locale import locale_code

FIELD_PAGES = {
    "places": "projects.places",
    "beneficiaries": "projects.people",
    "beneficiary_count": "projects.people",
    "from_date": "projects.people",
    "to_date": "projects.people",
}


@bp.post("/projects/<public_id>/submit")
@access(SIGNED_IN)
def submit(public_id: str) -> ResponseReturnValue:
    """Publish it, or send it to the station first; what is missing leads to its page."""
    version = request.form.get("version", type=int)
    try:
        with acting() as act:
            project = seen_project(act.session, act.actor, public_id)
            submit_project(act, project, version)
            waits = project.publication is Publication.SUBMITTED
    except Invalid as error:
        field = next(iter(error.fields), "")
        flash(_("One thing is missing before it can be shown: %(what)s", what=words_of(error)),
              "error")  # fmt: skip
        return redirect(url_for(FIELD_PAGES.get(field, "projects.edit"), public_id=public_id))
    except (Conflict, Forbidden) as error:
        if isinstance(error, Forbidden) and error.code != "confirm_contact_first":
            raise
        flash(words_of(error), "error")  # type: ignore[arg-type]  # both carry code and params
        return redirect(url_for("projects.show", public_id=public_id))
    sent = _("Sent. The station looks at it first, then everybody finds it.")
    flash(sent if waits else _("Published. Everybody can find it now."), "success")
    return redirect(url_for("projects.show", public_id=public_id))


@bp.post("/projects/<public_id>/withdraw")
@access(SIGNED_IN)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Its people take it back."""
    return do(public_id, withdraw_project, _("Taken back. You can publish it again at any time."))


@bp.post("/projects/<public_id>/discard")
@access(SIGNED_IN)
def discard(public_id: str) -> ResponseReturnValue:
    """Throw a draft away."""
    try:
        with acting() as act:
            discard_project(act, seen_project(act.session, act.actor, public_id))
    except Conflict as error:
        flash(words_of(error), "error")
        return redirect(url_for("projects.show", public_id=public_id))
    flash(_("The draft is gone. Its needs stay as they are."), "success")
    return redirect(url_for("projects.mine"))


@bp.post("/projects/<public_id>/stage")
@access(SIGNED_IN)
def stage(public_id: str) -> ResponseReturnValue:
    """Take it to another stage; stopping without a reason asks for one."""
    form = StageForm()
    wanted = next((one for one in STAGE_ACTS if one.value == form.wanted.data), None)
    if wanted is None:
        raise NotFound

    def work(act: Act) -> bool:
        project = seen_project(act.session, act.actor, public_id)
        go_to_stage(act, project, Stage(wanted), form.reason.data or "", version_read(form))
        return True

    if not attempt(form, work):
        return show_page(public_id, stage_form=form, status=422)
    flash(STAGE_SAID[wanted], "success")
    return redirect(url_for("projects.show", public_id=public_id))


@bp.get("/projects/waiting")
@access(BROKER)
def waiting() -> ResponseReturnValue:
    """What waits for the station's review, the longest first."""
    found = waiting_projects(read_session(), current_actor())
    cards = project_cards(read_session(), current_actor(), found, locale_code())
    return render_template("projects/waiting.html", cards=cards)


@bp.post("/projects/<public_id>/approve")
@access(BROKER)
def approve(public_id: str) -> ResponseReturnValue:
    """The station shows the version it has read."""
    version = request.form.get("version", 0, type=int)
    return do(
        public_id,
        lambda act, project: approve_project(act, project, version),
        _("Published. You look after it if nobody else does."),
    )


@bp.post("/projects/<public_id>/return")
@access(BROKER)
def give_back(public_id: str) -> ResponseReturnValue:
    """The station gives it back with a note."""
    form = ReturnForm()

    def work(act: Act) -> bool:
        project = seen_project(act.session, act.actor, public_id)
        return_project(act, project, form.note.data or "", version_read(form))
        return True

    if not attempt(form, work):
        return show_page(public_id, return_form=form, status=422)
    flash(_("Given back with your note."), "success")
    return redirect(url_for("projects.waiting"))


@bp.post("/projects/<public_id>/hold")
@access(SIGNED_IN)
def hold(public_id: str) -> ResponseReturnValue:
    """A supervisor hides it while it is looked into, or shows it again."""
    held = request.form.get("held") == "yes"
    said = _("Hidden from everybody but its people and the brokers.") if held else _("Shown again.")
    return do(public_id, lambda act, project: hold_project(act, project, held=held), said)


@bp.route("/projects/<public_id>/worker", methods=["GET", "POST"])
@access(BROKER)
def worker(public_id: str) -> ResponseReturnValue:
    """A supervisor chooses who looks after it; a broker of its places may take it."""
    session, actor = read_session(), current_actor()
    project = seen_project(session, actor, public_id)
    if request.method == "POST":
        chosen = request.form.get("person", "")[:20]
        return do(
            public_id,
            lambda act, found: choose_worker(act, found, _person(act, chosen)),
            _("Saved."),
        )
    if not may_supervise(actor, project):
        raise Forbidden
    ids = sorted(workers_for(session, project))
    people = session.scalars(sa.select(Person).where(Person.id.in_(ids)).order_by(Person.id))
    lines = [(one.public_id, one.name, one.id == project.worker_id) for one in people]
    return render_template("projects/worker.html", project=project, people=lines)


def _person(act: Act, public_id: str) -> int | None:
    if public_id == "me":
        return act.actor.person_id
    if not public_id:
        return None
    found = act.session.scalar(sa.select(Person.id).where(Person.public_id == public_id))
    if found is None:
        raise NotFound
    return found
