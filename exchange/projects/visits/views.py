"""The pages of roadshows and visits."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.projects.models import Project
from exchange.projects.queries import seen_project
from exchange.projects.visits import announcing, signing_up
from exchange.projects.visits.forms import CancelForm, SignUpForm, VisitForm
from exchange.projects.visits.kinds import SignUpState
from exchange.projects.visits.permissions import may_run, takes_visits
from exchange.projects.visits.queries import own_visits, seen_visit, visits_of
from exchange.projects.visits.showing import calendar_event, visit_view, visit_views
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.calendar_file import MEDIA_TYPE, write_calendar
from exchange.web.forms import HouseForm, attempt
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

bp = Blueprint("visits", __name__)


@bp.get("/projects/<public_id>/visits")
@access(PUBLIC)
def of_project(public_id: str) -> ResponseReturnValue:
    """Every roadshow and visit of a project."""
    session, actor = read_session(), current_actor()
    project = seen_project(session, actor, public_id)
    found = visit_views(house(), actor, visits_of(session, project.id), locale_code())
    coming = [one for one in reversed(found) if not (one.over or one.cancelled)]
    past = [one for one in found if one.over or one.cancelled]
    return render_template(
        "projects/visits.html", project=project, coming=coming, past=past,
        may_announce=may_run(actor, project) and takes_visits(project),
    )  # fmt: skip


@bp.get("/my/visits")
@access(SIGNED_IN)
def mine() -> ResponseReturnValue:
    """What one's organisations have signed up for."""
    actor = current_actor()
    found = own_visits(read_session(), actor, house().clock.now())
    return render_template(
        "projects/my_visits.html", visits=visit_views(house(), actor, found, locale_code())
    )


@bp.route("/projects/<public_id>/visits/new", methods=["GET", "POST"])
@access(SIGNED_IN)
def announce(public_id: str) -> ResponseReturnValue:
    """Announce one."""
    actor, form = current_actor(), VisitForm()
    project = seen_project(read_session(), actor, public_id)
    if not may_run(actor, project):
        raise Forbidden

    def work(act: Act) -> str:
        return announcing.announce(act, public_id, form.values(_zone())).public_id

    made = attempt(form, work)
    if made:
        flash(_("Announced. Organisations can sign up now."), "success")
        return redirect(url_for("visits.show", public_id=made))
    project = seen_project(read_session(), actor, public_id)
    return _form_page(form, project, url_for("visits.announce", public_id=public_id))


@bp.route("/visits/<public_id>/edit", methods=["GET", "POST"])
@access(SIGNED_IN)
def edit(public_id: str) -> ResponseReturnValue:
    """Say it differently."""
    actor, form = current_actor(), VisitForm()
    found = seen_visit(read_session(), actor, public_id)
    if not may_run(actor, found.project):
        raise Forbidden
    if request.method == "GET":
        form.show(found, _zone())

    def work(act: Act) -> bool:
        version = _number(form.version.data)
        announcing.change_visit(act, public_id, form.values(_zone()), version)
        return True

    if attempt(form, work):
        flash(_("Saved. Who signed up is told when it matters to them."), "success")
        return redirect(url_for("visits.show", public_id=public_id))
    found = seen_visit(read_session(), actor, public_id)
    if form.errors:
        form.version.data = str(found.version)
    action = url_for("visits.edit", public_id=public_id)
    return _form_page(form, found.project, action, public_id)


@bp.get("/visits/<public_id>")
@access(PUBLIC)
def show(public_id: str) -> ResponseReturnValue:
    """One of them, and the way to sign up."""
    return _page(public_id)


@bp.post("/visits/<public_id>/sign-up")
@access(SIGNED_IN)
def sign_up(public_id: str) -> ResponseReturnValue:
    """So many of one's organisation come."""
    form, said = SignUpForm(), {"waits": False}

    def work(act: Act) -> None:
        row = signing_up.sign_up(act, public_id, int(form.people.data))
        said["waits"] = row.state is SignUpState.WAITING

    answer = _step(public_id, form, work)
    if answer is not None:
        return answer
    if said["waits"]:
        flash(_("All seats are taken. You wait, and move up when one is free."), "warning")
    else:
        flash(_("You are signed up. We remind you the day before."), "success")
    return redirect(url_for("visits.show", public_id=public_id))


@bp.post("/visits/<public_id>/leave")
@access(SIGNED_IN)
def leave(public_id: str) -> ResponseReturnValue:
    """Nobody of one's organisation comes."""
    answer = _step(public_id, HouseForm(), lambda act: signing_up.leave(act, public_id))
    if answer is not None:
        return answer
    flash(_("You are signed off. Your seat goes to whoever waits."), "success")
    return redirect(url_for("visits.show", public_id=public_id))


@bp.post("/visits/<public_id>/cancel")
@access(SIGNED_IN)
def cancel(public_id: str) -> ResponseReturnValue:
    """Call it off."""
    form = CancelForm()
    answer = _step(
        public_id, form, lambda act: announcing.cancel(act, public_id, form.reason.data)
    )
    if answer is not None:
        return answer
    flash(_("Called off. All who signed up are told."), "success")
    return redirect(url_for("visits.show", public_id=public_id))


@bp.get("/visits/<public_id>/calendar.ics")
@access(PUBLIC)
def calendar_file(public_id: str) -> ResponseReturnValue:
    """A file for one's own calendar."""
    actor = current_actor()
    visit = seen_visit(read_session(), actor, public_id)
    body = write_calendar(visit.project.title, [calendar_event(house(), actor, visit)])
    answer = Response(body, content_type=MEDIA_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{visit.public_id}.ics"'
    return answer


def _step(
    public_id: str, form: HouseForm, work: Callable[[Act], Any]
) -> ResponseReturnValue | None:
    """Do one step; an answer where it was refused, with what was typed."""
    seen_visit(read_session(), current_actor(), public_id)
    try:
        if form.validate_on_submit():
            with acting() as act:
                work(act)
            return None
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
        return redirect(url_for("visits.show", public_id=public_id))
    except Invalid as error:
        form.take_refusal(error)
    return _page(public_id, form)


def _page(public_id: str, refused: HouseForm | None = None) -> ResponseReturnValue:
    actor = current_actor()
    found = seen_visit(read_session(), actor, public_id)
    view = visit_view(house(), actor, found, locale_code())
    sign = refused if isinstance(refused, SignUpForm) else SignUpForm(formdata=None)
    if view.own_people and refused is None:
        sign.people.data = str(view.own_people)
    sign.offer(view.room)
    off = refused if isinstance(refused, CancelForm) else CancelForm(formdata=None)
    return render_template(
        "projects/visit.html", view=view, sign_form=sign, cancel_form=off
    ), 422 if refused is not None else 200


def _form_page(
    form: VisitForm, project: Project, action: str, public_id: str = ""
) -> ResponseReturnValue:
    return render_template(
        "projects/visit_form.html",
        form=form, project=project, action=action, public_id=public_id,
    ), 422 if form.errors else 200  # fmt: skip


def _zone() -> str:
    return house().settings.time_zone


def _number(text: Any) -> int:
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else 0
