"""The volunteer's pages: checking in by the code, one's own hours, objecting, one's number."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Conflict, Invalid, NotFound
from exchange.listings.views import today
from exchange.volunteering.attendance.certificate_queries import (
    certificates_of_person,
    numbers_of,
    outdated,
)
from exchange.volunteering.attendance.certificate_rules import grouped
from exchange.volunteering.attendance.code_rules import proof_allowed
from exchange.volunteering.attendance.codes import is_good_code
from exchange.volunteering.attendance.forms import NumberForm, ObjectionForm, OwnCertificateForm
from exchange.volunteering.attendance.hours_service import object_to_hours
from exchange.volunteering.attendance.kinds import MarkKind
from exchange.volunteering.attendance.labels import (
    BASIS_LABELS,
    MARK_LABELS,
    STEP_LABELS,
    STEP_TONES,
    duration_text,
)
from exchange.volunteering.attendance.number_service import give_number, remove_number
from exchange.volunteering.attendance.queries import (
    marks_of,
    own_record,
    own_signup,
    presence_from,
    shift_by_public_id,
)
from exchange.volunteering.attendance.service import mark_by_code, not_on_list
from exchange.volunteering.attendance.showing import OwnLine, full_day, issuer_text, own_lines
from exchange.volunteering.attendance.views import bp, said, span_text
from exchange.volunteering.kinds import SignupState
from exchange.volunteering.models import Shift
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.dates import local_moment
from exchange.web.forms import attempt
from exchange.web.locale import locale_code
from exchange.web.login import ARRIVED
from exchange.web.sentences import sentence
from exchange.web.throttle import Limit, count_try, visitor_key

WRONG_CODES = Limit("attendance.wrong_code", 120, timedelta(minutes=15))
MOST_KEPT = 3


@bp.get("/attend/<public_id>/<code>")
@access(PUBLIC)
def arrive(public_id: str, code: str) -> ResponseReturnValue:
    """Where the code leads: a good one is noted on this phone, then one tap checks in or out."""
    shift, now = shift_by_public_id(read_session(), public_id), house().clock.now()
    if shift is None or not is_good_code(house().secrets, shift, code, now):
        count_try(WRONG_CODES, visitor_key())
        return _over()
    kept = {key: at for key, at in _arrived().items() if key != public_id}
    latest = dict(list(kept.items())[-(MOST_KEPT - 1) :])
    session[ARRIVED] = {**latest, public_id: int(now.timestamp())}
    return redirect(url_for("attendance.attend", public_id=public_id))


@bp.route("/attend/<public_id>", methods=["GET", "POST"])
@access(PUBLIC)
def attend(public_id: str) -> ResponseReturnValue:
    """One tap: I am here, or I am leaving."""
    shift, seen_at = shift_by_public_id(read_session(), public_id), _seen_at(public_id)
    now = house().clock.now()
    if shift is None or seen_at is None or not proof_allowed(seen_at, now):
        return _over()
    actor = current_actor()
    if not actor.is_signed_in:
        here = url_for("attendance.attend", public_id=public_id)
        sign_in = url_for("accounts.sign_in", next=here)
        return render_template("volunteering/attend.html", sign_in=sign_in, shift=None)
    signup = own_signup(read_session(), shift.id, actor.person_id)
    if signup is None or signup.state is not SignupState.SIGNED_UP:
        told = sentence(not_on_list(signup))
        return render_template("volunteering/attend.html", refused=told, shift=None), 403
    if request.method == "POST":
        return _mark(public_id, seen_at)
    marks = marks_of(read_session(), [shift.id], signup.person_id)[shift.id, signup.person_id]
    return render_template(
        "volunteering/attend.html",
        shift=shift,
        when=span_text(shift),
        presence=presence_from(marks, shift),
        clock=local_moment,
    )


@bp.get("/my/hours")
@access(SIGNED_IN)
def mine() -> ResponseReturnValue:
    """One's own hours, certificates and number."""
    return own_page(NumberForm(formdata=None))


@bp.post("/my/hours/number")
@access(SIGNED_IN)
def number() -> ResponseReturnValue:
    """Write one's volunteer number down."""
    form = NumberForm()

    def work(act: Act) -> bool:
        give_number(act, form.number.data)
        return True

    if attempt(form, work):
        flash(_("Saved."), "success")
        return redirect(url_for("attendance.mine"))
    return own_page(form), 422


@bp.post("/my/hours/number/remove")
@access(SIGNED_IN)
def forget_number() -> ResponseReturnValue:
    """Take it away."""
    with acting() as act:
        remove_number(act)
    flash(_("Your volunteer number is deleted."), "success")
    return redirect(url_for("attendance.mine"))


@bp.route("/my/hours/<public_id>/object", methods=["GET", "POST"])
@access(SIGNED_IN)
def objection(public_id: str) -> ResponseReturnValue:
    """Say what is wrong with one's hours in a shift."""
    form, line = ObjectionForm(), _own_line(public_id)

    def work(act: Act) -> bool:
        shift = shift_by_public_id(act.session, public_id)
        if shift is None:
            raise NotFound
        object_to_hours(act, shift, form.words.data)
        return True

    if attempt(form, work):
        flash(_("The organisation is told. You will hear what they say."), "success")
        return redirect(url_for("attendance.mine"))
    values = {"line": line, "when": span_text(line.signup.shift), "duration": duration_text}
    status = 422 if form.errors else 200
    return render_template("volunteering/hours_object.html", form=form, **values), status


def own_page(form: NumberForm, refused: OwnCertificateForm | None = None) -> str:
    """The page of one's own hours; ``refused`` is a certificate that could not be made."""
    reading, person_id = read_session(), current_actor().person_id or 0
    now = house().clock.now()
    lines = own_lines(reading, own_record(reading, person_id, now), now)
    certificates = certificates_of_person(reading, person_id)
    known = numbers_of(reading, house().secrets, [person_id]).get(person_id, "")
    return render_template(
        "volunteering/my_hours.html",
        groups=[_offered(one, refused) for one in _by_organisation(lines)],
        certificates=certificates,
        outdated=outdated(reading, house().settings.time_zone, certificates),
        form=form,
        number=grouped(known),
        when=span_text,
        labels=MARK_LABELS,
        steps=STEP_LABELS,
        tones=STEP_TONES,
        bases=BASIS_LABELS,
        duration=duration_text,
        clock=local_moment,
        day=full_day,
        issuer=lambda one: issuer_text(one, locale_code()),
    )


def _offered(group: dict[str, Any], refused: OwnCertificateForm | None) -> dict[str, Any]:
    """The group with the form of its certificate: the one that was refused, with what was typed."""
    if not group["activities"]:
        return group
    key, form = group["organisation"].public_id, refused
    if form is None or form.organisation.data != key:
        first = civil_date(group["first"], house().settings.time_zone)
        usual = {"organisation": key, "from_day": first, "to_day": today()}
        form = OwnCertificateForm(formdata=None, data=usual)
    form.activity.choices = [("", _("All activities of a period")), *group["activities"].items()]
    for one in (form.activity, form.from_day, form.to_day):
        one.id = f"{one.name}-{key}"  # several of these forms stand on the page
        one.flags.unmarked = True  # the hint says when the days count
    return {**group, "form": form}


def _by_organisation(lines: list[OwnLine]) -> list[dict[str, Any]]:
    """The shifts of each organisation, with the sum that is approved, and what can be certified."""
    groups: dict[int, dict[str, Any]] = {}
    for line in lines:
        activity = line.signup.shift.activity
        group = groups.setdefault(
            activity.organisation_id,
            {"organisation": activity.organisation, "lines": [], "minutes": 0, "activities": {}},
        )
        group["lines"].append(line)
        group["minutes"] += line.standing
        if line.standing:
            group["activities"][activity.public_id] = activity.title
            day = line.signup.shift.starts_at
            group["first"] = min(day, group.get("first", day))
    return list(groups.values())


def _own_line(public_id: str) -> OwnLine:
    reading, actor = read_session(), current_actor()
    shift = shift_by_public_id(reading, public_id)
    signup = own_signup(reading, shift.id, actor.person_id) if shift else None
    if signup is None:
        raise NotFound
    line = own_lines(reading, [signup], house().clock.now())[0]
    if line.step is None:
        raise NotFound
    return line


def _mark(public_id: str, seen_at: datetime) -> ResponseReturnValue:
    leaves = request.form.get("kind") == MarkKind.LEFT.value
    kind = MarkKind.LEFT if leaves else MarkKind.CAME

    def found(act: Act) -> Shift:
        shift = shift_by_public_id(act.session, public_id)
        if shift is None:
            raise NotFound
        return shift

    try:
        with acting() as act:
            mark_by_code(act, found(act), kind, seen_at)
    except (Conflict, Invalid) as error:
        flash(said(error), "error")
    else:
        flash(
            _("You are checked out. Thank you!") if leaves else _("You are checked in."), "success"
        )
    return redirect(url_for("attendance.attend", public_id=public_id))


def _over() -> ResponseReturnValue:
    told = sentence("attend_code_over")
    return render_template("volunteering/attend.html", refused=told, shift=None), 410


def _arrived() -> dict[str, int]:
    kept = session.get(ARRIVED)
    return dict(kept) if isinstance(kept, dict) else {}


def _seen_at(public_id: str) -> datetime | None:
    at = _arrived().get(public_id)
    return datetime.fromtimestamp(at, UTC) if isinstance(at, int) else None
