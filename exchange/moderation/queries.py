"""Reading cases, reports and appeals."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.kinds import MembershipState
from exchange.accounts.models import (
    Assignment,
    Membership,
    Person,
    ServicePoint,
    ServicePointDivision,
)
from exchange.brokering.models import Match
from exchange.kernel.actor import Actor, Duty, ancestors
from exchange.listings.models import Listing
from exchange.moderation.kinds import CaseState, Reason, Shown
from exchange.moderation.models import Appeal, CaseStep, ModerationCase, Report
from exchange.moderation.permissions import handled_by, owned_by
from exchange.moderation.things import ever_held, holds_anything

PAGE = 30
WITH_TARGET = (
    joinedload(ModerationCase.listing).options(
        joinedload(Listing.organisation, innerjoin=True), selectinload(Listing.coverage)
    ),
    joinedload(ModerationCase.organisation),
    joinedload(ModerationCase.match).options(
        joinedload(Match.need, innerjoin=True).options(
            joinedload(Listing.organisation, innerjoin=True), selectinload(Listing.coverage)
        ),
        joinedload(Match.offer, innerjoin=True).options(
            joinedload(Listing.organisation, innerjoin=True), selectinload(Listing.coverage)
        ),
    ),
    joinedload(ModerationCase.project),
    joinedload(ModerationCase.activity),
    joinedload(ModerationCase.about_person),
    joinedload(ModerationCase.claimed_by),
)


def cases_for(
    session: Session, actor: Actor, shown: Shown, page: int = 1
) -> tuple[Sequence[ModerationCase], bool]:
    """A page of the cases that the actor looks after, the most pressing first; are there more?"""
    order = (
        (ModerationCase.closed_at.desc(), ModerationCase.id.desc())
        if shown is Shown.CLOSED
        else (ModerationCase.priority, ModerationCase.id)
    )
    query = (
        sa.select(ModerationCase)
        .options(*WITH_TARGET)
        .where(handled_by(actor), _of(actor, shown))
        .order_by(*order)
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    found = session.scalars(query).all()
    return found[:PAGE], len(found) > PAGE


def count_cases(session: Session, actor: Actor) -> dict[Shown, int]:
    """How many cases stand under each filter, in one query."""
    sums = [
        sa.func.count(sa.case((_of(actor, shown), ModerationCase.id))) for shown in Shown
    ]
    found = session.execute(sa.select(*sums).where(handled_by(actor))).one()
    return dict(zip(Shown, found, strict=True))


def waiting_count(session: Session, actor: Actor) -> int:
    """How many cases wait for the actor's station or centre, appeals among them."""
    waits = sa.or_(_of(actor, Shown.OPEN), _of(actor, Shown.APPEALS))
    query = sa.select(sa.func.count(ModerationCase.id)).where(handled_by(actor), waits)
    return session.scalar(query) or 0


def case_with_id(session: Session, public_id: str) -> ModerationCase | None:
    """The case, without asking who looks."""
    query = sa.select(ModerationCase).where(ModerationCase.public_id == public_id)
    return session.scalars(query.options(*WITH_TARGET)).first()


def reports_of(session: Session, case_id: int) -> Sequence[Report]:
    """The reports of a case with who made them, the oldest first. For deciders only."""
    query = (
        sa.select(Report)
        .options(joinedload(Report.reporter))
        .where(Report.case_id == case_id)
        .order_by(Report.id)
    )
    return session.scalars(query).all()


def reasons_of(session: Session, case_ids: Iterable[int]) -> dict[int, list[Reason]]:
    """The reasons that each case was reported for, in one query."""
    found: dict[int, list[Reason]] = {case_id: [] for case_id in case_ids}
    query = sa.select(Report.case_id, Report.reason).where(Report.case_id.in_(sorted(found)))
    for case_id, reason in session.execute(query.order_by(Report.id)):
        found[case_id].append(reason)
    return found


def steps_of(session: Session, case_id: int) -> Sequence[CaseStep]:
    """What happened in a case, the newest first."""
    query = (
        sa.select(CaseStep)
        .options(joinedload(CaseStep.person))
        .where(CaseStep.case_id == case_id)
        .order_by(CaseStep.id.desc())
    )
    return session.scalars(query).all()


def appeals_of(session: Session, case_id: int) -> Sequence[Appeal]:
    """The appeals of a case, the newest first."""
    query = (
        sa.select(Appeal)
        .options(joinedload(Appeal.asked_by))
        .where(Appeal.case_id == case_id)
        .order_by(Appeal.id.desc())
    )
    return session.scalars(query).all()


def pending_appeal(session: Session, case_id: int) -> Appeal | None:
    """The appeal that nobody has decided."""
    query = sa.select(Appeal).where(Appeal.case_id == case_id, Appeal.decided_at.is_(None))
    return session.scalars(query).first()


def is_holding(session: Session, case_id: int) -> bool:
    """Whether something is hidden for the case."""
    return holds_anything(session, case_id)


def own_reports(
    session: Session, person_id: int, before: int | None = None, limit: int = PAGE + 1
) -> Sequence[Report]:
    """A person's own reports with their cases, the newest first."""
    query = (
        sa.select(Report).options(joinedload(Report.case)).where(Report.reporter_id == person_id)
    )
    if before is not None:
        query = query.where(Report.id < before)
    return session.scalars(query.order_by(Report.id.desc()).limit(limit)).all()


def own_report(session: Session, person_id: int, public_id: str) -> Report | None:
    """One of a person's own reports."""
    query = sa.select(Report).options(joinedload(Report.case))
    mine = query.where(Report.reporter_id == person_id, Report.public_id == public_id)
    return session.scalars(mine).first()


def own_decisions(
    session: Session, actor: Actor, *conditions: ColumnElement[bool], limit: int = 5
) -> Sequence[ModerationCase]:
    """Cases about the actor's own of which the owner has been told something, newest first."""
    query = (
        sa.select(ModerationCase)
        .where(owned_by(actor), told_to_owner(), *conditions)
        .order_by(ModerationCase.id.desc())
        .limit(limit)
    )
    return session.scalars(query).all()


def told_to_owner() -> ColumnElement[bool]:
    """SQL: the owner knows of the case, because it was hidden or something was said to them."""
    return sa.or_(ModerationCase.said != "", ever_held())


def open_case_about(session: Session, target_key: str) -> ModerationCase | None:
    """The case about a target that is not closed."""
    query = sa.select(ModerationCase).where(
        ModerationCase.target_key == target_key, ModerationCase.state != CaseState.CLOSED
    )
    return session.scalars(query).first()


def deciders_of(
    session: Session, case: ModerationCase, *, centre: bool = False, anywhere: bool = False
) -> set[int]:
    """Ids of those who look after the case, as ``can_handle`` says; only supervisors, or all; of
    every centre where nobody serves the place, or where ``anywhere`` is asked. One query.
    """
    query = (
        sa.select(Assignment.person_id)
        .join(ServicePoint, ServicePoint.id == Assignment.service_point_id)
        .where(
            Assignment.ended_at.is_(None),
            ServicePoint.closed_at.is_(None),
            Assignment.person_id.not_in(_own_people(case)),
            Assignment.person_id != (case.about_person_id or 0),
        )
    )
    if not (case.unserved or anywhere):
        query = query.join(
            ServicePointDivision, ServicePointDivision.service_point_id == ServicePoint.id
        ).where(ServicePointDivision.prefix.in_(ancestors(case.division_code)))
    if centre or case.at_centre or case.unserved:
        query = query.where(Assignment.duty == Duty.SUPERVISOR)
    return set(session.scalars(query))


def operators_for(session: Session, case: ModerationCase) -> set[int]:
    """Ids of those who run the site and have no part in the case."""
    query = sa.select(Person.id).where(
        Person.is_operator,
        Person.closed_at.is_(None),
        Person.id.not_in(_own_people(case)),
        Person.id != (case.about_person_id or 0),
    )
    return set(session.scalars(query))


def _own_people(case: ModerationCase) -> sa.Select[int]:
    return sa.select(Membership.person_id).where(
        Membership.organisation_id == case.organisation_id,
        Membership.state == MembershipState.ACTIVE,
    )


def overdue(session: Session, priority: int, before: datetime, limit: int) -> Sequence[int]:
    """Ids of open cases of a priority from before a moment of which nobody was told yet."""
    query = sa.select(ModerationCase.id).where(
        ModerationCase.state == CaseState.OPEN,
        ModerationCase.priority == priority,
        ModerationCase.opened_at < before,
        ModerationCase.overdue_told_at.is_(None),
    )
    return session.scalars(query.order_by(ModerationCase.id).limit(limit)).all()


def _of(actor: Actor, shown: Shown) -> ColumnElement[bool]:
    undecided = sa.exists().where(
        Appeal.case_id == ModerationCase.id, Appeal.decided_at.is_(None)
    ).correlate(ModerationCase)
    if shown is Shown.APPEALS:
        return undecided
    if shown is Shown.MINE:
        return sa.and_(
            ModerationCase.claimed_by_id == actor.person_id,
            ModerationCase.state != CaseState.CLOSED,
        )
    return ModerationCase.state == CaseState(shown.value)
