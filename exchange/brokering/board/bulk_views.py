"""Several matches at once: a page that says what will happen to which, then what became of each."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.accounts.absence.queries import stand_ins_of
from exchange.accounts.points.queries import points_supervised
from exchange.brokering.board import bulk_panels as panels
from exchange.brokering.board.bulk import (
    BulkAct,
    Chosen,
    Outlook,
    Wish,
    carry_out,
    foresee,
    read_chosen,
)
from exchange.brokering.board.forms import GiveForm, ManyForm, PostponeForm
from exchange.brokering.board.panels import address, asked_in_text
from exchange.brokering.board.views import moment_now
from exchange.brokering.centre.caseload_queries import workers
from exchange.brokering.page.caseload_panels import names_with_cases, warn_of_caseload
from exchange.brokering.words import refuse_payments
from exchange.kernel.errors import Invalid, NotFound
from exchange.web.access import BROKER, access
from exchange.web.acting import acting, current_actor, read_session
from exchange.web.forms import HouseForm
from exchange.web.locale import locale_code

bp = Blueprint("bulk", __name__)
USUAL_DAYS = 7
FORMS: dict[BulkAct, type[HouseForm]] = {
    BulkAct.ASSIGN: GiveForm, BulkAct.POSTPONE: PostponeForm, BulkAct.RESUME: ManyForm,
    BulkAct.REMIND: ManyForm,
}  # fmt: skip


@bp.post("/matches/bulk")
@access(BROKER)
def choose() -> ResponseReturnValue:
    """What was ticked, and what would happen to it: nothing happens yet."""
    chosen = _chosen()
    if request.form.get("act") not in tuple(BulkAct) or not chosen:
        flash(_("Tick the matches that you mean, then choose what to do."), "warning")
        return redirect(_back())
    what = BulkAct(request.form["act"])
    form = FORMS[what](formdata=None)
    if isinstance(form, PostponeForm):
        form.day.data = moment_now().today + timedelta(days=USUAL_DAYS)
    found = foresee(read_session(), current_actor(), moment_now(), Wish(what), chosen)
    return _page(what, form, found)


@bp.post("/matches/bulk/<what>")
@access(BROKER)
def do(what: str) -> ResponseReturnValue:
    """Do it to each match, one after the other, and say what became of each.

    Where more is left out than the page said, or all is, the page is shown again first: with what
    was filled in, so that another day or worker can be chosen.
    """
    if what not in tuple(BulkAct):
        raise NotFound
    kind, chosen = BulkAct(what), _chosen()
    if not chosen:
        return redirect(_back())
    session, actor, moment = read_session(), current_actor(), moment_now()
    form = FORMS[kind]()
    found = foresee(session, actor, moment, Wish(kind), chosen)
    can_go = _some_go(found)
    _offer(form, found)
    good = form.validate_on_submit() and _takes_note(form)
    wish = _wish(kind, form) if good else Wish(kind)
    found = foresee(session, actor, moment, wish, chosen)
    known = set(request.form.getlist("left"))
    left = {one.chosen.public_id for one in found if one.refusal}
    if good and left <= known and (_some_go(found) or not can_go):
        return _carried_out(kind, wish, chosen, found)
    status = 200 if good and (_some_go(found) or not can_go) else 422
    return _page(kind, form, found, again=good, can_go=can_go, status=status)


def _some_go(found: Sequence[Outlook]) -> bool:
    return any(not one.refusal for one in found)


def _carried_out(
    kind: BulkAct, wish: Wish, chosen: Sequence[Chosen], found: Sequence[Outlook]
) -> ResponseReturnValue:
    session, actor = read_session(), current_actor()
    titles = panels.titles_of(actor, found)
    done = carry_out(session, acting, actor, wish, chosen)
    areas = [one.match.need.division_code for one in found if one.match and not one.refusal]
    if wish.worker is not None and areas:
        warn_of_caseload(areas[0], wish.worker.person_id)
    return render_template(
        "brokering/bulk_done.html",
        what=kind.value,
        words=panels.WORDS[kind],
        result=panels.result_of(done, titles),
        back=_back(),
        question=_question(),
    )


def _page(
    what: BulkAct, form: HouseForm, found: Sequence[Outlook], *, again: bool = False,
    can_go: bool | None = None, status: int = 200,
) -> ResponseReturnValue:  # fmt: skip
    """``can_go``: another choice lets some go, so that the form is of use; else as ``found``."""
    actor = current_actor()
    if isinstance(form, GiveForm) and not form.workers:
        _offer(form, found)
    page = render_template(
        "brokering/bulk.html",
        what=what.value,
        words=panels.WORDS[what],
        form=form,
        again=again,
        can_go=_some_go(found) if can_go is None else can_go,
        lines=[panels.outlook_line(actor, one) for one in found if not one.refusal],
        left=[panels.outlook_line(actor, one) for one in found if one.refusal],
        keys=[one.chosen.key for one in found],
        back=_back(),
        question=_question(),
    )
    return page, status


def _offer(form: HouseForm, found: Sequence[Outlook]) -> None:
    """Who serves the place of at least one of the matches and is there; points supervised."""
    if not isinstance(form, GiveForm):
        return
    session, actor = read_session(), current_actor()
    codes = {one.match.need.division_code for one in found if one.match}
    some = [one for one in workers(session) if any(one.serves(code) for code in codes)]
    away = stand_ins_of(session, [one.person_id for one in some])
    here = names_with_cases(session, [one for one in some if one.person_id not in away])
    points = points_supervised(session, actor) if actor.supervises else ()
    zh = locale_code().startswith("zh")
    names = [(one.public_id, one.name_zh if zh else one.name_en or one.name_zh) for one in points]
    form.offer(here, names)


def _takes_note(form: HouseForm) -> bool:
    """Whether the note may be kept; else the form says why not."""
    if isinstance(form, PostponeForm):
        try:
            refuse_payments(note=form.note.data or "")
        except Invalid as error:
            form.take_refusal(error)
            return False
    return True


def _wish(what: BulkAct, form: HouseForm) -> Wish:
    if isinstance(form, PostponeForm):
        return Wish(what, form.day.data, form.chosen_reason, form.note.data or "")
    if isinstance(form, GiveForm):
        to = form.receiver_chosen
        some = workers(read_session()) if to.worker else []
        worker = next((one for one in some if one.public_id == to.worker), None)
        return Wish(what, to=to, worker=worker)
    return Wish(what)


def _chosen() -> list[Chosen]:
    """What was ticked; with “all shown” all that the page showed."""
    name = "shown" if request.form.get("all") else "chosen"
    return read_chosen(request.form.getlist(name))


def _question() -> str:
    return request.form.get("question", "")[:1000]


def _back() -> str:
    return address(asked_in_text(_question()))
