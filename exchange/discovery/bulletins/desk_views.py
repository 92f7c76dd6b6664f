"""Where the centre edits its bulletins, hands them in, approves them, and sends them back."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.discovery.bulletins.choosing import count_again
from exchange.discovery.bulletins.desk_showing import desk_lines
from exchange.discovery.bulletins.forms import NoteForm, WordsForm
from exchange.discovery.bulletins.kinds import WAITING, State
from exchange.discovery.bulletins.labels import STATES, TONES
from exchange.discovery.bulletins.models import Bulletin
from exchange.discovery.bulletins.permissions import may_edit, may_manage
from exchange.discovery.bulletins.queries import places_of, seen_bulletin
from exchange.discovery.bulletins.rules import Way
from exchange.discovery.bulletins.service import (
    FIELDS,
    Change,
    approve,
    drop,
    edit,
    in_turn,
    keep_ticked,
    send_back,
    step,
    submit,
)
from exchange.discovery.bulletins.showing import bulletin_view
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, NotFound
from exchange.web.access import BROKER, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.sentences import sentence

bp = Blueprint("bulletin_desk", __name__)
MORE = "more-"
STEPS = frozenset(way.value for way in Way)


@bp.get("/bulletins/desk")
@access(BROKER)
def desk() -> ResponseReturnValue:
    """The places whose bulletins the reader edits: what waits, what was missed, what is next."""
    session, actor = read_session(), current_actor()
    lines = desk_lines(session, house(), actor, places_of(session, actor), locale_code())
    return render_template(
        "discovery/bulletins/desk.html", lines=lines, may_open=bool(actor.supervises)
    )


@bp.route("/bulletins/<public_id>/edit", methods=["GET", "POST"])
@access(BROKER)
def edit_page(public_id: str) -> ResponseReturnValue:
    """Words and items of an issue. Every tap saves the words, too, so that none are lost."""
    issue = _editable(public_id)
    if issue.state not in WAITING and request.method == "GET":
        return redirect(url_for("bulletins.show", public_id=public_id))
    form = WordsForm(data={name: getattr(issue, name) for name in FIELDS})
    do = request.form.get("do", "save")[:20]
    pressed, anchor = _step(do)
    ticks = keep_ticked(_numbers("shown"), _numbers("kept"))
    change = in_turn(ticks, pressed) if pressed else ticks

    def work(act: Act) -> str:
        edit(act, public_id, form.words, _number(form.version.data), change)
        if do == "count":
            count_again(act, public_id, None)
        if do == "submit":
            return submit(act, public_id).state.value
        if do == "approve":
            return approve(act, public_id).state.value
        return "edited"

    done = attempt(form, work)
    if done:
        return _after(public_id, do, done, anchor)
    status = 422 if form.errors else 200
    return _edit_page(public_id, form, NoteForm(formdata=None)), status


def _after(public_id: str, do: str, done: str, anchor: str) -> ResponseReturnValue:
    if done == State.PUBLISHED.value:
        flash(_("It has come out. Followers are told."), "success")
        return redirect(url_for("bulletins.show", public_id=public_id))
    if done == State.SUBMITTED.value:
        flash(_("Handed in. A supervisor approves it now."), "success")
        return redirect(url_for("bulletin_desk.desk"))
    if do.startswith(MORE):
        more = url_for("bulletin_more.more", public_id=public_id, code=do.removeprefix(MORE))
        return redirect(more)
    if do in ("save", "keep"):
        flash(_("Saved."), "success")
    if do == "count":
        flash(_("Counted as of now."), "success")
    return redirect(url_for("bulletin_desk.edit_page", public_id=public_id, _anchor=anchor))


def _step(do: str) -> tuple[Change | None, str]:
    """What a tap on an item asks for: up-3, out-12."""
    way, _dash, number = do.partition("-")
    if way not in STEPS:
        return None, ""
    found = _number(number)
    return step(found, Way(way)), f"item-{found}"


def _edit_page(public_id: str, form: WordsForm, note: NoteForm) -> str:
    issue = _editable(public_id)
    view = bulletin_view(read_session(), house(), issue, locale_code(), all_items=True)
    form.version.data = note.version.data = str(issue.version)
    shown, kept = set(_numbers("shown")), set(_numbers("kept"))
    items = [item for section in view.sections for item in section.items]
    unticked = {
        one.number
        for one in items
        if (one.number not in kept if one.number in shown else one.is_left_out)
    }
    return render_template(
        "discovery/bulletins/edit.html",
        view=view,
        form=form,
        note=note,
        issue=issue,
        unticked=unticked,
        state=STATES[issue.state],
        tone=TONES.get(issue.state, ""),
        may_manage=may_manage(current_actor(), issue.place),
        is_submitted=issue.state is State.SUBMITTED,
        may_send_back=issue.state in (State.COMPOSED, State.SUBMITTED),
        is_sent_back=issue.state is State.SENT_BACK,
    )


@bp.route("/bulletins/<public_id>/send-back", methods=["GET", "POST"])
@access(BROKER)
def back(public_id: str) -> ResponseReturnValue:
    """Give it back with a note; one that has come out is taken down by it."""
    issue = seen_bulletin(read_session(), current_actor(), public_id)
    if not may_manage(current_actor(), issue.place):
        raise NotFound
    form = NoteForm()
    if request.method == "GET":
        form.version.data = str(issue.version)

    def work(act: Act) -> bool:
        send_back(act, public_id, form.note.data, _number(form.version.data))
        return True

    if attempt(form, work):
        flash(_("Sent back. Its editor is told."), "success")
        return redirect(url_for("bulletin_desk.desk"))
    if form.errors:
        form.version.data = str(seen_bulletin(read_session(), current_actor(), public_id).version)
    is_out = issue.state is State.PUBLISHED
    page = render_template(
        "discovery/bulletins/send_back.html", form=form, public_id=public_id, is_out=is_out
    )
    return page, 422 if form.errors else 200


@bp.post("/bulletins/<public_id>/<any(approve, drop):way>")
@access(BROKER)
def decide(public_id: str, way: str) -> ResponseReturnValue:
    """Let it come out as it was read, or drop it."""
    version = _number(request.form.get("version", ""))
    work: Callable[[Act, str, int], Bulletin] = approve if way == "approve" else drop
    try:
        with acting() as act:
            work(act, public_id, version)
    except Conflict as error:
        flash(sentence(error.code, error.params), "error")
        return redirect(url_for("bulletins.show", public_id=public_id))
    if way == "drop":
        flash(_("It will not come out. What is in it is told in the next one."), "success")
        return redirect(url_for("bulletin_desk.desk"))
    flash(_("It has come out. Followers are told."), "success")
    return redirect(url_for("bulletins.show", public_id=public_id))


def _editable(public_id: str) -> Bulletin:
    issue = seen_bulletin(read_session(), current_actor(), public_id)
    if not may_edit(current_actor(), issue.place):
        raise NotFound
    return issue


def _numbers(name: str) -> list[int]:
    return [_number(text) for text in request.form.getlist(name)]


def _number(text: object) -> int:
    """The number that was sent; 0, which none has, for anything else."""
    plain = str(text or "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else 0
