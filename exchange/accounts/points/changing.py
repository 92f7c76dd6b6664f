"""Changing service points: what they serve, under which they hang, and closing them."""

from collections.abc import Sequence

import sqlalchemy as sa

from exchange.accounts.absence.service import keep_stood_in_for
from exchange.accounts.events import AssignmentEnded
from exchange.accounts.kinds import PointLevel
from exchange.accounts.models import Assignment, ServicePoint, ServicePointDivision
from exchange.accounts.organisations.member_service import end_membership
from exchange.accounts.permissions import can_supervise_point, covers_all
from exchange.accounts.points.events import (
    ServicePointClosed,
    ServicePointDivisionsChanged,
    ServicePointMoved,
)
from exchange.accounts.points.rules import may_stand_under
from exchange.accounts.points.service import role_of
from exchange.geography.queries import division
from exchange.kernel.act import Act
from exchange.kernel.actor import covers
from exchange.kernel.errors import Conflict, Invalid, NotFound

MOST_DIVISIONS = 60


def serve_divisions(act: Act, public_id: str, codes: Sequence[str]) -> ServicePoint:
    """Let a station or room serve these divisions, all within what the actor supervises.

    Work that is under way stays with its owner. What lies within another of the divisions is left
    out. Raises NotFound, Invalid for none, too many, unknown ones or ones of another area, or
    Conflict where a stand-in of somebody who is away would not serve their places any more.
    """
    point = _changeable(act, public_id)
    duties = _open_duties(act, point)
    wanted = _outermost(codes)
    if not wanted:
        raise Invalid(fields={"division": ["required"]})
    if len(wanted) > MOST_DIVISIONS:
        raise Invalid(fields={"division": ["too_many_divisions"]}, most=MOST_DIVISIONS)
    if any(division(act.session, code) is None for code in wanted):
        raise Invalid(fields={"division": ["division_unknown"]})
    if not covers_all(act.actor, wanted):
        raise Invalid(fields={"division": ["not_your_area"]})
    before = tuple(sorted(one.prefix for one in point.divisions))
    if wanted == before:
        return point
    kept = {one.prefix: one for one in point.divisions}
    point.divisions = [kept.get(code) or ServicePointDivision(prefix=code) for code in wanted]
    if point.organisation is not None and not _is_inside(point.organisation.division_code, wanted):
        point.organisation.division_code = wanted[0]
        point.organisation.updated_at = act.now
    act.session.flush()
    for person_id in sorted({duty.person_id for duty in duties}):
        keep_stood_in_for(act, person_id)
    act.emit(ServicePointDivisionsChanged(point.id, ",".join(before), ",".join(wanted)))
    return point


def hang_under(act: Act, public_id: str, parent_public_id: str) -> ServicePoint:
    """Hang a room under a station or centre, a station under a centre.

    Raises NotFound, or Invalid where the other is not above it.
    """
    point = _changeable(act, public_id)
    parent = _open_point(act, parent_public_id)
    if not (can_supervise_point(act.actor, parent) and may_stand_under(point.level, parent.level)):
        raise Invalid(fields={"parent": ["parent_not_above"]})
    if point.parent_id != parent.id:
        before, point.parent_id = point.parent_id, parent.id
        act.session.flush()
        act.emit(ServicePointMoved(point.id, before, parent.id))
    return point


def close_point(act: Act, public_id: str) -> ServicePoint:
    """Close a station or room: its open work and what hangs under it go to the parent, which is
    returned; all duties here end.

    Raises NotFound, or Conflict where nothing stands above it, nobody can take the work or
    somebody from elsewhere is away and counts on one of those who serve here.
    """
    point = _changeable(act, public_id)
    parent = _parent_of(act, point)
    duties = _open_duties(act, point)
    point.closed_at = act.now
    below = sa.select(ServicePoint).where(ServicePoint.parent_id == point.id)
    for one in act.session.scalars(below.order_by(ServicePoint.id)).all():
        one.parent_id = parent.id
    act.session.flush()
    act.emit(ServicePointClosed(point.id, parent.id))
    _end_duties(act, point, duties)
    return parent


def _open_duties(act: Act, point: ServicePoint) -> Sequence[Assignment]:
    """Locked first of all: whoever takes up a case holds their duty before anything else."""
    return act.session.scalars(
        sa.select(Assignment)
        .where(Assignment.service_point_id == point.id, Assignment.ended_at.is_(None))
        .order_by(Assignment.id)
        .with_for_update(of=Assignment)
    ).all()


def _end_duties(act: Act, point: ServicePoint, duties: Sequence[Assignment]) -> None:
    for duty in duties:
        duty.ended_at = act.now
        if point.organisation is not None:
            end_membership(act, duty.person, point.organisation, role_of(duty.duty))
    for person_id in sorted({duty.person_id for duty in duties}):
        keep_stood_in_for(act, person_id)
    for duty in duties:
        act.emit(AssignmentEnded(duty.id, duty.person_id, point.id, act.actor.person_id))


def _changeable(act: Act, public_id: str) -> ServicePoint:
    """A supervised point that is no centre. All open points are locked until the act ends, by id:
    who closes a station and who closes what it hangs under do not wait for each other.
    """
    every = sa.select(ServicePoint.id).where(ServicePoint.closed_at.is_(None))
    act.session.execute(every.order_by(ServicePoint.id).with_for_update(key_share=True)).all()
    point = _open_point(act, public_id)
    if not can_supervise_point(act.actor, point):
        raise NotFound
    if point.level is PointLevel.CENTRE:
        raise Conflict("centre_by_operator")
    return point


def _open_point(act: Act, public_id: str) -> ServicePoint:
    point = act.session.scalar(
        sa.select(ServicePoint)
        .where(ServicePoint.public_id == public_id, ServicePoint.closed_at.is_(None))
        .execution_options(populate_existing=True)
    )
    if point is None:
        raise NotFound
    return point


def _parent_of(act: Act, point: ServicePoint) -> ServicePoint:
    """What it hangs under, else the nearest open point above that serves all its places."""
    query = sa.select(ServicePoint).where(
        ServicePoint.closed_at.is_(None), ServicePoint.id != point.id
    )
    if point.parent_id is not None:
        found = act.session.scalar(query.where(ServicePoint.id == point.parent_id))
        if found is not None:
            return found
    served = [one.prefix for one in point.divisions]
    above = [
        (max(len(one.prefix) for one in other.divisions), -other.id, other)
        for other in act.session.scalars(query)
        if may_stand_under(point.level, other.level)
        and other.divisions
        and all(_is_inside(code, tuple(d.prefix for d in other.divisions)) for code in served)
    ]
    if not above:
        raise Conflict("point_without_parent")
    return max(above, key=lambda one: one[:2])[2]


def _outermost(codes: Sequence[str]) -> tuple[str, ...]:
    """In order, without those that lie within another."""
    unique = sorted(set(codes))
    return tuple(
        code for code in unique if not any(one != code and covers(one, code) for one in unique)
    )


def _is_inside(code: str, prefixes: tuple[str, ...]) -> bool:
    return any(covers(prefix, code) for prefix in prefixes)
