"""Reading the figures of a centre in a fixed number of queries, and the lists behind them."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.accounts.absence.queries import stand_ins_of
from exchange.accounts.models import Assignment, Person
from exchange.accounts.points.routing import load_routes
from exchange.accounts.points.rules import Routes
from exchange.brokering.centre.caseload_models import NeedAssignment
from exchange.brokering.centre.caseload_queries import (
    is_open_need,
    is_unclaimed,
    is_waiting,
    workers,
)
from exchange.brokering.centre.escalation_models import Escalation
from exchange.brokering.centre.overview_cuts import (
    Scope,
    completed_since,
    is_overdue,
    is_unanswered,
    needs_in,
)
from exchange.brokering.centre.overview_values import (
    Figures,
    Overview,
    WorkerFigures,
    days_between,
    earlier,
)
from exchange.brokering.centre.settings import all_centre_settings
from exchange.brokering.kinds import LIVE_STATES, MatchState
from exchange.brokering.models import Match, MatchSide, Outcome
from exchange.listings.models import Listing

LOOKED_BACK = timedelta(days=90)
MOST_UNMET = 10
TOWNSHIP = 9


@dataclass(frozen=True)
class Moment:
    """As of when."""

    now: datetime
    today: date


class _Fold:
    """Gathers rows by the point whose work they are."""

    def __init__(self, session: Session, scope: Scope, moment: Moment) -> None:
        self.session, self.scope, self.moment = session, scope, moment
        self.routes: Routes = load_routes(session)
        self.points: dict[int | None, Figures] = defaultdict(Figures)
        self.categories: Counter[str] = Counter()
        self.townships: Counter[str] = Counter()
        self.hands: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        # A row counts for its point in Python, so that all points come from the same queries.
        self.area = needs_in(Scope(scope.prefixes), self.routes)

    def at(self, point_id: int | None, division_code: str | None) -> Figures | None:
        """The figures of the point; None where that lies outside of the scope."""
        found = point_id if self.routes.knows(point_id) else self.routes.of(division_code)
        if self.scope.point_id is not None and found != self.scope.point_id:
            return None
        return self.points[found]

    def matches(self, *columns: Any) -> Any:
        """A query of matches in the area, with the point and the place first."""
        chosen = (Match.service_point_id, Listing.division_code, *columns)
        return sa.select(*chosen).join(Listing, Listing.id == Match.need_id).where(self.area)


def overview(session: Session, scope: Scope, moment: Moment) -> Overview:
    """All figures of a scope."""
    fold = _Fold(session, scope, moment)
    for step in (_needs, _live, _overdue, _answers, _claims, _outcomes, _told, _assigned):
        step(fold)
    whole = Figures()
    for figures in fold.points.values():
        whole.add(figures)
    return Overview(
        whole, dict(fold.points), _workers(fold),
        fold.categories.most_common(MOST_UNMET), fold.townships.most_common(MOST_UNMET),
    )  # fmt: skip


def _needs(fold: _Fold) -> None:
    waits = sa.case((is_waiting(), 1), else_=0)
    rows = fold.session.execute(
        sa.select(
            Listing.division_code, Listing.category_code, waits, sa.func.count(),
            sa.func.min(Listing.published_at),
        )
        .where(fold.area, is_open_need())
        .group_by(Listing.division_code, Listing.category_code, waits)
    )  # fmt: skip
    for division, category, does_wait, count, oldest in rows:
        figures = fold.at(None, division)
        if figures is None:
            continue
        figures.open_needs += count
        if does_wait:
            figures.unclaimed += count
            figures.oldest_unclaimed = earlier(figures.oldest_unclaimed, oldest)
            fold.categories[category or ""] += count
            fold.townships[(division or "")[:TOWNSHIP]] += count


def _live(fold: _Fold) -> None:
    keys = (Match.service_point_id, Listing.division_code, Match.state, Match.broker_id)
    query = fold.matches(Match.state, Match.broker_id, sa.func.count())
    for point, division, state, broker, count in fold.session.execute(
        query.where(Match.state.in_(LIVE_STATES)).group_by(*keys)
    ):
        figures = fold.at(point, division)
        if figures is not None:
            figures.states[MatchState(state)] += count
            fold.hands[broker][0] += count


def _overdue(fold: _Fold) -> None:
    query = fold.matches(sa.func.count()).where(
        Match.state.in_(LIVE_STATES), is_overdue(fold.moment.today)
    )
    keys = (Match.service_point_id, Listing.division_code)
    for point, division, count in fold.session.execute(query.group_by(*keys)):
        figures = fold.at(point, division)
        if figures is not None:
            figures.overdue += count


def _answers(fold: _Fold) -> None:
    """From asking to each answer, of the last 90 days; and who has waited longest."""
    since = fold.moment.now - LOOKED_BACK
    answered = (
        fold.matches(Match.proposed_at, MatchSide.answered_at)
        .join(MatchSide, MatchSide.match_id == Match.id)
        .where(MatchSide.answered_at >= since, Match.proposed_at.is_not(None))
    )
    for point, division, proposed, at in fold.session.execute(answered):
        figures = fold.at(point, division)
        if figures is not None:
            figures.answer_days.append(days_between(proposed, at))
    keys = (Match.service_point_id, Listing.division_code)
    waiting = fold.matches(sa.func.count(), sa.func.min(Match.proposed_at))
    for point, division, count, oldest in fold.session.execute(
        waiting.where(is_unanswered()).group_by(*keys)
    ):
        figures = fold.at(point, division)
        if figures is not None:
            figures.unanswered += count
            figures.oldest_unanswered = earlier(figures.oldest_unanswered, oldest)


def _claims(fold: _Fold) -> None:
    """From publication to the first claim, of needs first taken up in the last 90 days."""
    first = sa.func.min(Match.created_at)
    rows = fold.session.execute(
        sa.select(Listing.division_code, Listing.published_at, first)
        .join(Match, Match.need_id == Listing.id)
        .where(
            fold.area, Match.state != MatchState.DISMISSED, Listing.published_at.is_not(None)
        )
        .group_by(Listing.id, Listing.division_code, Listing.published_at)
        .having(first >= fold.moment.now - LOOKED_BACK)
    )
    for division, published, claimed in rows:
        figures = fold.at(None, division)
        if figures is not None and published is not None:
            figures.claim_days.append(days_between(published, claimed))


def _outcomes(fold: _Fold) -> None:
    query = fold.matches(Match.closed_at, sa.func.coalesce(Outcome.people, 0))
    now = fold.moment.now
    for point, division, closed, people in fold.session.execute(
        query.outerjoin(Outcome, Outcome.match_id == Match.id).where(completed_since(now, 90))
    ):
        figures = fold.at(point, division)
        if figures is None:
            continue
        for days in figures.completed:
            if closed >= now - timedelta(days=days):
                figures.completed[days] += 1
                figures.people[days] += people


def _told(fold: _Fold) -> None:
    rows = fold.session.execute(
        sa.select(Match.service_point_id, Listing.division_code, sa.func.count())
        .select_from(Escalation)
        .outerjoin(Match, Match.id == Escalation.match_id)
        .join(Listing, Listing.id == sa.func.coalesce(Match.need_id, Escalation.need_id))
        .where(fold.area, Escalation.closed_at.is_(None), Escalation.told_at.is_not(None))
        .group_by(Match.service_point_id, Listing.division_code)
    )
    for point, division, count in rows:
        figures = fold.at(point, division)
        if figures is not None:
            figures.told += count


def _assigned(fold: _Fold) -> None:
    rows = fold.session.execute(
        sa.select(NeedAssignment.person_id, Listing.division_code, sa.func.count())
        .join(Listing, Listing.id == NeedAssignment.need_id)
        .where(fold.area, is_unclaimed())
        .group_by(NeedAssignment.person_id, Listing.division_code)
    )
    for person_id, division, count in rows:
        if fold.at(None, division) is not None:
            fold.hands[person_id][1] += count


def _workers(fold: _Fold) -> tuple[WorkerFigures, ...]:
    """Who serves in the scope, and whoever has cases of it; those with most first."""
    point_id = fold.scope.point_id
    at_point = None if point_id is None else Assignment.service_point_id == point_id
    serving = {
        one.person_id: one
        for one in workers(fold.session, at_point)
        if fold.scope.point_id is not None
        or any(p.startswith(fold.scope.prefixes) for post in one.posts for p in post.prefixes)
    }
    ids = sorted({*serving, *fold.hands})
    people = fold.session.execute(
        sa.select(Person.id, Person.public_id, Person.name).where(Person.id.in_(ids))
    )
    settings, away = all_centre_settings(fold.session), stand_ins_of(fold.session, ids)
    limit = settings.of(fold.scope.prefixes[0] if fold.scope.prefixes else None).caseload_limit
    found = []
    for person_id, public_id, name in people:
        matches, needs = fold.hands.get(person_id, (0, 0))
        posts = serving[person_id].posts if person_id in serving else ()
        points = tuple(dict.fromkeys(post.point_id for post in posts))
        found.append(
            WorkerFigures(
                person_id, public_id, name, points, matches, needs, limit, person_id in away
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.in_hand, one.person_id)))
