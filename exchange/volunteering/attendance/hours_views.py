"""The hours of a shift: a coordinator proposes, a manager approves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.kernel.errors import Conflict, Invalid
from exchange.volunteering.attendance.hours_service import (
    Chosen,
    Proposal,
    approve_hours,
    propose_hours,
)
from exchange.volunteering.attendance.labels import (
    BASIS_LABELS,
    MARK_LABELS,
    STEP_LABELS,
    STEP_TONES,
    duration_text,
)
from exchange.volunteering.attendance.permissions import may_answer_for, may_mark
from exchange.volunteering.attendance.queries import shift_for_list, shift_to_mark
from exchange.volunteering.attendance.rules import planned_minutes
from exchange.volunteering.attendance.showing import HoursRow, count_read, hours_rows
from exchange.volunteering.attendance.views import bp, said, span_text
from exchange.web.access import SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import local_moment
from exchange.web.sentences import sentence

BAD = -1  # minutes that are no number: the service refuses them beside their field
LONGEST = 600
FIELDS: dict[str, Any] = {
    "minutes": _l("Minutes of service"),
    "travel": _l("Minutes of travel"),
    "note": _l("Note"),
}


@bp.route("/volunteering/shifts/<public_id>/hours", methods=["GET", "POST"])
@access(SIGNED_IN)
def hours(public_id: str) -> ResponseReturnValue:
    """How long everybody was there."""
    errors: dict[str, list[str]] = {}
    status = 200
    if request.method == "POST":
        given = _proposals()
        try:
            with acting() as act:
                shift = shift_to_mark(act.session, act.actor, public_id)
                count = propose_hours(act, shift, given)
            flash(_("Sent for approval.") if count else _("Nothing was changed."), "success")
            return redirect(url_for("attendance.hours", public_id=public_id))
        except Invalid as error:
            status = error.status
            errors = {
                name: [sentence(code, error.params) for code in codes]
                for name, codes in error.fields.items()
            }
        except Conflict as error:
            status = error.status
            flash(said(error), "error")
    return _page(public_id, errors), status


@bp.post("/volunteering/shifts/<public_id>/hours/approve")
@access(SIGNED_IN)
def approve(public_id: str) -> ResponseReturnValue:
    """The organisation stands by the hours that are ticked."""
    chosen = [
        Chosen(one[:20], count_read(request.form.get(f"seen-{one[:20]}")) or 0)
        for one in request.form.getlist("signup")
    ]
    note = request.form.get("note", "")[:LONGEST]
    try:
        with acting() as act:
            shift = shift_for_list(act.session, act.actor, public_id)
            done = approve_hours(act, shift, chosen, note)
    except (Conflict, Invalid) as error:
        flash(said(error), "error")
    else:
        if done.own_left:
            flash(sentence("hours_own"), "warning")
        flash(_("Approved.") if done.count else _("Nothing was changed."), "success")
    return redirect(url_for("attendance.hours", public_id=public_id))


def _page(public_id: str, errors: dict[str, list[str]]) -> str:
    session, actor = read_session(), current_actor()
    shift = shift_for_list(session, actor, public_id)
    rows: Sequence[HoursRow] = hours_rows(session, shift)
    if request.method == "POST":
        rows = [_typed(one, errors) for one in rows]
    answers = may_answer_for(actor, shift.activity.organisation_id)
    return render_template(
        "volunteering/hours.html",
        shift=shift,
        when=span_text(shift),
        rows=rows,
        refused=[one for row in rows for one in _refused(row)],
        planned=planned_minutes(shift.starts_at, shift.ends_at),
        is_over=shift.ends_at <= house().clock.now(),
        may_propose=may_mark(actor, shift.activity),
        may_approve=answers,
        waiting=[one for one in rows if one.waits] if answers else [],
        labels=MARK_LABELS,
        steps=STEP_LABELS,
        tones=STEP_TONES,
        bases=BASIS_LABELS,
        duration=duration_text,
        clock=local_moment,
    )


def _refused(row: HoursRow) -> list[dict[str, Any]]:
    """What is wrong in a row, for the summary: whose, in which field, and why."""
    return [
        {
            "id": f"{name}-{row.line.signup}",
            "name": row.line.name,
            "label": FIELDS[name],
            "error": error,
        }
        for name, errors in row.errors.items()
        for error in errors
    ]


def _proposals() -> list[Proposal]:
    """What was entered; who has no minutes is left as they are."""
    given = []
    for name, value in request.form.items():
        if not name.startswith("minutes-") or not value.strip():
            continue
        signup = name.removeprefix("minutes-")[:20]
        minutes = count_read(value)
        travel_typed = request.form.get(f"travel-{signup}", "").strip()
        travel = count_read(travel_typed) if travel_typed else 0
        given.append(
            Proposal(
                signup=signup,
                minutes=BAD if minutes is None else minutes,
                travel_minutes=BAD if travel is None else travel,
                note=request.form.get(f"note-{signup}", "")[:LONGEST],
                seen=count_read(request.form.get(f"seen-{signup}")) or 0,
            )
        )
    return given


def _typed(row: HoursRow, errors: dict[str, list[str]]) -> HoursRow:
    """The row with what was typed, what is wrong with it, and whether others changed it since."""
    signup = row.line.signup
    if f"minutes-{signup}" not in request.form:
        return row
    own = {
        name: errors[f"{name}-{signup}"]
        for name in FIELDS
        if f"{name}-{signup}" in errors
    }
    return replace(
        row,
        minutes=request.form.get(f"minutes-{signup}", "")[:LONGEST],
        travel=request.form.get(f"travel-{signup}", "")[:LONGEST],
        note=request.form.get(f"note-{signup}", "")[:LONGEST],
        errors=own,
        changed=row.seen != (count_read(request.form.get(f"seen-{signup}")) or 0),
    )
