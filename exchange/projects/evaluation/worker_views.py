"""What social workers and supervisors do: paper sheets, villagers' words, what is overdue."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.act import Act
from exchange.kernel.errors import Forbidden, NotFound
from exchange.listings.sharing.content import address_of
from exchange.listings.views import page_number, today
from exchange.projects.evaluation.forms import PaperForm, PrintForm, WordsForm
from exchange.projects.evaluation.kinds import RoundKind
from exchange.projects.evaluation.labels import ROUNDS
from exchange.projects.evaluation.models import EvaluationRound
from exchange.projects.evaluation.overview import TABS
from exchange.projects.evaluation.overview import overview as rounds_overview
from exchange.projects.evaluation.paper_labels import survey_words
from exchange.projects.evaluation.permissions import looks_after
from exchange.projects.evaluation.queries import papers_of, seen_round
from exchange.projects.evaluation.survey_service import (
    enter_paper,
    opened_words,
    paper_number,
    print_papers,
    release_words,
)
from exchange.projects.evaluation.views import HOME, kind_of_round
from exchange.projects.models import Project
from exchange.web.access import BROKER, SIGNED_IN, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.dates import day_here
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.qr import qr_svg
from exchange.web.throttle import Limit, count_try

bp = Blueprint("evaluations", __name__)
STACKS = Limit("survey_papers", 30, timedelta(hours=1))


def _kept(public_id: str, kind: RoundKind) -> tuple[Project, EvaluationRound]:
    """For those who look after the project. Raises NotFound, Forbidden."""
    project, one = seen_round(read_session(), current_actor(), public_id, kind)
    if not looks_after(current_actor(), project):
        raise Forbidden("evaluation_for_worker")
    return project, one


@bp.get("/evaluations")
@access(BROKER)
def overview() -> ResponseReturnValue:
    """The rounds in one's places: what is overdue first."""
    asked = request.args.get("show", "")
    tab, page = asked if asked in TABS else "late", page_number()
    found = rounds_overview(read_session(), current_actor(), tab, locale_code(), today(), page)
    return render_template(
        "projects/evaluation/overview.html",
        found=found, tab=tab, tabs=TABS, page=page, day=day_here,
    )  # fmt: skip


@bp.route(f"{HOME}/<kind>/papers", methods=["GET", "POST"])
@access(SIGNED_IN)
def papers(public_id: str, kind: str) -> ResponseReturnValue:
    """How many paper sheets?"""
    wanted = kind_of_round(kind)
    project, _one = _kept(public_id, wanted)
    form = PrintForm()
    if request.method == "POST":
        count_try(STACKS, f"person {current_actor().person_id}")
    batch = attempt(form, lambda act: print_papers(act, public_id, wanted, form.count.data))
    if batch:
        return redirect(
            url_for("evaluations.print_sheets", public_id=public_id, kind=kind, batch=batch)
        )
    project, _one = _kept(public_id, wanted)
    status = 422 if form.errors else 200
    return render_template("projects/evaluation/papers.html", form=form, project=project), status


@bp.get(f"{HOME}/<kind>/papers/<batch>")
@access(SIGNED_IN)
def print_sheets(public_id: str, kind: str, batch: str) -> ResponseReturnValue:
    """A stack of sheets; printed again they have the same numbers."""
    project, one = _kept(public_id, kind_of_round(kind))
    numbers = [paper_number(row.id) for row in papers_of(read_session(), one.id, batch)]
    if not numbers:
        raise NotFound
    address = url_for("evaluations.paper")
    sheets = [
        (number, qr_svg(address_of(f"{address}?number={number}"), _("Enter this sheet")))
        for number in numbers
    ]
    return render_template(
        "projects/evaluation/sheets.html",
        project=project, sheets=sheets, words=survey_words(),
    )  # fmt: skip


@bp.route("/evaluations/paper", methods=["GET", "POST"])
@access(BROKER)
def paper() -> ResponseReturnValue:
    """Enter what stands on a sheet, once."""
    form = PaperForm()
    if request.method == "GET":
        form.number.data = request.args.get("number", "")[:20]

    def work(act: Act) -> bool:
        enter_paper(
            act, form.number.data, form.given, form.words.data or "",
            is_old_enough=bool(form.adult.data),
        )  # fmt: skip
        return True

    if attempt(form, work):
        flash(_("Entered. The next one, please."), "success")
        return redirect(url_for("evaluations.paper"))
    status = 422 if form.errors else 200
    return render_template("projects/evaluation/paper.html", form=form), status


@bp.route(f"{HOME}/<kind>/words", methods=["GET", "POST"])
@access(SIGNED_IN)
def words(public_id: str, kind: str) -> ResponseReturnValue:
    """Villagers' own words, and what of them everybody may read."""
    wanted = kind_of_round(kind)
    _kept(public_id, wanted)
    form = WordsForm()

    def work(act: Act) -> bool:
        key, text = str(form.key.data or "")[:20], form.text.data or ""
        release_words(act, public_id, wanted, key, text)
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("evaluations.words", public_id=public_id, kind=kind))
    project, one = _kept(public_id, wanted)
    return render_template(
        "projects/evaluation/words.html",
        project=project, one=one, kind=kind, label=ROUNDS[wanted], form=form,
        lines=opened_words(read_session(), house(), one),
    ), 422 if form.errors else 200  # fmt: skip
