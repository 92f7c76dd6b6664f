"""Certificates: made, printed, revoked and verified; and what goes to the national system."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.accounts.models import Organisation
from exchange.accounts.queries import full_label, organisation_by_public_id
from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Invalid, NotFound
from exchange.listings.sharing.content import address_of
from exchange.listings.views import today
from exchange.volunteering.attendance.certificate_queries import (
    certificate_by_code,
    certificates_of_organisation,
    outdated,
    seen_certificate,
)
from exchange.volunteering.attendance.certificate_rules import (
    code_read,
    grouped,
    masked_name,
    same_name,
)
from exchange.volunteering.attendance.certificate_service import (
    Scope,
    issue_certificate,
    revoke_certificate,
)
from exchange.volunteering.attendance.export_service import export_hours, table_of
from exchange.volunteering.attendance.forms import (
    CertificateForm,
    NumberForm,
    OwnCertificateForm,
    PeriodForm,
    RevokeForm,
    VerifyForm,
    text_of,
)
from exchange.volunteering.attendance.hours_rules import decimal_hours
from exchange.volunteering.attendance.labels import (
    STEP_LABELS,
    STEP_TONES,
    duration_text,
    left_out_text,
)
from exchange.volunteering.attendance.models import Certificate, HoursStep
from exchange.volunteering.attendance.own_views import own_page
from exchange.volunteering.attendance.permissions import may_answer_for
from exchange.volunteering.attendance.queries import approved_hours, waiting_for_manager
from exchange.volunteering.attendance.showing import full_day, issuer_text
from exchange.volunteering.attendance.views import bp, span_text
from exchange.volunteering.models import Activity
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import current_actor, house, read_session
from exchange.web.dates import day_here, local_day, local_moment
from exchange.web.forms import HouseForm, attempt
from exchange.web.locale import locale_code
from exchange.web.qr import qr_svg
from exchange.web.throttle import Limit, count_try, visitor_key

CHECKS = Limit("certificate.checks", 60, timedelta(minutes=15))
WINDOW = timedelta(days=365)


@bp.get("/organisations/<public_id>/hours")
@access(SIGNED_IN)
def organisation(public_id: str) -> ResponseReturnValue:
    """What a manager decides: hours that wait, certificates, the table for the national system."""
    return _page(_managed(public_id))


@bp.post("/organisations/<public_id>/hours/export")
@access(SIGNED_IN)
def export(public_id: str) -> ResponseReturnValue:
    """The approved hours of a period as a table."""
    found, form = _managed(public_id), PeriodForm(prefix="export")
    first, last = form.from_day.data, form.to_day.data
    taken = attempt(
        form, lambda act: export_hours(act, found.id, first or act.today, last or act.today)
    )
    if taken is None or first is None or last is None:
        return _page(found, export_form=form), 422
    head = [
        _("Volunteer number"), _("Name of the volunteer"), _("Activity"), _("Day"), _("Begins"),
        _("Ends"), _("Hours"), _("Minutes"),
    ]  # fmt: skip
    text = table_of(head, taken.rows, left_out_text(taken.left_out))
    response = Response(text, mimetype="text/csv")
    name = f"hours-{first.isoformat()}-{last.isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.post("/organisations/<public_id>/hours/certificates")
@access(SIGNED_IN)
def certify(public_id: str) -> ResponseReturnValue:
    """Certify a volunteer's hours."""
    found, form = _managed(public_id), CertificateForm(prefix="certificate")
    people, activities = _choices(found)

    def work(act: Act) -> str:
        person_id = people.get(text_of(form.person.data), (0, ""))[0]
        if not person_id:
            raise Invalid(fields={"person": ["unknown_reference"]})
        scope = _scope(found.id, person_id, form, activities)
        return issue_certificate(act, scope).public_id

    made = attempt(form, work)
    if made is None:
        return _page(found, certificate_form=form), 422
    return redirect(url_for("attendance.certificate", public_id=made))


@bp.post("/my/hours/certificates")
@access(SIGNED_IN)
def draw() -> ResponseReturnValue:
    """A certificate of one's own approved hours."""
    form, actor = OwnCertificateForm(), current_actor()
    found = organisation_by_public_id(read_session(), text_of(form.organisation.data))
    if found is None or actor.person_id is None:
        raise NotFound
    person_id = actor.person_id
    hours = approved_hours(
        read_session(), house().settings.time_zone, organisation_id=found.id, person_id=person_id
    )
    activities = _activities(hours)
    if not activities:
        raise NotFound
    made = attempt(
        form,
        lambda act: issue_certificate(act, _scope(found.id, person_id, form, activities)).public_id,
    )
    if made is None:
        return own_page(NumberForm(formdata=None), form), 422
    return redirect(url_for("attendance.certificate", public_id=made))


@bp.get("/certificates/<public_id>")
@access(SIGNED_IN)
def certificate(public_id: str) -> ResponseReturnValue:
    """The certificate on a sheet of A4."""
    return _sheet(public_id, RevokeForm(formdata=None))


@bp.post("/certificates/<public_id>/revoke")
@access(SIGNED_IN)
def revoke(public_id: str) -> ResponseReturnValue:
    """Say that it holds no more."""
    form = RevokeForm()

    def work(act: Act) -> bool:
        found = seen_certificate(act.session, act.actor, public_id)
        revoke_certificate(act, found, form.reason.data)
        return True

    seen_certificate(read_session(), current_actor(), public_id)
    if attempt(form, work):
        flash(_("The certificate is revoked."), "success")
        return redirect(url_for("attendance.certificate", public_id=public_id))
    return _sheet(public_id, form), 422


@bp.route("/verify/certificate", methods=["GET", "POST"])
@access(PUBLIC)
def verify() -> ResponseReturnValue:
    """For everybody who holds a certificate: whether it is real, and still valid."""
    form = VerifyForm()
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return render_template("volunteering/certificate_verify.html", form=form), status
    return _verified(form.code.data, form)


@bp.get("/verify/certificate/<code>")
@access(PUBLIC)
def verify_code(code: str) -> ResponseReturnValue:
    """Where the code on the paper leads."""
    return _verified(code, VerifyForm(formdata=None, data={"code": grouped(code_read(code))}))


def _verified(code: str, form: VerifyForm) -> ResponseReturnValue:
    count_try(CHECKS, visitor_key())
    found = certificate_by_code(read_session(), code_read(code))
    if found is None:
        page = render_template("volunteering/certificate_verify.html", form=form, unknown=True)
        return page, 404
    typed = form.name.data or ""
    matches = same_name(typed, found.name) if typed else None
    return render_template(
        "volunteering/certificate_verify.html",
        form=form,
        found=found,
        name=found.name if matches else masked_name(found.name),
        matches=matches,
        issuer=issuer_text(found, locale_code()),
        revoked=local_day(found.revoked_at) if found.revoked_at else "",
        hours_changed=_hours_changed(found),
        issued=_issued(found),
        when=_when(found),
        number=grouped(found.number),
        duration=duration_text,
    )


def _when(found: Certificate) -> str:
    """The period in words; one day is named once."""
    first, last = _breaking_day(found.from_day), _breaking_day(found.to_day)
    if first == last:
        return str(_("on %(day)s", day=first))
    return str(_("from %(first)s to %(last)s", first=first, last=last))


def _breaking_day(day: date) -> str:
    """A day that may go over two lines: paper on a phone is narrow."""
    return full_day(day).replace("\xa0", " ")


def _sheet(public_id: str, form: RevokeForm) -> str:
    actor = current_actor()
    found = seen_certificate(read_session(), actor, public_id)
    link = address_of(url_for("attendance.verify_code", code=found.code))
    return render_template(
        "volunteering/certificate.html",
        found=found,
        link=link,
        page=address_of(url_for("attendance.verify")),
        qr=qr_svg(link, _("Code that leads to the page where this is verified")),
        number=grouped(found.number),
        code=grouped(found.code),
        issuer=issuer_text(found, locale_code()),
        issued=_issued(found),
        when=_when(found),
        lines=[
            {**one, "day": _breaking_day(date.fromisoformat(one["day"]))}
            for one in found.entries["lines"]
        ],
        hours=decimal_hours(found.minutes),
        duration=duration_text,
        manages=may_answer_for(actor, found.organisation_id),
        organisation_url=url_for("attendance.organisation", public_id=found.organisation.public_id),
        revoked=local_day(found.revoked_at) if found.revoked_at else "",
        hours_changed=_hours_changed(found),
        form=form,
    )


def _hours_changed(found: Certificate) -> bool:
    return bool(outdated(read_session(), house().settings.time_zone, [found]))


def _issued(found: Certificate) -> str:
    return full_day(civil_date(found.issued_at, house().settings.time_zone))


def _page(found: Organisation, **forms: HouseForm) -> str:
    session, last = read_session(), today()
    usual = {"from_day": last.replace(month=1, day=1), "to_day": last}
    people, activities = _choices(found)
    certificate_form = forms.get("certificate_form") or CertificateForm(
        formdata=None, prefix="certificate", data=usual
    )
    certificate_form.person.choices = [("", "")] + [(key, one[1]) for key, one in people.items()]
    certificate_form.activity.choices = [("", _("All activities of a period"))] + [
        (key, one.title) for key, one in activities.items()
    ]
    return render_template(
        "volunteering/hours_organisation.html",
        found=found,
        name=full_label(found, locale_code()),
        shifts=_waiting(waiting_for_manager(session, found.id)),
        certificates=certificates_of_organisation(session, found.id),
        form=certificate_form,
        has_people=bool(people),
        export_form=forms.get("export_form")
        or PeriodForm(formdata=None, prefix="export", data=usual),
        left_out=left_out_text(_disputed(session, found)),
        steps=STEP_LABELS,
        tones=STEP_TONES,
        duration=duration_text,
        day=day_here,
        clock=local_moment,
    )


def _disputed(session: Session, found: Organisation) -> int:
    """How many approved hours wait until an objection is settled."""
    zone = house().settings.time_zone
    return len(approved_hours(session, zone, organisation_id=found.id, disputed=True))


def _waiting(steps: Sequence[HoursStep]) -> list[dict[str, Any]]:
    """The shifts whose hours wait, with how many people, objections first."""
    lines: dict[int, dict[str, Any]] = {}
    for one in steps:
        line = lines.setdefault(
            one.shift_id,
            {"shift": one.shift, "when": span_text(one.shift), "count": 0, "objected": 0},
        )
        line["count"] += 1
        line["objected"] += one.step == "objected"
    return list(lines.values())


def _choices(found: Organisation) -> tuple[dict[str, tuple[int, str]], dict[str, Activity]]:
    """Whom and for what the organisation can certify, of the last three years."""
    hours = approved_hours(
        read_session(),
        house().settings.time_zone,
        organisation_id=found.id,
        first=today() - 3 * WINDOW,
    )
    people = {one.person.public_id: (one.person_id, one.person.name) for one in hours}
    named = sorted(people.items(), key=lambda pair: pair[1][1])
    return {key: one for key, one in named if one[1]}, _activities(hours)


def _activities(hours: Sequence[HoursStep]) -> dict[str, Activity]:
    return {one.shift.activity.public_id: one.shift.activity for one in hours}


def _scope(
    organisation_id: int, person_id: int, form: Any, activities: dict[str, Activity]
) -> Scope:
    """What is asked for. Raises Invalid."""
    wanted = text_of(form.activity.data)
    if not wanted:
        return Scope(organisation_id, person_id, form.from_day.data, form.to_day.data)
    if wanted not in activities:
        raise Invalid(fields={"activity": ["unknown_reference"]})
    return Scope(organisation_id, person_id, activity_id=activities[wanted].id)


def _managed(public_id: str) -> Organisation:
    """The organisation, for its managers. Raises NotFound for anybody else."""
    found = organisation_by_public_id(read_session(), public_id)
    if found is None or not may_answer_for(current_actor(), found.id):
        raise NotFound
    return found
