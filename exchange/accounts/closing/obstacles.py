"""What keeps an account open: duties that somebody else must take over first.

Rooms that come later add theirs with ``add_obstacles``; each is a sentence with a link to the act
that clears it away.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exchange.accounts.absence.models import Absence
from exchange.accounts.kinds import MembershipState, OrganisationKind, PointLevel
from exchange.accounts.models import Assignment, Membership, Organisation, Person, ServicePoint
from exchange.accounts.queries import managers_of
from exchange.kernel.act import House
from exchange.kernel.actor import Duty

RESOURCE = "closing_obstacles"


@dataclass(frozen=True)
class Obstacle:
    """Why an account cannot be closed: a code for the sentence, and where it is put right."""

    code: str
    path: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Leaving:
    """Who leaves, and the organisations in which nobody would be left."""

    person_id: int
    emptied: tuple[int, ...]


Find = Callable[[Session, Leaving], Sequence[Obstacle]]


def add_obstacles(house: House, find: Find) -> None:
    """Let a room say what it still needs a person for."""
    house.resources.setdefault(RESOURCE, []).append(find)


def obstacles_of(house: House, session: Session, person_id: int) -> list[Obstacle]:
    """Everything that keeps the account open; empty when it may be closed."""
    leaving = Leaving(person_id, emptied_by(session, person_id))
    found = [*_organisations(session, leaving), *_duties(session, person_id)]
    for find in house.resources.get(RESOURCE, ()):
        found += find(session, leaving)
    return found


def emptied_by(session: Session, person_id: int) -> tuple[int, ...]:
    """Ids of the organisations in which nobody else is; the person's own always is one."""
    others = aliased(Membership)
    query = (
        sa.select(Membership.organisation_id)
        .where(
            Membership.person_id == person_id,
            Membership.state == MembershipState.ACTIVE,
            ~sa.exists().where(ServicePoint.organisation_id == Membership.organisation_id),
            ~sa.exists().where(
                others.organisation_id == Membership.organisation_id,
                others.person_id != person_id,
                others.state == MembershipState.ACTIVE,
            ),
        )
        .order_by(Membership.organisation_id)
    )
    return tuple(session.scalars(query))


def _organisations(session: Session, leaving: Leaving) -> list[Obstacle]:
    """Organisations that would be left without a manager."""
    query = (
        sa.select(Organisation)
        .join(Organisation.memberships)
        .where(
            Membership.person_id == leaving.person_id,
            Membership.state == MembershipState.ACTIVE,
            Organisation.kind != OrganisationKind.INDIVIDUAL_VOLUNTEER,
            Organisation.id.not_in(leaving.emptied),
            ~sa.exists().where(ServicePoint.organisation_id == Organisation.id),
        )
        .order_by(Organisation.id)
    )
    return [
        Obstacle(
            "closing_last_manager", f"/organisations/{one.public_id}/members",
            {"name": one.name_zh},
        )
        for one in session.scalars(query).all()
        if managers_of(session, one.id) == (leaving.person_id,)
    ]  # fmt: skip


def _duties(session: Session, person_id: int) -> list[Obstacle]:
    """The only supervisor of a centre, the only operator, whoever stands in for somebody."""
    found = [
        Obstacle("closing_last_supervisor", f"/points/{public_id}/workers", {"name": name})
        for point_id, public_id, name in session.execute(
            sa.select(ServicePoint.id, ServicePoint.public_id, ServicePoint.name_zh)
            .join(Assignment, Assignment.service_point_id == ServicePoint.id)
            .where(
                Assignment.person_id == person_id, Assignment.ended_at.is_(None),
                Assignment.duty == Duty.SUPERVISOR, ServicePoint.level == PointLevel.CENTRE,
                ServicePoint.closed_at.is_(None),
            )
            .order_by(ServicePoint.id)
        ).all()
        if not _others_supervise(session, point_id, person_id)
    ]  # fmt: skip
    if _is_last_operator(session, person_id):
        found.append(Obstacle("closing_last_operator", ""))
    away = sa.select(Absence.id).where(
        Absence.stand_in_id == person_id, Absence.ended_at.is_(None)
    )
    if session.scalar(away.limit(1)) is not None:
        found.append(Obstacle("closing_stands_in", ""))
    return found


def _others_supervise(session: Session, point_id: int, person_id: int) -> bool:
    query = sa.select(Assignment.id).where(
        Assignment.service_point_id == point_id, Assignment.person_id != person_id,
        Assignment.duty == Duty.SUPERVISOR, Assignment.ended_at.is_(None),
    )  # fmt: skip
    return session.scalar(query.limit(1)) is not None


def _is_last_operator(session: Session, person_id: int) -> bool:
    query = sa.select(Person.id).where(Person.is_operator, Person.closed_at.is_(None))
    return list(session.scalars(query)) == [person_id]
