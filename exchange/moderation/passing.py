"""To whom an appeal passes where the place has no other supervisor than the one who decided.

First a supervisor of any other centre, and where there is none, those who run the site.
"""

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.kinds import MembershipState
from exchange.accounts.models import Assignment, Membership, ServicePoint, ServicePointDivision
from exchange.kernel.actor import WHOLE_COUNTRY, Actor, Duty
from exchange.moderation.models import Appeal, ModerationCase


def passed_to(actor: Actor) -> ColumnElement[bool]:
    """SQL: a waiting appeal of the ModerationCase is the actor's to decide only because there is
    nobody nearer. Whether it is about their own is for the caller to say.
    """
    alone = sa.not_(_another_supervises(here=True))
    if actor.supervises:
        ways = alone
    elif actor.is_operator:
        ways = sa.and_(alone, sa.not_(_another_supervises(here=False)))
    else:
        return sa.false()
    decided_by = ModerationCase.decided_by_id
    not_mine = sa.or_(decided_by.is_(None), decided_by != (actor.person_id or 0))
    waits = sa.exists().where(Appeal.case_id == ModerationCase.id, Appeal.decided_at.is_(None))
    return sa.and_(waits.correlate(ModerationCase), not_mine, ways)


def _another_supervises(*, here: bool) -> ColumnElement[bool]:
    """SQL: a supervisor may decide who has not decided before and has no part in it."""
    own_people = (
        sa.select(Membership.person_id)
        .where(
            Membership.organisation_id == ModerationCase.organisation_id,
            Membership.state == MembershipState.ACTIVE,
        )
        .correlate(ModerationCase)
    )
    found = sa.select(Assignment.id).join(
        ServicePoint, ServicePoint.id == Assignment.service_point_id
    )
    found = found.where(
        Assignment.duty == Duty.SUPERVISOR,
        Assignment.ended_at.is_(None),
        ServicePoint.closed_at.is_(None),
        Assignment.person_id != sa.func.coalesce(ModerationCase.decided_by_id, 0),
        Assignment.person_id != sa.func.coalesce(ModerationCase.about_person_id, 0),
        Assignment.person_id.not_in(own_people),
    )
    if here:
        found = found.where(sa.or_(ModerationCase.unserved.is_(True), _serves_there()))
    return found.correlate(ModerationCase).exists()


def _serves_there() -> ColumnElement[bool]:
    prefix, code = ServicePointDivision.prefix, ModerationCase.division_code
    inside = sa.func.substr(code, 1, sa.func.length(prefix)) == prefix
    return (
        sa.select(ServicePointDivision.prefix)
        .where(
            ServicePointDivision.service_point_id == ServicePoint.id,
            sa.or_(prefix == WHOLE_COUNTRY, inside),
        )
        .correlate(ServicePoint, ModerationCase)
        .exists()
    )
