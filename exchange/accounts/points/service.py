"""Service points and who serves there: from the first centre down to the stations."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from exchange.accounts.absence.service import keep_stood_in_for
from exchange.accounts.events import (
    AssignmentEnded,
    AssignmentMade,
    OrganisationCreated,
    OrganisationVerified,
    ServicePointCreated,
)
from exchange.accounts.kinds import OrganisationKind, PointLevel, Verification
from exchange.accounts.models import (
    Assignment,
    Organisation,
    Person,
    ServicePoint,
    ServicePointDivision,
)
from exchange.accounts.organisations.member_service import end_membership, join
from exchange.accounts.people_service import is_proven
from exchange.accounts.permissions import can_supervise_point, covers_all
from exchange.accounts.queries import find_person
from exchange.accounts.rules import Address
from exchange.geography.queries import division
from exchange.kernel.act import Act
from exchange.kernel.actor import Duty, Role
from exchange.kernel.errors import Conflict, Forbidden, Invalid, NotFound


@dataclass(frozen=True)
class NewPoint:
    """A service point to be opened."""

    level: PointLevel
    name_zh: str
    divisions: tuple[str, ...]
    name_en: str = ""


def create_point(act: Act, new: NewPoint) -> ServicePoint:
    """Open a station or a village room within what the actor supervises."""
    if not act.actor.supervises:
        raise Forbidden("only_supervisors")
    if new.level is PointLevel.CENTRE:
        raise Invalid(fields={"level": ["centre_by_operator"]})
    if not covers_all(act.actor, new.divisions):
        raise Invalid(fields={"division": ["not_your_area"]})
    return open_point(act, new, act.actor.service_point_id)


def create_centre(act: Act, name_zh: str, divisions: Sequence[str], name_en: str) -> ServicePoint:
    """Open a centre, the root of trust of its divisions. For the operator's command only."""
    if not (act.actor.is_system or act.actor.is_operator):
        raise Forbidden("only_operators")
    taken = act.session.scalars(
        sa.select(ServicePointDivision.prefix)
        .join(ServicePointDivision.service_point)
        .where(
            ServicePointDivision.prefix.in_(divisions),
            ServicePoint.level == PointLevel.CENTRE,
            ServicePoint.closed_at.is_(None),
        )
    ).first()
    if taken is not None:
        raise Conflict("centre_exists", division=taken)
    return open_point(act, NewPoint(PointLevel.CENTRE, name_zh, tuple(divisions), name_en), None)


def open_point(act: Act, new: NewPoint, parent_id: int | None) -> ServicePoint:
    if not new.name_zh.strip():
        raise Invalid(fields={"name_zh": ["required"]})
    if not new.divisions:
        raise Invalid(fields={"division": ["required"]})
    if any(division(act.session, code) is None for code in new.divisions):
        raise Invalid(fields={"division": ["division_unknown"]})
    organisation = Organisation(
        kind=OrganisationKind.SOCIAL_WORK_STATION,
        name_zh=new.name_zh.strip(),
        name_en=new.name_en.strip(),
        division_code=new.divisions[0],
        verification=Verification.VERIFIED,
        verified_at=act.now,
        created_at=act.now,
        updated_at=act.now,
    )
    point = ServicePoint(
        level=new.level,
        name_zh=organisation.name_zh,
        name_en=organisation.name_en,
        parent_id=parent_id,
        organisation=organisation,
        created_at=act.now,
        divisions=[ServicePointDivision(prefix=code) for code in dict.fromkeys(new.divisions)],
    )
    act.session.add(point)
    act.session.flush()
    by = act.actor.person_id
    act.emit(OrganisationCreated(organisation_id=organisation.id, by_person_id=by))
    act.emit(OrganisationVerified(organisation.id, None, by))
    act.emit(ServicePointCreated(service_point_id=point.id, by_person_id=by))
    return point


def assign_worker(act: Act, point_public_id: str, address: Address, duty: Duty) -> Assignment:
    """Give a person a duty at a point; they become a member of its organisation.

    The phone or e-mail must be proven, so that nobody gets a duty by signing up with another's.
    """
    point = _supervised_point(act, point_public_id)
    _keep_open(act, point)
    if duty is Duty.SUPERVISOR and point.level is not PointLevel.CENTRE:
        raise Invalid(fields={"duty": ["supervisors_at_centres"]})
    person = find_person(act.session, act.house.secrets, address)
    if person is None or not is_proven(person, address.kind):
        raise Invalid(fields={"address": ["person_not_ready"]})
    return give_duty(act, point, person, duty)


def give_duty(act: Act, point: ServicePoint, person: Person, duty: Duty) -> Assignment:
    """Record a duty. Raises Conflict when the person has one at this point already."""
    who = sa.select(Person.id).where(Person.id == person.id)
    act.session.execute(who.with_for_update(key_share=True))
    already = act.session.scalar(
        sa.select(Assignment.id).where(
            Assignment.person_id == person.id,
            Assignment.service_point_id == point.id,
            Assignment.ended_at.is_(None),
        )
    )
    if already is not None:
        raise Conflict("duty_exists")
    made = Assignment(person_id=person.id, service_point_id=point.id, duty=duty, created_at=act.now)
    act.session.add(made)
    if point.organisation is not None:
        join(act, person, point.organisation, role_of(duty))
        person.acting_organisation_id = point.organisation_id
    act.session.flush()
    act.emit(AssignmentMade(made.id, person.id, point.id, act.actor.person_id))
    return made


def end_duty(act: Act, point_public_id: str, assignment_id: int) -> None:
    """End a duty; the membership that came with it ends too.

    Raises Conflict "duty_stands_in" while somebody who is away counts on this person there.
    """
    point = _supervised_point(act, point_public_id)
    found = act.session.get(
        Assignment, assignment_id, with_for_update=True, populate_existing=True
    )
    if found is None or found.service_point_id != point.id or found.ended_at is not None:
        raise NotFound
    if found.person_id == act.actor.person_id:
        raise Forbidden("not_your_own_duty")
    found.ended_at = act.now
    if point.organisation is not None:
        end_membership(act, found.person, point.organisation, role_of(found.duty))
    keep_stood_in_for(act, found.person_id)
    act.emit(AssignmentEnded(found.id, found.person_id, point.id, act.actor.person_id))


def role_of(duty: Duty) -> Role:
    """The role in the point's organisation that a duty brings."""
    return Role.MANAGER if duty is Duty.SUPERVISOR else Role.MEMBER


def _supervised_point(act: Act, public_id: str) -> ServicePoint:
    point = act.session.scalars(
        sa.select(ServicePoint).where(
            ServicePoint.public_id == public_id, ServicePoint.closed_at.is_(None)
        )
    ).first()
    if point is None or not can_supervise_point(act.actor, point):
        raise NotFound
    return point


def _keep_open(act: Act, point: ServicePoint) -> None:
    """Nobody closes it until the act ends. Raises NotFound when somebody just has."""
    query = sa.select(ServicePoint.id).where(
        ServicePoint.id == point.id, ServicePoint.closed_at.is_(None)
    )
    if act.session.execute(query.with_for_update(read=True)).first() is None:
        raise NotFound
