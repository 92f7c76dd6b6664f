"""Cases that rest, and those of which somebody was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.points.routing import in_any_division
from exchange.brokering.centre.caseload_models import NeedAssignment
from exchange.brokering.centre.caseload_queries import is_in_nobodys_hands, is_unclaimed
from exchange.brokering.centre.escalation_models import Escalation
from exchange.brokering.centre.escalation_rules import (
    Cause,
    Patience,
    Rest,
    day_after,
    is_time,
    rests,
)
from exchange.brokering.centre.settings import CentreSettings, SettingsByPlace
from exchange.brokering.kinds import LIVE_STATES, Answer, MatchState
from exchange.brokering.models import Commitment, Match
from exchange.kernel.actor import Actor
from exchange.listings.models import Listing

PAGE = 30


@dataclass(frozen=True)
class Subject:
    """A live match or an open need without one, and where its need lies."""

    match_id: int | None
    need_id: int | None
    division_code: str | None


def patience_of(settings: CentreSettings) -> Patience:
    """How long things may rest in an area."""
    return Patience(
        settings.escalate_claimed_days, settings.escalate_answer_days, settings.escalate_due_days
    )


def resting(session: Session, before: datetime) -> list[Subject]:
    """Live matches and assigned needs in which nothing has happened since a moment; by id."""
    matches = (
        sa.select(Match.id, Listing.division_code)
        .join(Listing, Listing.id == Match.need_id)
        .where(Match.state.in_(LIVE_STATES), Match.updated_at <= before)
        .order_by(Match.id)
    )
    needs = (
        sa.select(NeedAssignment.need_id, Listing.division_code)
        .join(Listing, Listing.id == NeedAssignment.need_id)
        .where(is_unclaimed(), NeedAssignment.assigned_at <= before)
        .order_by(NeedAssignment.need_id)
    )
    found = [Subject(key, None, code) for key, code in session.execute(matches)]
    return found + [Subject(None, key, code) for key, code in session.execute(needs)]


def waiting(session: Session, settings: SettingsByPlace, now: datetime) -> list[Subject]:
    """Needs in nobody's hands for longer than their centre allows, of which nobody was told; by id,
    in one query.
    """
    told = sa.exists().where(Escalation.need_id == Listing.id, Escalation.closed_at.is_(None))
    rows = session.execute(
        sa.select(Listing.id, Listing.division_code, _published(), _last_touched())
        .where(is_in_nobodys_hands(), sa.not_(told))
        .order_by(Listing.id)
    )
    found = [
        (Subject(None, key, code), Rest(Cause.UNCLAIMED, max(begun, touched or begun)))
        for key, code, begun, touched in rows
    ]
    return [
        subject for subject, rest in found
        if is_time(rest, patience_of(settings.of(subject.division_code)), now)
    ]  # fmt: skip


def rest_of_match(session: Session, match: Match, time_zone: str) -> Rest | None:
    """Why a live match waits for its worker, and since when."""
    answered = any(side.answer is not Answer.PENDING for side in match.sides)
    return rests(
        is_claimed=match.state is MatchState.CLAIMED,
        has_answer=match.state is MatchState.INTRODUCED
        or (match.state is MatchState.PROPOSED and answered),
        is_agreed=match.state in (MatchState.AGREED, MatchState.DELIVERING),
        touched=match.updated_at,
        due=_overdue_from(session, match.id, time_zone),
    )


def rest_of_need(session: Session, need_id: int) -> Rest | None:
    """Since when an open need waits: since it was given to somebody, or published where nobody has
    it in hand, or since its last match ended.
    """
    row = session.execute(
        sa.select(NeedAssignment.assigned_at, _published(), _last_touched())
        .select_from(Listing)
        .outerjoin(NeedAssignment, NeedAssignment.need_id == Listing.id)
        .where(
            Listing.id == need_id, is_unclaimed(),
            sa.or_(NeedAssignment.need_id.is_not(None), is_in_nobodys_hands()),
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    assigned_at, published, touched = row
    cause = Cause.ASSIGNED if assigned_at else Cause.UNCLAIMED
    begun = assigned_at or published
    return Rest(cause, max(begun, touched or begun))


def _published() -> ColumnElement[datetime]:
    return sa.func.coalesce(Listing.published_at, Listing.created_at)


def _last_touched() -> sa.ScalarSelect[datetime]:
    """When something last happened with any match of a need."""
    last = sa.select(sa.func.max(Match.updated_at)).where(Match.need_id == Listing.id)
    return last.correlate(Listing).scalar_subquery()


def open_escalation(session: Session, subject: Subject) -> Escalation | None:
    """What is open of a case."""
    about = (
        Escalation.match_id == subject.match_id
        if subject.match_id is not None
        else Escalation.need_id == subject.need_id
    )
    return session.scalar(sa.select(Escalation).where(about, Escalation.closed_at.is_(None)))


def in_area(prefixes: tuple[str, ...]) -> ColumnElement[bool]:
    """As a condition on Escalation: its need lies in one of the divisions."""
    inside = in_any_division(Listing.division_code, prefixes)
    of_match = sa.exists().where(
        Match.id == Escalation.match_id, Listing.id == Match.need_id, inside
    )
    return sa.or_(of_match, sa.exists().where(Listing.id == Escalation.need_id, inside))


def told_cases(
    session: Session, actor: Actor, after_id: int = 0, limit: int = PAGE + 1
) -> Sequence[Escalation]:
    """What supervisors were told of and nobody has acted on since, the oldest first."""
    if not actor.supervises:
        return ()
    query = (
        sa.select(Escalation)
        .options(
            joinedload(Escalation.person),
            joinedload(Escalation.need).joinedload(Listing.organisation),
            joinedload(Escalation.match).joinedload(Match.need).joinedload(Listing.organisation),
            joinedload(Escalation.match).joinedload(Match.offer).joinedload(Listing.organisation),
            joinedload(Escalation.match).joinedload(Match.broker),
        )
        .where(
            Escalation.closed_at.is_(None), Escalation.told_at.is_not(None),
            Escalation.id > after_id, in_area(actor.supervises),
        )
        .order_by(Escalation.id)
        .limit(limit)
    )  # fmt: skip
    return session.scalars(query).all()


def count_told(session: Session, actor: Actor) -> int:
    """How many of them there are."""
    query = sa.select(sa.func.count()).select_from(Escalation)
    told = (Escalation.closed_at.is_(None), Escalation.told_at.is_not(None))
    return session.scalar(query.where(*told, in_area(actor.supervises))) or 0


def _overdue_from(session: Session, match_id: int, time_zone: str) -> datetime | None:
    first = session.scalar(
        sa.select(sa.func.min(Commitment.due_on)).where(
            Commitment.match_id == match_id,
            Commitment.released_at.is_(None),
            Commitment.delivered_milli < Commitment.taken_milli,
        )
    )
    if first is None:
        return None
    return datetime.combine(day_after(first), time.min, tzinfo=ZoneInfo(time_zone))
