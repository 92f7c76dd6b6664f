"""Who acts: the person, the organisation they act for, and what their duties let them see."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload

from exchange.accounts.absence.queries import stood_in_for
from exchange.accounts.kinds import MembershipState, OrganisationKind
from exchange.accounts.models import Assignment, Membership, Organisation, Person, ServicePoint
from exchange.kernel.actor import VISITOR, Actor, Duty, Role


def load_actor(session: Session, person_id: int, organisation_id: int | None = None) -> Actor:
    """The actor in at most five queries; a visitor when the person is unknown or has left.

    Without an organisation it is the one the person last chose, else their own. One that they
    do not belong to is never taken.
    """
    person = session.get(Person, person_id)
    if person is None or person.closed_at is not None:
        return VISITOR
    memberships = active_memberships(session, person_id)
    assignments = open_assignments(session, person_id)
    chosen = _chosen(memberships, organisation_id or person.acting_organisation_id)
    served = _prefixes(assignments)
    return Actor(
        person_id=person.id,
        organisation_id=chosen.id if chosen else None,
        organisation_kind=chosen.kind.value if chosen else "",
        organisation_verified=chosen.is_verified if chosen else False,
        organisation_ids=frozenset(item.organisation_id for item in memberships),
        manages=frozenset(
            item.organisation_id for item in memberships if item.role is Role.MANAGER
        ),
        division=chosen.division_code if chosen else None,
        serves=served,
        supervises=_prefixes([item for item in assignments if item.duty is Duty.SUPERVISOR]),
        service_point_id=assignments[0].service_point_id if assignments else None,
        stands_in_for=stood_in_for(session, person_id) if assignments else frozenset(),
        is_operator=person.is_operator,
        phone_ok=person.phone_ok,
        name=person.name,
        locale=person.locale,
    )


def active_memberships(session: Session, person_id: int) -> Sequence[Membership]:
    """Active memberships with their organisations, the oldest first."""
    query = (
        sa.select(Membership)
        .join(Membership.organisation)
        .options(contains_eager(Membership.organisation))
        .where(Membership.person_id == person_id, Membership.state == MembershipState.ACTIVE)
        .order_by(Membership.id)
    )
    return session.scalars(query).all()


def open_assignments(session: Session, person_id: int) -> Sequence[Assignment]:
    """Duties that have not ended, at points that are open, the oldest first."""
    query = (
        sa.select(Assignment)
        .join(Assignment.service_point)
        .options(
            joinedload(Assignment.service_point).selectinload(ServicePoint.divisions),
        )
        .where(
            Assignment.person_id == person_id,
            Assignment.ended_at.is_(None),
            ServicePoint.closed_at.is_(None),
        )
        .order_by(Assignment.id)
    )
    return session.scalars(query).all()


def _chosen(memberships: Sequence[Membership], wanted: int | None) -> Organisation | None:
    by_id = {item.organisation_id: item.organisation for item in memberships}
    if wanted in by_id:
        return by_id[wanted]
    own = OrganisationKind.INDIVIDUAL_VOLUNTEER
    return next(
        (item for item in by_id.values() if item.kind is own), next(iter(by_id.values()), None)
    )


def _prefixes(assignments: Sequence[Assignment]) -> tuple[str, ...]:
    return tuple(
        sorted({served.prefix for item in assignments for served in item.service_point.divisions})
    )
