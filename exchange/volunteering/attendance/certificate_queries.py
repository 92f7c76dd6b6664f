"""Reading certificates and volunteers' numbers."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.kernel.errors import NotFound
from exchange.kernel.secret_box import SecretBox
from exchange.volunteering.attendance.certificate_rules import hours_hold
from exchange.volunteering.attendance.models import Certificate, HoursStep, VolunteerNumber
from exchange.volunteering.attendance.permissions import can_see_certificate
from exchange.volunteering.attendance.queries import approved_hours

MOST = 200


def seen_certificate(session: Session, actor: Actor, public_id: str) -> Certificate:
    """The certificate, for whom it concerns. Raises NotFound for anybody else."""
    found = None
    if public_id.isalnum() and len(public_id) <= 20:
        query = sa.select(Certificate).where(Certificate.public_id == public_id)
        found = session.scalars(query.options(joinedload(Certificate.organisation))).first()
    if found is None or not can_see_certificate(actor, found):
        raise NotFound
    return found


def certificate_by_code(session: Session, code: str) -> Certificate | None:
    """The certificate with a code, for everybody who holds the paper."""
    if not code:
        return None
    query = sa.select(Certificate).where(Certificate.code == code)
    return session.scalars(query.options(joinedload(Certificate.organisation))).first()


def certificates_of_person(session: Session, person_id: int) -> Sequence[Certificate]:
    """All of a volunteer, the newest first."""
    return _some(session, Certificate.person_id == person_id)


def certificates_of_organisation(session: Session, organisation_id: int) -> Sequence[Certificate]:
    """All that an organisation made, the newest first."""
    return _some(session, Certificate.organisation_id == organisation_id)


def outdated(session: Session, zone: str, certificates: Iterable[Certificate]) -> set[int]:
    """The ids of those that nobody has revoked, but whose hours have been corrected since.

    One query for each person.
    """
    standing = [one for one in certificates if one.is_valid]
    hours = {
        person_id: approved_hours(session, zone, person_id=person_id)
        for person_id in {one.person_id for one in standing}
    }
    return {one.id for one in standing if not _holds(one, hours[one.person_id], zone)}


def _holds(certificate: Certificate, hours: Iterable[HoursStep], zone: str) -> bool:
    certified = [(one["day"], one["minutes"]) for one in certificate.entries["lines"]]
    approved = [
        (civil_date(one.shift.starts_at, zone).isoformat(), one.minutes)
        for one in hours
        if one.organisation_id == certificate.organisation_id
        and certificate.activity_id in (None, one.shift.activity_id)
    ]
    return hours_hold(certified, approved)


def _some(session: Session, condition: sa.ColumnElement[bool]) -> Sequence[Certificate]:
    query = sa.select(Certificate).where(condition).options(joinedload(Certificate.organisation))
    return session.scalars(query.order_by(Certificate.id.desc()).limit(MOST)).all()


def place_of(row: VolunteerNumber) -> str:
    """Table, column and row to which the ciphertext is bound."""
    return f"volunteer_number.number_sealed.{row.public_id}"


def number_row(session: Session, person_id: int) -> VolunteerNumber | None:
    """The row of a person's number."""
    query = sa.select(VolunteerNumber).where(VolunteerNumber.person_id == person_id)
    return session.scalars(query).first()


def numbers_of(session: Session, box: SecretBox, person_ids: Iterable[int]) -> dict[int, str]:
    """The clear numbers of these people, as far as they have given them."""
    query = sa.select(VolunteerNumber).where(VolunteerNumber.person_id.in_(sorted(set(person_ids))))
    return {
        row.person_id: box.open(row.number_sealed, place_of(row)) for row in session.scalars(query)
    }
