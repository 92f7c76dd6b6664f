"""The pages of a project's evaluation, for everybody and for its people."""


from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, NotFound
from exchange.listings.sharing.content import address_of
from exchange.listings.views import today
from exchange.projects.evaluation.account_service import MOST_LINES, write_account
from exchange.projects.evaluation.forms import (
    AccountForm,
    ScheduleForm,
    StatementForm,
    first_lines,
    read_version,
    sent_lines,
)
from exchange.projects.evaluation.kinds import RoundKind, RoundState
from exchange.projects.evaluation.labels import REACH, ROUNDS
from exchange.projects.evaluation.models import EvaluationRound
from exchange.projects.evaluation.permissions import (
    may_account,
    may_follow,
    may_schedule,
    side_of,
)
from exchange.projects.evaluation.queries import (
    accounts_of,
    may_evaluate,
    rounds_of,
    seen_round,
    sides_of,
    statements_of,
)
from exchange.projects.evaluation.round_service import conclude, schedule_round
from exchange.projects.evaluation.rules import may_change_statement, sides_are_shown, takes_answers
from exchange.projects.evaluation.showing import evaluation_view
from exchange.projects.evaluation.statement_service import speak
from exchange.projects.kinds import Stage
from exchange.projects.models import Project
from exchange.projects.queries import seen_project
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import day_here
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.paper import language_of_readers, poster_page
from exchange.web.qr import qr_svg
from exchange.web.sentences import sentence

bp = Blueprint("evaluation", __name__)
SURVEY_LINK = "/v/"
HOME = "/projects/<public_id>/evaluation"


def kind_of_round(text: str) -> RoundKind:
    """The round named in an address. Raises NotFound."""
    if text not in {kind.value for kind in RoundKind}:
        raise NotFound
    return RoundKind(text)


@bp.get(HOME)
@access(PUBLIC)
def show(public_id: str) -> ResponseReturnValue:
    """What a project has reached, as far as the reader may know it."""
    session, actor = read_session(), current_actor()
    project = seen_project(session, actor, public_id)
    view = evaluation_view(session, house(), actor, project, locale_code(), today())
    ready = project.stage is Stage.COMPLETED and bool(may_evaluate(session, project))
    return render_template(
        "projects/evaluation/show.html",
        project=project,
        view=view,
        may_conclude=ready and view.may_account,
        day=day_here,
    )


def link_of(code: str) -> str:
    """The whole address of the villagers' link."""
    return address_of(SURVEY_LINK + code)


@bp.get(f"{HOME}/<kind>/poster")
@access(SIGNED_IN)
def poster(public_id: str, kind: str) -> ResponseReturnValue:
    """A sheet for the noticeboard: the code that leads villagers to their questions."""
    project, one = seen_round(read_session(), current_actor(), public_id, kind_of_round(kind))
    if not may_follow(current_actor(), project):
        raise NotFound
    if not takes_answers(one.state, one.closes_on, today()):
        raise Conflict("evaluation_closed")
    link = link_of(one.survey_code)
    with language_of_readers() as language:
        sheet = render_template(
            "projects/evaluation/poster.html",
            project=project, one=one, link=link, day=day_here,
            qr=qr_svg(link, _("Code that leads to the questions")),
        )  # fmt: skip
    hint = _(
        "A4 upright, for the noticeboard. Villagers answer without signing in, once on each phone."
    )
    return poster_page(sheet, language, url_for("evaluation.show", public_id=public_id), hint)


@bp.route(f"{HOME}/<kind>/schedule", methods=["GET", "POST"])
@access(SIGNED_IN)
def schedule(public_id: str, kind: str) -> ResponseReturnValue:
    """When a round begins, or until when it asks."""
    wanted, session, actor = kind_of_round(kind), read_session(), current_actor()
    project = seen_project(session, actor, public_id)
    if not may_schedule(actor, project):
        raise Forbidden("evaluation_not_yours")
    form = ScheduleForm()

    def work(act: Act) -> bool:
        schedule_round(
            act, public_id, wanted, form.day.data, left_out=form.left_out.data,
            version=read_version(form.version.data) if form.version.data else None,
        )  # fmt: skip
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("evaluation.show", public_id=public_id))
    session = read_session()
    project = seen_project(session, actor, public_id)
    one = next((x for x in rounds_of(session, project.id) if x.kind is wanted), None)
    if request.method == "GET" and one is not None:
        form.day.data = one.closes_on if one.state is RoundState.OPEN else one.due_on
        form.left_out.data = one.state is RoundState.LEFT_OUT
    form.version.data = str(one.version) if one else ""
    return render_template(
        "projects/evaluation/schedule.html",
        project=project, form=form, label=ROUNDS[wanted], kind=wanted.value,
        is_open=one is not None and one.state is RoundState.OPEN,
        is_final=wanted is RoundKind.FINAL, today=today(),
    ), 422 if form.errors else 200  # fmt: skip


@bp.route(f"{HOME}/<kind>/say", methods=["GET", "POST"])
@access(SIGNED_IN)
def say(public_id: str, kind: str) -> ResponseReturnValue:
    """The short form for one's own organisation."""
    wanted = kind_of_round(kind)
    project, _one = seen_round(read_session(), current_actor(), public_id, wanted)
    if side_of(current_actor(), project) is None:
        raise Forbidden("evaluation_not_yours")
    form = StatementForm()

    def work(act: Act) -> bool:
        speak(act, public_id, wanted, form.said, read_version(form.version.data))
        return True

    if attempt(form, work):
        flash(_("Thank you. The others read it once all have answered."), "success")
        return redirect(url_for("evaluation.show", public_id=public_id))
    return _say_page(public_id, wanted, form)


def _say_page(public_id: str, wanted: RoundKind, form: StatementForm) -> ResponseReturnValue:
    project, one = seen_round(read_session(), current_actor(), public_id, wanted)
    side = side_of(current_actor(), project)
    said = statements_of(read_session(), [one.id])[one.id]
    own = next((row for row in said if row.organisation_id == side), None)
    fresh = request.method == "GET"
    if own is not None and fresh:
        form.fill(own)
    elif fresh:
        form.version.data = "0"
    closed = _why_not(project, one, has_spoken=own is not None)
    return render_template(
        "projects/evaluation/say.html",
        project=project, one=one, form=form, label=ROUNDS[wanted], several=len(sides_of(project)),
        closed=sentence(closed) if closed and fresh else "",
    ), 422 if form.errors else 200  # fmt: skip


def _why_not(project: Project, one: EvaluationRound, *, has_spoken: bool) -> str:
    decision = takes_answers(one.state, one.closes_on, today())
    if decision and has_spoken:
        shown = sides_are_shown(one.state, all_answered=one.shown_at is not None)
        decision = may_change_statement(sides_of(project), shown=shown)
    return "" if decision else decision.code


@bp.route(f"{HOME}/<kind>/results", methods=["GET", "POST"])
@access(SIGNED_IN)
def results(public_id: str, kind: str) -> ResponseReturnValue:
    """What was reached against what was planned, and what was learned."""
    wanted = kind_of_round(kind)
    project, one = seen_round(read_session(), current_actor(), public_id, wanted)
    if not may_account(current_actor(), project):
        raise Forbidden("evaluation_not_yours")
    if one.state not in (RoundState.OPEN, RoundState.CLOSED):
        raise Conflict("evaluation_not_open")
    form = AccountForm()
    lines = sent_lines(request.form, MOST_LINES)

    def work(act: Act) -> bool:
        version = read_version(form.version.data)
        write_account(act, public_id, wanted, form.account(lines), version)
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        flash(f"evaluation-{public_id}-{wanted}", "kept")
        return redirect(url_for("evaluation.show", public_id=public_id))
    project, one = seen_round(read_session(), current_actor(), public_id, wanted)
    account = accounts_of(read_session(), [one.id]).get(one.id)
    if request.method == "GET":
        lines = first_lines(project, account)
        form.version.data, form.people_planned.data = "0", project.beneficiary_count
        if account is not None:
            form.fill(account)
    return render_template(
        "projects/evaluation/results.html",
        project=project, form=form, lines=lines, label=ROUNDS[wanted], kind=wanted.value,
        reach=REACH,
    ), 422 if form.errors else 200  # fmt: skip


@bp.post(f"{HOME}/conclude")
@access(SIGNED_IN)
def finish(public_id: str) -> ResponseReturnValue:
    """The project is evaluated: its last stage."""
    with acting() as act:
        conclude(act, public_id)
    flash(_("The project is evaluated. Thank you."), "success")
    return redirect(url_for("evaluation.show", public_id=public_id))


