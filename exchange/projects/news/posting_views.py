"""Posting news from a phone, changing them, taking them back. What was typed is never lost."""

from dataclasses import dataclass, field
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.files.pictures import Picture
from exchange.files.stating import statement_problem
from exchange.kernel.database import new_public_id
from exchange.kernel.errors import Conflict, Forbidden, Invalid, SignInNeeded
from exchange.listings.wording import CONTACT, remark_on, without_contacts
from exchange.projects.forms import version_read
from exchange.projects.models import Project, ProjectUpdate
from exchange.projects.news import stash
from exchange.projects.news.forms import NewsForm, fields_of, sent_pictures
from exchange.projects.news.permissions import may_change
from exchange.projects.news.picturing import forget_kept, keep_aside, waiting_pictures
from exchange.projects.news.queries import kept_pictures, photos_by_update, seen_update
from exchange.projects.news.reading import read_figures
from exchange.projects.news.rules import MOST_PICTURES, Figure, may_have_news, pack_figure
from exchange.projects.news.service import Pictures, change_news, post_news, withdraw_news
from exchange.projects.news.showing import amount_text
from exchange.projects.news.views import bp
from exchange.projects.permissions import may_report
from exchange.projects.queries import seen_project
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

LARGEST_REQUEST = 52_000_000
UPLOADS = {"project_news.new", "project_news.edit"}


@bp.url_value_preprocessor
def _allow_pictures(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Six pictures of a phone are larger than other requests may be."""
    if endpoint in UPLOADS:
        request.max_content_length = LARGEST_REQUEST


@dataclass
class Sheet:
    """The form on its way back to the person: what was sent, and what is wrong with it."""

    project: Project
    form: NewsForm
    update: ProjectUpdate | None = None
    fresh: list[Picture] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    notice: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether something must be put right first."""
        form = self.form
        return bool(form.children.errors or form.photos.errors) or form.rows_are_wrong

    @property
    def pictures(self) -> Pictures:
        """The pictures that come with it."""
        removed = request.form.getlist("removed")[:MOST_PICTURES]
        return Pictures(self.fresh, self.form.children.data or "", self.kept, removed)


@bp.route("/projects/<public_id>/news/new", methods=["GET", "POST"])
@access(PUBLIC)
def new(public_id: str) -> ResponseReturnValue:
    """One short form: words or a picture."""
    project = seen_project(read_session(), current_actor(), public_id)
    if not current_actor().is_signed_in:
        return _sign_in_first(project)
    _require(project)
    if request.method == "GET":
        return _fresh(project)
    sheet = _sent(project)
    if _is_side_step(sheet):
        _keep(sheet)
        return _page(sheet)
    if sheet.is_wrong:
        return _refused(sheet, Invalid())
    try:
        with acting() as act:
            found = seen_project(act.session, act.actor, public_id)
            values, token = sheet.form.values(sheet.figures), sheet.form.token.data
            made = post_news(act, found, values, sheet.pictures, token)
            where = url_for(
                "project_news.show", public_id=public_id, update_id=made.public_id
            )
    except (Invalid, Conflict) as error:
        return _refused(sheet, error)
    flash(_("Posted. Thank you."))
    flash(_key(project), "kept")
    return redirect(where)


@bp.route("/projects/<public_id>/news/<update_id>/edit", methods=["GET", "POST"])
@access(SIGNED_IN)
def edit(public_id: str, update_id: str) -> ResponseReturnValue:
    """Put right what was posted."""
    update = seen_update(read_session(), current_actor(), public_id, update_id)
    if not may_change(current_actor(), update):
        raise Forbidden("news_not_yours")
    if request.method == "GET":
        form = NewsForm(formdata=None, data=fields_of(update))
        return _page(Sheet(update.project, form, update))
    sheet = _sent(update.project, update)
    if _is_side_step(sheet):
        _keep(sheet)
        return _page(sheet)
    if sheet.is_wrong:
        return _refused(sheet, Invalid())
    try:
        with acting() as act:
            found = seen_update(act.session, act.actor, public_id, update_id)
            values = sheet.form.values(sheet.figures)
            change_news(act, found, values, version_read(sheet.form), sheet.pictures)
    except (Invalid, Conflict) as error:
        return _refused(sheet, error)
    flash(_("Saved."))
    return redirect(url_for("project_news.show", public_id=public_id, update_id=update_id))


@bp.post("/projects/<public_id>/news/<update_id>/withdraw")
@access(SIGNED_IN)
def withdraw(public_id: str, update_id: str) -> ResponseReturnValue:
    """Take news back."""
    version = request.form.get("version", type=int)
    try:
        with acting() as act:
            found = seen_update(act.session, act.actor, public_id, update_id)
            withdraw_news(act, found, version)
    except Conflict as error:
        flash(sentence("news_changed" if version else error.code), "error")
        where = url_for("project_news.show", public_id=public_id, update_id=update_id)
        return redirect(where)
    flash(_("Taken back. Its pictures are deleted."))
    return redirect(url_for("project_news.index", public_id=public_id))


@bp.post("/projects/<public_id>/news/understand")
@access(SIGNED_IN)
def understand(public_id: str) -> ResponseReturnValue:
    """The figures in the words so far, as a part of the page."""
    project = seen_project(read_session(), current_actor(), public_id)
    _require(project)
    form = NewsForm()
    return render_template("projects/news/_figures.html", figures=_chips(form))


def _require(project: Project) -> None:
    if not may_report(current_actor(), project):
        raise Forbidden("news_not_yours")
    decision = may_have_news(project.publication)
    if not decision:
        raise Conflict(decision.code)


def _sign_in_first(project: Project) -> ResponseReturnValue:
    if request.method == "GET":
        raise SignInNeeded
    form, settings = NewsForm(), house().settings
    back = url_for("project_news.new", public_id=project.public_id)
    answer = redirect(url_for("accounts.sign_in", next=back))
    fields = {"text": form.text.data, "milestone": form.milestone.data}
    packed = stash.pack(settings.secret_key, project.public_id, fields)
    if packed:
        answer.set_cookie(
            stash.COOKIE, packed, max_age=stash.HOURS * 3600, httponly=True, samesite="Lax",
            secure=settings.secure_cookies or settings.is_production,
        )  # fmt: skip
    flash(_("Please sign in to post. What you wrote is kept; choose the pictures again."))
    return answer


def _fresh(project: Project) -> ResponseReturnValue:
    packed = request.cookies.get(stash.COOKIE, "")
    secret = house().settings.secret_key
    kept = stash.unpack(secret, project.public_id, packed) if packed else {}
    form = NewsForm(formdata=None, data={**kept, "token": new_public_id()})
    answer = make_response(_page(Sheet(project, form)))
    if packed:
        answer.delete_cookie(stash.COOKIE)
    return answer


def _sent(project: Project, update: ProjectUpdate | None = None) -> Sheet:
    form = NewsForm()
    sheet = Sheet(project, form, update, kept=request.form.getlist("kept")[:MOST_PICTURES])
    sheet.fresh, sheet.figures = sent_pictures(form), form.read_figures()
    problem = statement_problem(sheet.fresh, form.children.data or "")
    if problem:
        form.children.errors = [sentence(problem)]
    return sheet


def _is_side_step(sheet: Sheet) -> bool:
    """What was pressed instead of posting, or figures that were not proposed yet."""
    form, dropped = sheet.form, request.form.get("drop", "")
    if request.form.get("mask"):
        form.text.data = without_contacts(form.text.data or "")
        return True
    if dropped:
        with acting() as act:
            project = seen_project(act.session, act.actor, sheet.project.public_id)
            forget_kept(act, waiting_pictures(act, project, [dropped]))
        sheet.kept = [one for one in sheet.kept if one != dropped]
        return True
    unseen = not request.form.get("looked") and not sheet.is_wrong and sheet.update is None
    return unseen and any(chip["fresh"] for chip in _chips(form, sheet.figures))


def _keep(sheet: Sheet) -> None:
    """Pictures of a form that goes back wait on the server, where all was said about them."""
    if not sheet.fresh or sheet.form.children.errors:
        return
    with acting() as act:
        project = seen_project(act.session, act.actor, sheet.project.public_id)
        room = MOST_PICTURES - len(waiting_pictures(act, project, sheet.kept))
        answer = sheet.form.children.data or ""
        sheet.kept += keep_aside(act, project, sheet.fresh[:room], answer)
    sheet.form.children.data = None  # the next ones are asked about anew


def _refused(sheet: Sheet, error: Invalid | Conflict) -> ResponseReturnValue:
    public_id = sheet.project.public_id
    update_id = sheet.update.public_id if sheet.update else ""
    _keep(sheet)
    # An act has ended: what was read before it is of yesterday.
    if update_id:
        sheet.update = seen_update(read_session(), current_actor(), public_id, update_id)
        sheet.project = sheet.update.project
    else:
        sheet.project = seen_project(read_session(), current_actor(), public_id)
    if error.code == "changed_meanwhile" and sheet.update is not None:
        sheet.form.version.data = str(sheet.update.version)
        sheet.notice = sentence("news_changed")
    elif isinstance(error, Conflict) or error.fields:
        sheet.form.take_refusal(error)
    return _page(sheet), error.status


def _chips(form: NewsForm, taken: list[Figure] | None = None) -> list[dict[str, Any]]:
    """Figures of the words, and those that were tapped; each with whether it is tapped."""
    figures = form.read_figures() if taken is None else taken
    ticked = set(request.form.getlist("figure"))
    proposed = read_figures(form.text.data or "")
    chosen = [one for one in figures if pack_figure(one) in ticked and one not in proposed]
    amounts = {(one.milli, one.unit) for one in figures}
    return [
        {
            "value": pack_figure(one),
            "label": f"{one.label} {amount_text(one, locale_code())}",
            "ticked": pack_figure(one) in ticked,
            "fresh": (one.milli, one.unit) not in amounts,
        }
        for one in (*proposed, *chosen)
        if pack_figure(one) in ticked or (one.milli, one.unit) not in amounts
    ]


def _key(project: Project) -> str:
    return f"news-{project.public_id}"


def _page(sheet: Sheet) -> str:
    session, form, update = read_session(), sheet.form, sheet.update
    form.offer_steps(sheet.project, update.milestone_id if update else None)
    remark = remark_on(form.text.data or "") if form.text.errors else None
    waiting = kept_pictures(session, sheet.project.id, current_actor().person_id, sheet.kept)
    shown = photos_by_update(session, [update.id])[update.id] if update else []
    return render_template(
        "projects/news/form.html",
        sheet=sheet, form=form, project=sheet.project, update=update, key=_key(sheet.project),
        figures=_chips(form, sheet.figures), looked=request.method == "POST",
        waiting=[one.file.public_id for one in waiting],
        shown=[one.file.public_id for one in shown],
        removed=set(request.form.getlist("removed")),
        can_mask=remark is not None and remark.code == CONTACT,
    )  # fmt: skip
