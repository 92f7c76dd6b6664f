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
from exchange.brokering.centre.caseload_queries import is_unclaimed
from exchange.brokering.centre.escalation_models import Escalation
from exchange.brokering.centre.escalation_rules import Cause, Patience, Rest, day_after, rests
from exchange.brokering.centre.settings import CentreSettings
from exchange.brokering.kinds import LIVE_STATES, Answer, MatchState
from exchange.brokering.models import Commitment, Match
from exchange.kernel.actor import Actor
from exchange.listings.models import Listing

PAGE = 30


@dataclass(frozen=True)
class Subject:
    """A live match or an assigned need, and where its need lies."""

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
    """Since when an assigned need waits: since it was given, or since its last match ended."""
    assigned_at = session.scalar(
        sa.select(NeedAssignment.assigned_at)
        .join(Listing, Listing.id == NeedAssignment.need_id)
        .where(NeedAssignment.need_id == need_id, is_unclaimed())
    )
    if assigned_at is None:
        return None
    ended = session.scalar(
        sa.select(Match.updated_at)
        .where(Match.need_id == need_id)
        .order_by(Match.updated_at.desc())
        .limit(1)
    )
    return Rest(Cause.ASSIGNED, max(assigned_at, ended or assigned_at))


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
