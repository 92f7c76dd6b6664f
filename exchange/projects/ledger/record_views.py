"""The pages of who keeps the accounts: recording, the second person, documents, corrections."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.act import Act
from exchange.kernel.database import new_public_id
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.projects.ledger.booking import record, record_counter
from exchange.projects.ledger.deciding import approve, refuse, withdraw
from exchange.projects.ledger.entry_panels import entry_page, request_page
from exchange.projects.ledger.forms import CopiesForm, CounterForm, RecordForm, RefuseForm
from exchange.projects.ledger.kinds import RequestState
from exchange.projects.ledger.models import EntryRequest
from exchange.projects.ledger.page_panels import address, entry_lines
from exchange.projects.ledger.permissions import Rights, rights_of
from exchange.projects.ledger.queries import (
    entry_numbered,
    entry_of_request,
    holders_of,
    request_called,
)
from exchange.projects.ledger.service import add_copies, forget_name, look, withdraw_copy
from exchange.projects.ledger.standing import seen_book
from exchange.projects.ledger.views import bp, frame, today
from exchange.projects.models import Project
from exchange.projects.queries import seen_project
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

REQUEST = "/projects/<public_id>/accounts/requests/<request_id>"
ENTRY = "/projects/<public_id>/accounts/entries/<int:number>"


def opened(public_id: str) -> tuple[Project, Rights]:
    """The project and what the reader may do with its book. Raises NotFound."""
    session, actor = read_session(), current_actor()
    project = seen_project(session, actor, public_id)
    return project, rights_of(actor, project, holders_of(session, project.id))


@bp.route("/projects/<public_id>/accounts/record", methods=["GET", "POST"])
@access(SIGNED_IN)
def new_entry(public_id: str) -> ResponseReturnValue:
    """Record what came or went, with a photo of the receipt."""
    project, rights = opened(public_id)
    if not rights.record:
        raise Forbidden("ledger_no_treasurer")
    form = RecordForm()
    form.ask_for_lines([(line.public_id, line.purpose) for line in project.budget])
    if request.method == "GET":
        form.happened_on.data, form.sent_key.data = today(), new_public_id()
        form.kind.data = request.args.get("kind", "payment")[:10]

    def work(act: Act) -> EntryRequest:
        found = seen_project(act.session, act.actor, public_id)
        return record(
            act, found, form.values, form.originals, form.publics, form.children.data or ""
        )

    made = attempt(form, work)
    if made is not None:
        return _recorded(project, made)
    project, rights = opened(public_id)
    return render_template(
        "projects/ledger/record.html", form=form, **frame(project, rights)
    ), 422 if form.errors else 200


@bp.get(ENTRY)
@access(PUBLIC)
def entry(public_id: str, number: int) -> ResponseReturnValue:
    """One entry; who may look behind the book finds the documents here."""
    session, actor = read_session(), current_actor()
    project = seen_book(session, actor, public_id)
    rights = rights_of(actor, project, holders_of(session, project.id))
    found = entry_numbered(session, project.id, number)
    (line,) = entry_lines(session, project, [found], locale_code())
    page = entry_page(session, house(), actor, rights, found)
    return render_template(
        "projects/ledger/entry.html", line=line, page=page, **frame(project, rights)
    )


@bp.get(REQUEST)
@access(SIGNED_IN)
def waiting(public_id: str, request_id: str) -> ResponseReturnValue:
    """What waits for the second person, or what became of it."""
    project, rights = opened(public_id)
    if not rights.documents:
        raise Forbidden("ledger_documents_inside")
    found = request_called(read_session(), project.id, request_id)
    if found.state is RequestState.BOOKED:
        booked = entry_of_request(read_session(), found.id)
        return redirect(f"{address(project)}/entries/{booked.number if booked else 0}")
    return _request_page(project, rights, found, RefuseForm(data={"version": found.version}))


def _request_page(
    project: Project, rights: Rights, found: EntryRequest, form: RefuseForm
) -> ResponseReturnValue:
    page = request_page(read_session(), house(), current_actor(), rights, found)
    return render_template(
        "projects/ledger/request.html", page=page, form=form, **frame(project, rights)
    ), 422 if form.errors else 200


@bp.post(f"{REQUEST}/approve")
@access(SIGNED_IN)
def agree(public_id: str, request_id: str) -> ResponseReturnValue:
    """The second person agrees: it is booked."""
    version = _number(request.form.get("version", ""))
    return _change(
        public_id,
        request_id,
        lambda act, project: approve(act, project, request_id, version),
        _("Approved. It stands in the accounts now."),
    )


@bp.post(f"{REQUEST}/refuse")
@access(SIGNED_IN)
def say_no(public_id: str, request_id: str) -> ResponseReturnValue:
    """The second person says no, with a reason."""
    form = RefuseForm()

    def work(act: Act) -> EntryRequest:
        found = seen_project(act.session, act.actor, public_id)
        why, version = form.reason.data or "", _number(form.version.data)
        return refuse(act, found, request_id, why, version)

    if attempt(form, work) is not None:
        flash(_("Refused. The treasurer reads your reason."), "success")
        return redirect(f"/projects/{public_id}/accounts")
    project, rights = opened(public_id)
    if not rights.documents:
        raise Forbidden("ledger_documents_inside")
    found = request_called(read_session(), project.id, request_id)
    form.version.data = str(found.version)
    return _request_page(project, rights, found, form)


@bp.post(f"{REQUEST}/withdraw")
@access(SIGNED_IN)
def take_back(public_id: str, request_id: str) -> ResponseReturnValue:
    """The treasurer takes back what nobody has decided on."""
    return _change(
        public_id,
        request_id,
        lambda act, project: withdraw(act, project, request_id),
        _("Taken back. Nothing was booked."),
    )


@bp.post(f"{REQUEST}/look")
@access(SIGNED_IN)
def look_at(public_id: str, request_id: str) -> ResponseReturnValue:
    """Show the documents themselves for a while; who looked is written down."""
    return _change(
        public_id,
        request_id,
        lambda act, project: look(act, project, request_id),
        _("The documents are open for you for half an hour. That you looked is written down."),
    )


@bp.post(f"{REQUEST}/forget")
@access(SIGNED_IN)
def forget(public_id: str, request_id: str) -> ResponseReturnValue:
    """Delete the name of a private person."""
    return _change(
        public_id,
        request_id,
        lambda act, project: forget_name(act, project, request_id),
        _("The name is deleted. The entry stands."),
    )


@bp.route(f"{REQUEST}/documents", methods=["GET", "POST"])
@access(SIGNED_IN)
def documents(public_id: str, request_id: str) -> ResponseReturnValue:
    """Add documents, copies for the public, or the reason why none is public."""
    project, rights = opened(public_id)
    if not rights.record:
        raise Forbidden("ledger_no_treasurer")
    found = request_called(read_session(), project.id, request_id)
    form = CopiesForm(data={"no_public_reason": found.no_public_reason})

    def work(act: Act) -> EntryRequest:
        here = seen_project(act.session, act.actor, public_id)
        reason, children = form.no_public_reason.data or "", form.children.data or ""
        return add_copies(
            act, here, request_id, form.originals, form.publics, reason, children
        )

    if attempt(form, work) is not None:
        flash(_("Saved."), "success")
        return redirect(_home_of(public_id, request_id))
    project, rights = opened(public_id)
    page = request_page(
        read_session(), house(), current_actor(), rights,
        request_called(read_session(), project.id, request_id),
    )  # fmt: skip
    return render_template(
        "projects/ledger/documents.html", form=form, page=page, **frame(project, rights)
    ), 422 if form.errors else 200


@bp.post(f"{REQUEST}/documents/withdraw")
@access(SIGNED_IN)
def take_copy_back(public_id: str, request_id: str) -> ResponseReturnValue:
    """Take a copy from the public, such as one on which a name can still be read."""
    file_id = request.form.get("file", "")[:20]
    return _change(
        public_id,
        request_id,
        lambda act, project: withdraw_copy(act, project, request_id, file_id),
        _("The copy is not public any more."),
    )


@bp.route(f"{ENTRY}/correct", methods=["GET", "POST"])
@access(SIGNED_IN)
def correct(public_id: str, number: int) -> ResponseReturnValue:
    """Take an entry back by a counter-entry."""
    project, rights = opened(public_id)
    if not rights.record:
        raise Forbidden("ledger_no_treasurer")
    entry_numbered(read_session(), project.id, number)
    form = CounterForm()
    if request.method == "GET":
        form.sent_key.data = new_public_id()

    def work(act: Act) -> EntryRequest:
        here = seen_project(act.session, act.actor, public_id)
        return record_counter(act, here, number, form.reason.data or "", form.sent_key.data or "")

    made = attempt(form, work)
    if made is not None:
        return _recorded(project, made)
    project, rights = opened(public_id)
    found = entry_numbered(read_session(), project.id, number)
    (line,) = entry_lines(read_session(), project, [found], locale_code())
    return render_template(
        "projects/ledger/correct.html", form=form, line=line, **frame(project, rights)
    ), 422 if form.errors else 200


def _recorded(project: Project, made: EntryRequest) -> ResponseReturnValue:
    if made.state is RequestState.PROPOSED:
        flash(_("Recorded. It counts once a second person has looked at it."), "success")
    else:
        flash(_("Booked."), "success")
    return redirect(f"{address(project)}/requests/{made.public_id}")


def _change(
    public_id: str, request_id: str, work: Callable[[Act, Project], Any], said: str
) -> ResponseReturnValue:
    try:
        with acting() as act:
            work(act, seen_project(act.session, act.actor, public_id))
    except (Conflict, Invalid) as error:
        flash(sentence(error.code, error.params), "error")
    else:
        flash(said, "success")
    return redirect(_home_of(public_id, request_id))


def _home_of(public_id: str, request_id: str) -> str:
    """The page of a request, or of the entry that it became. Raises NotFound."""
    project, _rights = opened(public_id)
    found = request_called(read_session(), project.id, request_id)
    booked = entry_of_request(read_session(), found.id)
    here = address(project)
    return f"{here}/entries/{booked.number}" if booked else f"{here}/requests/{found.public_id}"


def _number(text: Any) -> int:
    """The version that was read; 0, which none has, when the page said none."""
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else 0
