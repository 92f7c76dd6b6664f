"""Certificates: made of approved hours, once; revoked with a reason; replaced when hours change."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.listings.values import one_line
from exchange.volunteering.attendance.certificate_rules import (
    ALPHABET,
    CODE_LENGTH,
    LONGEST_REASON,
    fingerprint,
    number_of,
    period_allowed,
)
from exchange.volunteering.attendance.events import (
    CertificateIssued,
    CertificateReplaced,
    CertificateRevoked,
)
from exchange.volunteering.attendance.locking import organisation_with, take_person
from exchange.volunteering.attendance.models import Certificate, HoursStep
from exchange.volunteering.attendance.number_rules import text_has_identity_number
from exchange.volunteering.attendance.permissions import may_answer_for, may_issue
from exchange.volunteering.attendance.queries import approved_hours
from exchange.volunteering.models import Activity


@dataclass(frozen=True)
class Scope:
    """What is certified: a period with an organisation, or one activity as a whole."""

    organisation_id: int
    person_id: int
    first: date | None = None
    last: date | None = None
    activity_id: int | None = None


def issue_certificate(act: Act, scope: Scope) -> Certificate:
    """Certify a volunteer's approved hours under the organisation's name, free of charge.

    Asked twice for the same it is the same one. Where hours have changed meanwhile a new one takes
    the earlier one's place. Raises NotFound, Forbidden, Invalid with the fields, or Conflict: the
    organisation is not verified, or there is nothing to certify.
    """
    if not may_issue(act.actor, scope.organisation_id, scope.person_id):
        raise Forbidden("hours_managers_only")
    activity = _activity(act, scope)
    if activity is None:
        _check_period(act, scope)
    person = take_person(act, scope.person_id)
    organisation = organisation_with(act, scope.organisation_id)
    if not organisation.is_verified:
        raise Conflict("certificate_needs_verified")
    if person.closed_at is not None:
        raise NotFound
    lines = _lines(act, _hours(act, scope, activity))
    if not lines:
        raise Conflict("certificate_nothing")
    days = [date.fromisoformat(one["day"]) for one in lines]
    made = Certificate(
        number="",
        code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        organisation_id=organisation.id,
        person_id=person.id,
        activity_id=activity.id if activity else None,
        organisation_name=organisation.name_zh,
        name=person.name,
        title=activity.title if activity else "",
        from_day=min(days) if activity else scope.first,
        to_day=max(days) if activity else scope.last,
        minutes=sum(one["minutes"] for one in lines),
        entries={"lines": lines},
        issued_at=act.now,
        issued_by_id=act.actor.person_id,
    )
    made.fingerprint = _fingerprint(made)
    present = act.session.scalar(
        sa.select(Certificate).where(
            Certificate.fingerprint == made.fingerprint, Certificate.revoked_at.is_(None)
        )
    )
    return present or _keep(act, made)


def revoke_certificate(act: Act, certificate: Certificate, reason: str) -> Certificate:
    """Say that it holds no more, and why; whoever checks it reads that. Once revoked it stays so.

    Raises NotFound, Forbidden, or Invalid without a reason.
    """
    take_person(act, certificate.person_id)
    found = act.session.get(
        Certificate, certificate.id, with_for_update={"of": Certificate}, populate_existing=True
    )
    if found is None:
        raise NotFound
    if not may_answer_for(act.actor, found.organisation_id):
        raise Forbidden("hours_managers_only")
    kept = one_line(reason)
    if not 0 < len(kept) <= LONGEST_REASON:
        raise Invalid(fields={"reason": ["certificate_reason_needed"]})
    if text_has_identity_number(kept):
        raise Invalid(fields={"reason": ["text_has_identity"]})
    if found.is_valid:
        found.revoked_at, found.revoked_by_id = act.now, act.actor.person_id
        found.revoke_reason = kept
        act.session.flush()
        act.emit(CertificateRevoked(found.id, found.organisation_id, found.person_id))
    return found


def _activity(act: Act, scope: Scope) -> Activity | None:
    if scope.activity_id is None:
        return None
    found = act.session.get(Activity, scope.activity_id)
    if found is None or found.organisation_id != scope.organisation_id:
        raise NotFound
    return found


def _check_period(act: Act, scope: Scope) -> None:
    if scope.first is None or scope.last is None:
        raise Invalid(fields={"from_day": ["required"]})
    decision = period_allowed(scope.first, scope.last, act.today)
    if not decision:
        raise Invalid(fields={"to_day": [decision.code]}, **decision.params)


def _hours(act: Act, scope: Scope, activity: Activity | None) -> Sequence[HoursStep]:
    return approved_hours(
        act.session,
        act.house.settings.time_zone,
        organisation_id=scope.organisation_id,
        person_id=scope.person_id,
        activity_id=activity.id if activity else None,
        first=None if activity else scope.first,
        last=None if activity else scope.last,
    )


def _lines(act: Act, hours: Sequence[HoursStep]) -> list[dict[str, Any]]:
    zone = act.house.settings.time_zone
    return [
        {
            "day": civil_date(one.shift.starts_at, zone).isoformat(),
            "title": one.shift.activity.title,
            "minutes": one.minutes,
        }
        for one in hours
    ]


def _fingerprint(one: Certificate) -> str:
    return fingerprint(
        {
            "organisation": [one.organisation_id, one.organisation_name],
            "person": [one.person_id, one.name],
            "activity": one.activity_id,
            "days": None if one.activity_id else [one.from_day, one.to_day],
            "entries": one.entries,
        }
    )


def _keep(act: Act, made: Certificate) -> Certificate:
    made.number = made.code  # until the row has its id
    act.session.add(made)
    act.session.flush()
    made.number = number_of(act.today.year, made.id)
    act.session.flush()
    earlier = sa.select(Certificate).where(
        Certificate.organisation_id == made.organisation_id,
        Certificate.person_id == made.person_id,
        Certificate.revoked_at.is_(None),
        Certificate.id != made.id,
    )
    for one in act.session.scalars(earlier.order_by(Certificate.id)).all():
        if _is_same_scope(one, made):
            one.revoked_at, one.replaced_by_id = act.now, made.id
            act.session.flush()
            act.emit(CertificateReplaced(one.id, one.organisation_id, one.person_id, made.id))
    act.emit(CertificateIssued(made.id, made.organisation_id, made.person_id))
    return made


def _is_same_scope(one: Certificate, made: Certificate) -> bool:
    if one.activity_id or made.activity_id:
        return one.activity_id == made.activity_id
    return (one.from_day, one.to_day) == (made.from_day, made.to_day)
