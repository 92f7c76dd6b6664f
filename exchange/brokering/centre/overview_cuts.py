"""What each figure of a centre counts, as conditions that the list behind it shares."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.kinds import PointLevel
from exchange.accounts.models import ServicePoint
from exchange.accounts.points.routing import belongs_to_point, in_any_division
from exchange.accounts.points.rules import Routes
from exchange.brokering.centre.caseload_models import NeedAssignment
from exchange.brokering.centre.caseload_queries import is_open_need, is_unclaimed, is_waiting
from exchange.brokering.centre.escalation_models import Escalation
from exchange.brokering.kinds import DONE_STATES, LIVE_STATES, Answer, MatchState
from exchange.brokering.models import Commitment, Match, MatchSide
from exchange.listings.models import Listing

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Scope:
    """The area of a centre, or of it what is one station's work."""

    prefixes: tuple[str, ...]
    point_id: int | None = None


def scope_of(point: ServicePoint, supervises: tuple[str, ...]) -> Scope:
    """The area of a centre; of a station what is its work within what the reader supervises."""
    if point.level is PointLevel.CENTRE:
        return Scope(tuple(one.prefix for one in point.divisions))
    return Scope(supervises, point.id)


@dataclass(frozen=True)
class Cut:
    """Which matches and which needs a figure counts; none of a kind where that is missing.

    Conditions on matches may speak of ``Listing``: the need of the match. ``since`` names the
    column of Match from which a match waits, all that are counted have it; "" where that is when it
    was taken up, which is the order of ids.
    """

    matches: Condition | None = None
    needs: Condition | None = None
    since: str = ""


@dataclass(frozen=True)
class Asked:
    """Which figure, and of what part."""

    what: str
    person_id: int | None = None
    category: str = ""
    township: str = ""
    state: str = ""


WHATS = (
    "live", "open", "unclaimed", "state", "worker", "overdue", "told", "unanswered",
    "completed30", "completed90",
)  # fmt: skip


def cut_of(asked: Asked, now: datetime, today: date) -> Cut | None:
    """The conditions of a figure; None for a name that is none."""
    live = Match.state.in_(LIVE_STATES)
    plain = {
        "live": Cut(matches=live),
        "open": Cut(needs=is_open_need()),
        "unclaimed": Cut(needs=sa.and_(is_waiting(), *_parts(asked))),
        "overdue": Cut(matches=sa.and_(live, is_overdue(today))),
        "told": Cut(
            matches=_told(Escalation.match_id == Match.id),
            needs=_told(Escalation.need_id == Listing.id),
        ),
        "unanswered": Cut(matches=is_unanswered(), since="proposed_at"),
        "completed30": Cut(matches=completed_since(now, 30), since="closed_at"),
        "completed90": Cut(matches=completed_since(now, 90), since="closed_at"),
    }
    if asked.what == "state" and asked.state in tuple(MatchState):
        return Cut(matches=Match.state == MatchState(asked.state))
    if asked.what == "worker" and asked.person_id is not None:
        mine = sa.exists().where(
            NeedAssignment.need_id == Listing.id, NeedAssignment.person_id == asked.person_id
        )
        return Cut(
            matches=sa.and_(live, Match.broker_id == asked.person_id),
            needs=sa.and_(is_unclaimed(), mine),
        )
    return plain.get(asked.what)


def is_overdue(today: date) -> Condition:
    """As a condition on Match: something undelivered was due before today."""
    return sa.exists().where(
        Commitment.match_id == Match.id,
        Commitment.released_at.is_(None),
        Commitment.due_on < today,
        Commitment.delivered_milli < Commitment.taken_milli,
    )


def is_unanswered() -> Condition:
    """As a condition on Match: both were asked, and one has not answered."""
    pending = sa.exists().where(MatchSide.match_id == Match.id, MatchSide.answer == Answer.PENDING)
    return sa.and_(Match.state == MatchState.PROPOSED, pending)


def completed_since(now: datetime, days: int) -> Condition:
    """As a condition on Match: completed within the last days."""
    return sa.and_(Match.state.in_(DONE_STATES), Match.closed_at >= now - timedelta(days=days))


def needs_in(scope: Scope, routes: Routes) -> Condition:
    """As a condition on Listing: the need is work of the scope."""
    inside = in_any_division(Listing.division_code, scope.prefixes)
    if scope.point_id is None:
        return inside
    return sa.and_(inside, belongs_to_point(Listing.division_code, routes, scope.point_id))


def matches_in(scope: Scope, routes: Routes, open_points: tuple[int, ...]) -> Condition:
    """As a condition on a match and its need: the match is work of the scope.

    It belongs to the point that has it, and where that is unknown or closed to the need's.
    """
    inside = in_any_division(Listing.division_code, scope.prefixes)
    if scope.point_id is None:
        return inside
    here = belongs_to_point(Listing.division_code, routes, scope.point_id)
    at_none = sa.or_(
        Match.service_point_id.is_(None), Match.service_point_id.not_in(open_points)
    )
    return sa.and_(
        inside, sa.or_(Match.service_point_id == scope.point_id, sa.and_(at_none, here))
    )


def _parts(asked: Asked) -> list[Condition]:
    found: list[Condition] = [sa.true()]
    if asked.category:
        found.append(Listing.category_code == asked.category)
    if asked.township:
        found.append(Listing.division_code.startswith(asked.township, autoescape=True))
    return found


def _told(subject: Condition) -> Condition:
    return sa.exists().where(
        subject, Escalation.closed_at.is_(None), Escalation.told_at.is_not(None)
    )
