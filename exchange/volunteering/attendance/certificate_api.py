"""Certificates, volunteers' numbers, and the table for the national system, for programs."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.models import Organisation
from exchange.accounts.queries import organisation_by_public_id
from exchange.api.blueprint import ApiBlueprint
from exchange.kernel.errors import Forbidden, Invalid, NotFound
from exchange.volunteering.attendance.certificate_queries import (
    certificate_by_code,
    certificates_of_person,
    numbers_of,
    outdated,
    seen_certificate,
)
from exchange.volunteering.attendance.certificate_rules import code_read
from exchange.volunteering.attendance.certificate_service import (
    Scope,
    issue_certificate,
    revoke_certificate,
)
from exchange.volunteering.attendance.export_service import export_hours
from exchange.volunteering.attendance.models import Certificate
from exchange.volunteering.attendance.number_service import give_number, remove_number
from exchange.volunteering.attendance.permissions import may_answer_for
from exchange.volunteering.attendance.schemas import (
    CertificateBody,
    CertificatePage,
    CertificateSchema,
    ExportBody,
    ExportSchema,
    NumberBody,
    NumberSchema,
    RevokeBody,
    VerificationQuery,
    VerificationSchema,
    certificate_item,
    verification_item,
)
from exchange.volunteering.models import Activity, Shift, Signup
from exchange.web.access import PUBLIC, SIGNED_IN, access
from exchange.web.acting import acting, current_actor, house, read_session
from exchange.web.throttle import Limit, count_try, visitor_key

blp = ApiBlueprint(
    "api_certificates",
    __name__,
    title="Certificates of volunteering",
    description="Certificates of approved hours, and what goes to the national system.",
)
Given = dict[str, Any]
CHECKS = Limit("certificate.checks", 60, timedelta(minutes=15))
PERIOD = {"from_day": "2026-01-01", "to_day": "2026-11-22"}


@blp.get("/certificates")
@access(SIGNED_IN)
@blp.answers(200, CertificatePage, "Your certificates")
def index() -> Given:
    """Your own certificates, the newest first; never more than a page."""
    found = certificates_of_person(read_session(), _self())
    changed = _outdated(found)
    items = [certificate_item(one, hours_changed=one.id in changed) for one in found]
    return {"items": items, "next_cursor": None}


@blp.post("/certificates")
@access(SIGNED_IN)
@blp.body(CertificateBody, {"organisation": "m4v8c2hd7yqa", **PERIOD})
@blp.answers(201, CertificateSchema, "The certificate")
def issue(given: Given) -> Given:
    """Certify approved hours, free of charge. Asked twice it is the same certificate.

    For managers, and for volunteers of their own hours.
    """
    with acting() as act:
        owner = _organisation(act.session, given["organisation"])
        person_id = _person(act.session, owner, given["person"])
        if given["activity"]:
            activity_id = _activity(act.session, owner, given["activity"])
            scope = Scope(owner.id, person_id, activity_id=activity_id)
        else:
            scope = Scope(owner.id, person_id, given["from_day"], given["to_day"])
        public_id = issue_certificate(act, scope).public_id
    return _read(public_id)


@blp.get("/certificates/<public_id:public_id>")
@access(SIGNED_IN)
@blp.answers(200, CertificateSchema, "The certificate")
def show(public_id: str) -> Given:
    """One certificate, for the volunteer and the managers."""
    return _read(public_id)


@blp.post("/certificates/<public_id:public_id>/revocation")
@access(SIGNED_IN)
@blp.body(RevokeBody, {"reason": "时长登记有误"})
@blp.answers(200, CertificateSchema, "Revoked")
def revoke(given: Given, public_id: str) -> Given:
    """Say that it holds no more; whoever verifies it reads why. For managers."""
    with acting() as act:
        found = seen_certificate(act.session, act.actor, public_id)
        revoke_certificate(act, found, given["reason"])
    return _read(public_id)


@blp.get("/certificate-verification")
@access(PUBLIC)
@blp.query(VerificationQuery)
@blp.answers(200, VerificationSchema, "What everybody may know of it")
def verify(given: Given) -> Given:
    """Whether a certificate is real and valid, by the code that stands on it."""
    count_try(CHECKS, visitor_key())
    found = certificate_by_code(read_session(), code_read(given["code"]))
    if found is None:
        raise NotFound
    return verification_item(found, hours_changed=bool(_outdated([found])))


@blp.get("/me/volunteer-number")
@access(SIGNED_IN)
@blp.answers(200, NumberSchema, "Your number in the national system")
def number() -> Given:
    """Your volunteer number, as far as you have given it."""
    return _number()


@blp.post("/me/volunteer-number")
@access(SIGNED_IN)
@blp.body(NumberBody, {"number": "5204220012345"})
@blp.answers(200, NumberSchema, "Written down")
def write_number(given: Given) -> Given:
    """Write your volunteer number down. An identity card's number is refused."""
    with acting() as act:
        give_number(act, given["number"])
    return _number()


@blp.delete("/me/volunteer-number")
@access(SIGNED_IN)
@blp.answers_nothing("Deleted")
def delete_number() -> None:
    """Take your volunteer number away."""
    with acting() as act:
        remove_number(act)


@blp.post("/organisations/<public_id:public_id>/volunteer-hours/export")
@access(SIGNED_IN)
@blp.body(ExportBody, PERIOD)
@blp.answers(200, ExportSchema, "Approved hours with the numbers that volunteers have given")
def export(given: Given, public_id: str) -> Given:
    """Take the approved hours of a period that nobody objects to. For managers; every export is
    recorded.
    """
    with acting() as act:
        owner = _organisation(act.session, public_id)
        if not may_answer_for(act.actor, owner.id):
            raise Forbidden("hours_managers_only")
        taken = export_hours(act, owner.id, given["from_day"], given["to_day"])
    return {"items": taken.rows, "left_out": taken.left_out}


def _read(public_id: str) -> Given:
    found = seen_certificate(read_session(), current_actor(), public_id)
    return certificate_item(found, hours_changed=bool(_outdated([found])))


def _outdated(found: Sequence[Certificate]) -> set[int]:
    return outdated(read_session(), house().settings.time_zone, found)


def _number() -> Given:
    person_id = _self()
    known = numbers_of(read_session(), house().secrets, [person_id])
    return {"number": known.get(person_id)}


def _self() -> int:
    person_id = current_actor().person_id
    if person_id is None:
        raise Forbidden
    return person_id


def _organisation(session: Session, public_id: str) -> Organisation:
    found = organisation_by_public_id(session, public_id)
    if found is None:
        raise Invalid(fields={"organisation": ["unknown_reference"]})
    return found


def _person(session: Session, owner: Organisation, signup: str) -> int:
    """Oneself, or for managers whoever has this sign-up with the organisation. Raises Invalid."""
    if not signup:
        return _self()
    query = (
        sa.select(Signup.person_id)
        .join(Shift, Shift.id == Signup.shift_id)
        .join(Activity, Activity.id == Shift.activity_id)
        .where(Signup.public_id == signup, Activity.organisation_id == owner.id)
    )
    found = session.scalar(query) if may_answer_for(current_actor(), owner.id) else None
    if found is None:
        raise Invalid(fields={"person": ["unknown_reference"]})
    return found


def _activity(session: Session, owner: Organisation, public_id: str) -> int:
    query = sa.select(Activity.id).where(
        Activity.public_id == public_id, Activity.organisation_id == owner.id
    )
    found = session.scalar(query)
    if found is None:
        raise Invalid(fields={"activity": ["unknown_reference"]})
    return found
