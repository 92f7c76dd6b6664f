"""The pages of volunteers' time: one's own, what one is asked, substitutes, and the public sums."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from exchange.accounts.place_forms import place_label
from exchange.geography.place_search import resolve_place
from exchange.geography.rules import COUNTY_DIGITS, is_code
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict, Forbidden, Invalid
from exchange.volunteering.attempting import attempt_named, number
from exchange.volunteering.availability.forms import AvailabilityForm, PauseForm, data_of
from exchange.volunteering.availability.permissions import may_count
from exchange.volunteering.availability.queries import own_availability, sums_in
from exchange.volunteering.availability.rules import MOST_AT_ONCE, told_sum
from exchange.volunteering.availability.service import (
    end_availability,
    pause_availability,
    resume_availability,
    save_availability,
)
from exchange.volunteering.availability.showing import (
    facts_of,
    request_lines,
    standing_of,
    substitutes_page,
)
from exchange.volunteering.availability.substitutes_service import ask_substitutes
from exchange.volunteering.labels import SKILL_LABELS
from exchange.volunteering.models import Shift
from exchange.volunteering.queries import seen_shift
from exchange.volunteering.readers import reader
from exchange.volunteering.showing import shift_lines
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import day_here
from exchange.web.sentences import sentence

bp = Blueprint("availability", __name__)
LONGEST_TYPED = 80


@bp.route("/my/availability", methods=["GET", "POST"])
@access(SIGNED_IN)
def mine() -> ResponseReturnValue:
    """What I can do, when and where; one page, saved with one tap."""
    row = own_availability(read_session(), current_actor().person_id)
    form = AvailabilityForm(data=data_of(row, current_actor().division))

    def work(act: Act) -> bool:
        again = bool(form.again.data)
        save_availability(act, form.values, number(form.version.data), again=again)
        return True

    if attempt_named(form, work):
        flash(_("Saved. Thank you! The station sees when something fits."), "success")
        flash("availability", "kept")
        return redirect(url_for("availability.mine"))
    return _mine(form, PauseForm(formdata=None)), 422 if form.errors else 200


@bp.post("/my/availability/pause")
@access(SIGNED_IN)
def pause() -> ResponseReturnValue:
    """Have no time for a while."""
    form = PauseForm()

    def work(act: Act) -> bool:
        begins = form.begins.data or act.today  # a form that was found valid has one
        pause_availability(act, begins, form.until.data, number(form.version.data))
        return True

    if attempt_named(form, work):
        flash(_("Noted. Nobody asks you in that time."), "success")
        return redirect(url_for("availability.mine"))
    row = own_availability(read_session(), current_actor().person_id)
    return _mine(AvailabilityForm(formdata=None, data=data_of(row, None)), form), 422


@bp.post("/my/availability/resume")
@access(SIGNED_IN)
def resume() -> ResponseReturnValue:
    """Have time again."""
    return _change(resume_availability, _("Welcome back. You can be found again."))


@bp.post("/my/availability/end")
@access(SIGNED_IN)
def end() -> ResponseReturnValue:
    """Take all of it away."""
    return _change(end_availability, _("All of it is deleted. Thank you for your time."))


@bp.get("/my/requests")
@access(SIGNED_IN)
def requests() -> ResponseReturnValue:
    """Which shifts I am asked to come to, each with yes and no."""
    lines = request_lines(read_session(), reader())
    return render_template("volunteering/requests.html", lines=lines)


@bp.route("/shifts/<public_id>/substitutes", methods=["GET", "POST"])
@access(SIGNED_IN)
def substitutes(public_id: str) -> ResponseReturnValue:
    """Who would fit a shift that lacks people; asks those who are ticked."""
    shift = _counted_shift(public_id)
    if request.method == "POST":
        return _ask(public_id)
    session, who = read_session(), reader()
    return render_template(
        "volunteering/substitutes.html",
        shift=shift,
        activity=shift.activity,
        line=shift_lines(session, who, shift.activity, [shift])[0],
        page=substitutes_page(session, house(), who, shift),
        most=MOST_AT_ONCE,
    )


@bp.get("/volunteers")
@access(PUBLIC)
def sums() -> ResponseReturnValue:
    """How many volunteers have time for a place, in all and by skill; never who."""
    session, who = read_session(), reader()
    code, typed = _place(who.actor.division)
    offers: tuple[tuple[str, str], ...] = ()
    if typed and not code:
        found = resolve_place(session, typed, who.actor.division)
        if len(found) == 1:
            code = found[0].code
        else:
            offers = tuple((one.code, place_label(one.code)) for one in found[:6])
    code = code[:COUNTY_DIGITS]
    in_all, by_skill = sums_in(session, code, who.today) if code else (0, {})
    counts = [(SKILL_LABELS[one], told_sum(count)) for one, count in by_skill.items()]
    counts.sort(key=lambda pair: -(pair[1] or 0))
    return render_template(
        "volunteering/sums.html",
        division=code,
        name=place_label(code),
        in_all=told_sum(in_all),
        counts=[pair for pair in counts if pair[1] is not None],
        offers=offers,
        typed=typed,
        near=who.actor.division or "",
    )


def _place(home: str | None) -> tuple[str, str]:
    """The county asked for, and what was typed; the reader's own where nothing was asked."""
    code = request.args.get("division", "")
    typed = request.args.get("division_text", "").strip()[:LONGEST_TYPED]
    if not is_code(code) or not place_label(code):
        code = ""
    if typed and code and typed != place_label(code):
        code = ""
    if not code and not typed and "division" not in request.args:
        code = home or ""
    return code, typed


def _mine(form: AvailabilityForm, pause_form: PauseForm) -> str:
    session, who = read_session(), reader()
    row = own_availability(session, who.actor.person_id)
    return render_template(
        "volunteering/availability.html",
        form=form,
        pause_form=pause_form,
        row=row,
        facts=facts_of(row) if row else None,
        standing=standing_of(row, who) if row else None,
        day_text=day_here,
    )


def _change(verb: Callable[[Act], Any], told: str) -> ResponseReturnValue:
    with acting() as act:
        verb(act)
    flash(told, "success")
    return redirect(url_for("availability.mine"))


def _counted_shift(public_id: str) -> Shift:
    shift = seen_shift(read_session(), current_actor(), public_id)
    if not may_count(current_actor(), shift.activity):
        raise Forbidden("activity_not_yours")
    return shift


def _ask(public_id: str) -> ResponseReturnValue:
    names = request.form.getlist("people")
    back = redirect(url_for("availability.substitutes", public_id=public_id))
    try:
        with acting() as act:
            asked = ask_substitutes(act, seen_shift(act.session, act.actor, public_id), names)
    except (Conflict, Invalid, Forbidden) as error:
        flash(sentence(error.code, error.params), "error")
        return back
    if asked.count:
        told = ngettext("%(num)s person is asked.", "%(num)s people are asked.", asked.count)
        flash(told, "success")
    if asked.left_out:
        flash(_("Some were not asked: they have no time any more, or were asked."), "warning")
    return back
