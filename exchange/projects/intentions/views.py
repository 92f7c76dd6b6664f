"""The pages of cooperation intentions."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.listings.cards import shown_title
from exchange.projects.intentions import answering, declaring
from exchange.projects.intentions.forms import (
    AcceptForm,
    AskForm,
    AttachForm,
    DeclineForm,
    IntentionForm,
    SettleForm,
    TalkForm,
    WantedForm,
    read_day,
    typed,
    wanted_lines,
)
from exchange.projects.intentions.labels import KIND_LABELS, WANTED_HINT
from exchange.projects.intentions.models import Intention
from exchange.projects.intentions.panels import takes_intentions
from exchange.projects.intentions.permissions import may_read_all
from exchange.projects.intentions.queries import (
    intentions_of,
    open_needs,
    own_intentions,
    seen_intention,
    to_answer,
    wanted_of,
)
from exchange.projects.intentions.rules import FOLLOW_UP_AFTER, MOST_WANTED
from exchange.projects.intentions.showing import lines_of, view_of
from exchange.projects.intentions.values import values_of
from exchange.projects.intentions.wanting import state_wanted
from exchange.projects.models import Project
from exchange.projects.permissions import may_manage
from exchange.projects.queries import seen_project
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.forms import HouseForm, attempt
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

bp = Blueprint("intentions", __name__)


def today() -> Any:
    """The civil date of this request."""
    return civil_date(house().clock.now(), house().settings.time_zone)


def _lines(found: Any) -> list[Any]:
    return lines_of(read_session(), house(), current_actor(), found, locale_code(), today())


@bp.get("/my/intentions")
@access(SIGNED_IN)
def mine() -> ResponseReturnValue:
    """What one's own organisations have declared, and what waits for one's answer."""
    session, actor = read_session(), current_actor()
    own = _lines(own_intentions(session, actor))
    waiting = _lines(to_answer(session, actor))
    return render_template("projects/my_intentions.html", own=own, waiting=waiting)


@bp.get("/projects/<public_id>/intentions")
@access(PUBLIC)
def of_project(public_id: str) -> ResponseReturnValue:
    """What a project wishes for, and of its intentions those that the reader may know of."""
    session, actor = read_session(), current_actor()
    project = seen_project(session, actor, public_id)
    lines = _lines(intentions_of(session, actor, project.id)) if actor.is_signed_in else []
    wanted = [(KIND_LABELS[row.kind], row.words) for row in wanted_of(session, project.id)]
    return render_template(
        "projects/intentions.html",
        project=project, lines=lines, wanted=wanted, reads_all=may_read_all(actor, project),
        manages=may_manage(actor, project), may_declare=takes_intentions(actor, project),
    )  # fmt: skip


@bp.route("/projects/<public_id>/intentions/new", methods=["GET", "POST"])
@access(SIGNED_IN)
def declare(public_id: str) -> ResponseReturnValue:
    """One short page: what, by when, on which terms."""
    session, actor = read_session(), current_actor()
    project, form = seen_project(session, actor, public_id), IntentionForm()
    if not takes_intentions(actor, project):
        return _takes_none(project)
    if request.method == "GET":
        form.need.data = request.args.get("need", "")[:20]
    _offer_needs(form, project)

    def work(act: Act) -> str:
        return declaring.declare(act, public_id, form.values()).public_id

    made = attempt(form, work)
    if made:
        flash("intention", "kept")
        flash(_("Sent. Only the project's people and the social workers read it."), "success")
        return redirect(url_for("intentions.show", public_id=made))
    project = seen_project(read_session(), actor, public_id)
    return _form_page(form, project, url_for("intentions.declare", public_id=public_id))


@bp.route("/intentions/<public_id>/edit", methods=["GET", "POST"])
@access(SIGNED_IN)
def edit(public_id: str) -> ResponseReturnValue:
    """Say it differently."""
    actor, form = current_actor(), IntentionForm()
    found = seen_intention(read_session(), actor, public_id)
    if not actor.belongs_to(found.organisation_id):
        raise Forbidden("intention_not_yours")
    if request.method == "GET":
        form.show(values_of(found))
        form.version.data = str(found.version)
    _offer_needs(form, found.project, found)

    def work(act: Act) -> bool:
        declaring.change_intention(act, public_id, form.values(), _number(form.version.data))
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("intentions.show", public_id=public_id))
    found = seen_intention(read_session(), actor, public_id)
    if form.errors:
        form.version.data = str(found.version)
    return _form_page(
        form, found.project, url_for("intentions.edit", public_id=public_id), public_id
    )


@bp.get("/intentions/<public_id>")
@access(SIGNED_IN)
def show(public_id: str) -> ResponseReturnValue:
    """One intention, its talk, and what can be done."""
    return _page(public_id)


@bp.post("/intentions/<public_id>/messages")
@access(SIGNED_IN)
def talk(public_id: str) -> ResponseReturnValue:
    """Write to the other side."""
    form = TalkForm()
    return _step(
        public_id, "talk", form, lambda act: answering.talk(act, public_id, form.text.data),
        _("Passed on."),
    )  # fmt: skip


@bp.post("/intentions/<public_id>/ask")
@access(SIGNED_IN)
def ask(public_id: str) -> ResponseReturnValue:
    """Ask for more."""
    form = AskForm()
    return _step(
        public_id, "ask", form,
        lambda act: answering.ask_for_more(
            act, public_id, form.question.data, _number(form.version.data)
        ),
        _("Asked. You hear when they answer."),
    )  # fmt: skip


@bp.post("/intentions/<public_id>/accept")
@access(SIGNED_IN)
def accept(public_id: str) -> ResponseReturnValue:
    """Say yes."""
    form = AcceptForm()
    return _step(
        public_id, "accept", form,
        lambda act: answering.accept(
            act, public_id, _number(form.version.data), text=form.text.data or "",
            follow_up_on=read_day(form.follow_up_on.data or "", "follow_up_on"),
        ),
        _("Accepted. The other side is told."),
    )  # fmt: skip


@bp.post("/intentions/<public_id>/decline")
@access(SIGNED_IN)
def decline(public_id: str) -> ResponseReturnValue:
    """Say no, with a reason."""
    form = DeclineForm()
    return _step(
        public_id, "decline", form,
        lambda act: answering.decline(
            act, public_id, form.chosen(), form.note.data or "", _number(form.version.data)
        ),
        _("Declined. The other side is told, with your reason."),
    )  # fmt: skip


@bp.post("/intentions/<public_id>/need")
@access(SIGNED_IN)
def attach(public_id: str) -> ResponseReturnValue:
    """Put an accepted one to a need of the project."""
    form = AttachForm()
    return _step(
        public_id, "attach", form,
        lambda act: answering.attach_need(act, public_id, form.need.data or ""),
        _("Done. The social workers bring the two together now."),
    )  # fmt: skip


@bp.post("/intentions/<public_id>/settle")
@access(SIGNED_IN)
def settle(public_id: str) -> ResponseReturnValue:
    """Write down what came of it."""
    form = SettleForm()
    return _step(
        public_id, "settle", form,
        lambda act: answering.settle(
            act, public_id, came_about=form.outcome.data == "yes", note=form.note.data or ""
        ),
        _("Written down."),
    )  # fmt: skip


@bp.post("/intentions/<public_id>/withdraw")
@access(SIGNED_IN)
def withdraw(public_id: str) -> ResponseReturnValue:
    """Take it back."""
    return _step(
        public_id, "withdraw", HouseForm(), lambda act: declaring.withdraw(act, public_id),
        _("Taken back."),
    )  # fmt: skip


@bp.route("/projects/<public_id>/intentions/wanted", methods=["GET", "POST"])
@access(SIGNED_IN)
def wanted(public_id: str) -> ResponseReturnValue:
    """Say which cooperation the project wishes for."""
    session, actor, form = read_session(), current_actor(), WantedForm()
    project = seen_project(session, actor, public_id)
    if not may_manage(actor, project):
        raise Forbidden
    if request.method == "GET":
        form.version.data = str(project.version)
        for row in wanted_of(session, project.id):
            form[f"kind{row.position}"].data = row.kind.value
            form[f"words{row.position}"].data = row.words

    def work(act: Act) -> bool:
        lines, numbers = wanted_lines(form)
        try:
            state_wanted(act, public_id, lines, _number(form.version.data))
        except Invalid as error:  # an empty line was left out: back to the fields' own numbers
            raise Invalid(
                error.code,
                fields={
                    f"words{numbers[int(name.removeprefix('words')) - 1]}": codes
                    for name, codes in error.fields.items()
                },
                **error.params,
            ) from error
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("intentions.of_project", public_id=public_id))
    project = seen_project(read_session(), actor, public_id)
    if form.errors:
        form.version.data = str(project.version)
    return render_template(
        "projects/wanted.html", form=form, project=project, hint=WANTED_HINT,
        numbers=range(1, MOST_WANTED + 1),
    ), 422 if form.errors else 200  # fmt: skip


def _takes_none(project: Project) -> ResponseReturnValue:
    """Why there is no form; whoever takes part is led back to the project."""
    public_id, actor = project.public_id, current_actor()
    where, said = "/projects/" + public_id, sentence("intention_own_project")
    if actor.organisation_ids & project.partner_ids:
        said = _("You are a partner of this project already.")
    elif not actor.belongs_to(project.organisation_id):
        where = url_for("intentions.of_project", public_id=public_id)
        said = _("This project takes no intentions from you at present.")
    flash(said, "error")
    return redirect(where)


def _step(
    public_id: str, name: str, form: HouseForm, work: Callable[[Act], Intention], said: str
) -> ResponseReturnValue:
    """Do one step; what was typed is still there when it is refused."""
    seen_intention(read_session(), current_actor(), public_id)
    try:
        if form.validate_on_submit():
            with acting() as act:
                work(act)
            flash(said, "success")
            return redirect(url_for("intentions.show", public_id=public_id))
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
        return _page(public_id, name, form, error.status)
    except Invalid as error:
        form.take_refusal(error)
    return _page(public_id, name, form, 422)


FORMS: dict[str, type[HouseForm]] = {
    "talk": TalkForm, "ask": AskForm, "accept": AcceptForm, "decline": DeclineForm,
    "attach": AttachForm, "settle": SettleForm,
}  # fmt: skip


def _page(
    public_id: str, refused: str = "", form: HouseForm | None = None, status: int = 200
) -> ResponseReturnValue:
    session, actor = read_session(), current_actor()
    found = seen_intention(session, actor, public_id)
    view = view_of(session, house(), actor, found, locale_code(), today())
    forms: dict[str, Any] = {
        name: form if name == refused else kind(formdata=None) for name, kind in FORMS.items()
    }
    for one in ("ask", "accept", "decline"):
        forms[one].version.data = str(found.version)
    if not forms["accept"].follow_up_on.data:
        forms["accept"].follow_up_on.data = (today() + FOLLOW_UP_AFTER).isoformat()
    offered = "attach" in view.may and found.need_id is None
    needs = open_needs(session, actor, found.project_id) if offered else []
    forms["attach"].need.choices = [(n.public_id, shown_title(actor, n)) for n in needs]
    return render_template(
        "projects/intention.html", view=view, intention=found, project=found.project,
        forms=forms, refused=refused, needs=needs, offers_need=offered,
        unsent="" if form is None or _step_stands(refused, view.may) else typed(form),
    ), status  # fmt: skip


def _step_stands(refused: str, may: frozenset[str]) -> bool:
    """Whether the form of a refused step is still on the page; the three answers stand together."""
    return ("accept" if refused in ("accept", "ask", "decline") else refused) in may


def _form_page(
    form: IntentionForm, project: Project, action: str, public_id: str = ""
) -> ResponseReturnValue:
    return render_template(
        "projects/intention_form.html",
        form=form, project=project, action=action, public_id=public_id,
    ), 422 if form.errors else 200  # fmt: skip


def _offer_needs(form: IntentionForm, project: Project, found: Intention | None = None) -> None:
    session, actor = read_session(), current_actor()
    needs = {n.public_id: n for n in open_needs(session, actor, project.id)}
    if found is not None and found.need is not None:
        needs.setdefault(found.need.public_id, found.need)
    form.offer_choices([(key, shown_title(actor, n)) for key, n in needs.items()], locale_code())


def _number(text: Any) -> int:
    """The version that was read; 0, which none has, when the page said none."""
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else 0
