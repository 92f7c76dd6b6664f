"""The coordinator's pages: shifts to look after, the rotating code, the list, paper."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.rules import address_problem, read_address
from exchange.kernel.act import Act
from exchange.kernel.database import new_public_id
from exchange.kernel.errors import Conflict, ExchangeError, Invalid
from exchange.listings.sharing.content import address_of
from exchange.volunteering.attendance.admitting_service import admit as put_on_list
from exchange.volunteering.attendance.admitting_service import may_admit
from exchange.volunteering.attendance.code_rules import seconds_left
from exchange.volunteering.attendance.codes import code_of
from exchange.volunteering.attendance.kinds import MarkKind
from exchange.volunteering.attendance.labels import MARK_LABELS
from exchange.volunteering.attendance.permissions import may_mark
from exchange.volunteering.attendance.queries import (
    PAGE,
    shift_by_public_id,
    shift_for_list,
    shift_to_mark,
    shifts_to_look_after,
)
from exchange.volunteering.attendance.rules import MOST_TICKS, code_shown, list_open
from exchange.volunteering.attendance.service import Tick, mark_by_list
from exchange.volunteering.attendance.showing import count_read, list_rows, tallies
from exchange.volunteering.models import Shift
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import local_day, local_moment
from exchange.web.qr import qr_svg
from exchange.web.sentences import sentence
from exchange.web.throttle import Limit, count_try

bp = Blueprint("attendance", __name__)
WORKER = "js/attendance-worker.js"
LOOKED_UP = Limit("attendance.looked_up", 30, timedelta(hours=1))
KINDS = {kind.value: kind for kind in MarkKind}


@bp.get("/attendance/")
@access(SIGNED_IN)
def index() -> ResponseReturnValue:
    """The shifts that one looks after, from two months ago until the day after tomorrow."""
    session, actor = read_session(), current_actor()
    edge = shift_by_public_id(session, request.args.get("before", "")[:20])
    found = shifts_to_look_after(session, actor, house().clock.now(), edge.id if edge else None)
    shown = list(found[:PAGE])
    counted = tallies(session, shown)
    onward = shown[-1].public_id if len(found) > PAGE else None
    return render_template(
        "volunteering/attendance_index.html",
        lines=[{"shift": one, "when": span_text(one), "tally": counted[one.id]} for one in shown],
        onward=url_for("attendance.index", before=onward) if onward else None,
    )


@bp.get("/attendance/shifts/<public_id>/code")
@access(SIGNED_IN)
def code(public_id: str) -> ResponseReturnValue:
    """The code to hold out; the page loads itself anew when the next one is due."""
    shift, now = shift_to_mark(read_session(), current_actor(), public_id), house().clock.now()
    decision = code_shown(shift.state, shift.starts_at, shift.ends_at, now)
    values: dict[str, Any] = {"shift": shift, "when": span_text(shift), "refused": ""}
    if not decision:
        values["refused"] = sentence(decision.code, decision.params)
        return render_template("volunteering/attendance_code.html", **values)
    path = url_for(
        "attendance.arrive", public_id=public_id, code=code_of(house().secrets, shift, now)
    )
    values["qr"] = qr_svg(address_of(path), _("Code to check in and out"))
    values["link"] = address_of(path)
    values["seconds"] = seconds_left(now)
    values["tally"] = tallies(read_session(), [shift])[shift.id]
    return render_template("volunteering/attendance_code.html", **values)


@bp.route("/attendance/shifts/<public_id>", methods=["GET", "POST"])
@access(SIGNED_IN)
def show(public_id: str) -> ResponseReturnValue:
    """The list of a shift, to be ticked; it also works without a network once it was opened."""
    return _tick_form(public_id) if request.method == "POST" else _list(public_id)


@bp.post("/attendance/shifts/<public_id>/people")
@access(SIGNED_IN)
def admit(public_id: str) -> ResponseReturnValue:
    """Put somebody on the list who came without signing up."""
    shift_to_mark(read_session(), current_actor(), public_id)
    typed = request.form.get("phone", "")[:60]
    address = read_address(typed)
    if address is None:
        return _list(public_id, sentence(address_problem(typed)), typed), 422
    count_try(LOOKED_UP, str(current_actor().person_id))
    try:
        with acting() as act:
            put_on_list(act, shift_to_mark(act.session, act.actor, public_id), address)
    except (Conflict, Invalid) as error:
        return _list(public_id, said(error), typed), 422
    flash(_("They are on the list now."), "success")
    return redirect(url_for("attendance.show", public_id=public_id))


def _list(public_id: str, admit_error: str = "", admit_phone: str = "") -> str:
    session, actor = read_session(), current_actor()
    shift = shift_for_list(session, actor, public_id)
    now = house().clock.now()
    decision = list_open(shift.state, shift.starts_at, shift.ends_at, now)
    return render_template(
        "volunteering/attendance_list.html",
        shift=shift,
        when=span_text(shift),
        rows=list_rows(session, shift),
        labels=MARK_LABELS,
        clock=local_moment,
        may_tick=bool(decision) and may_mark(actor, shift.activity),
        may_admit=bool(may_admit(shift, now)) and may_mark(actor, shift.activity),
        refused="" if decision else sentence(decision.code, decision.params),
        sheet=new_public_id(),
        is_over=shift.ends_at <= now,
        admit_error=admit_error,
        admit_phone=admit_phone,
    )


@bp.get("/attendance/shifts/<public_id>/paper")
@access(SIGNED_IN)
def paper(public_id: str) -> ResponseReturnValue:
    """The list on paper, with boxes; what is ticked there is entered later."""
    session = read_session()
    shift = shift_to_mark(session, current_actor(), public_id)
    return render_template(
        "volunteering/attendance_paper.html",
        shift=shift,
        when=span_text(shift),
        rows=list_rows(session, shift),
    )


@bp.post("/attendance/shifts/<public_id>/ticks")
@access(SIGNED_IN)
def ticks(public_id: str) -> ResponseReturnValue:
    """Ticks from the page's script, also those made without a network: JSON in, JSON out."""
    try:
        given = _ticks_read(request.get_json(silent=True))
        with acting() as act:
            shift = shift_to_mark(act.session, act.actor, public_id)
            taken = mark_by_list(act, shift, given)
    except (Conflict, Invalid) as error:
        answer = {"message": sentence(error.code, error.params)}
        return answer, error.status
    shift = shift_to_mark(read_session(), current_actor(), public_id)
    return {
        "kept": taken.kept,
        "refused": {key: sentence(code) for key, code in taken.refused.items()},
        "people": {row.signup: row.state for row in list_rows(read_session(), shift)},
    }


@bp.get("/attendance/worker.js")
@access(PUBLIC)
def worker() -> Response:
    """The script that keeps opened lists for when there is no network. Its scope is its folder."""
    text = (Path(str(current_app.static_folder)) / WORKER).read_text("utf-8")
    return Response(text, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


def span_text(shift: Shift) -> str:
    """Day and hours of a shift: 11 月 24 日 09:00–11:30."""
    begins, ends = local_moment(shift.starts_at), local_moment(shift.ends_at)
    if local_day(shift.starts_at) == local_day(shift.ends_at):
        return f"{begins}–{ends[-5:]}"
    return f"{begins} – {ends}"


def said(error: ExchangeError) -> str:
    """The first sentence of a refusal."""
    fields = getattr(error, "fields", {})
    codes = [one for some in fields.values() for one in some]
    return sentence(codes[0] if codes else error.code, error.params)


def _tick_form(public_id: str) -> ResponseReturnValue:
    """Without a script: all that is chosen differently than the page showed is ticked now."""
    sheet = request.form.get("sheet", "")[:20]
    given = [
        Tick(f"{sheet}-{signup}", signup, kind)
        for name, value in request.form.items()
        if name.startswith("kind-")
        and (kind := KINDS.get(value))
        and (signup := name.removeprefix("kind-")[:20])
        and request.form.get(f"was-{signup}") != value
    ]

    def work(act: Act) -> int:
        shift = shift_to_mark(act.session, act.actor, public_id)
        taken = mark_by_list(act, shift, given)
        if taken.refused:
            raise Conflict(next(iter(taken.refused.values())))
        return len(taken.kept)

    try:
        with acting() as act:
            count = work(act)
        flash(_("Saved.") if count else _("Nothing was changed."), "success")
    except (Conflict, Invalid) as error:
        flash(said(error), "error")
    return redirect(url_for("attendance.show", public_id=public_id))


def _ticks_read(body: Any) -> list[Tick]:
    """The ticks of a body. Raises Invalid for what is none."""
    given = body.get("ticks") if isinstance(body, dict) else None
    if not isinstance(given, list) or len(given) > MOST_TICKS:
        raise Invalid("attend_unreadable")
    return [_tick_read(one) for one in given]


def _tick_read(one: Any) -> Tick:
    if not isinstance(one, dict):
        raise Invalid("attend_unreadable")
    kind, age = KINDS.get(str(one.get("kind"))), count_read(one.get("age"))
    if kind is None or age is None:
        raise Invalid("attend_unreadable")
    return Tick(str(one.get("client_id"))[:61], str(one.get("signup"))[:20], kind, age)
