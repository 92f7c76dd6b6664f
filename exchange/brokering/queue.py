"""A broker's day: which of their matches wait for them, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.brokering.kinds import LIVE_STATES, Answer, MatchState
from exchange.brokering.models import Commitment, Match
from exchange.brokering.postponing_queries import is_awake
from exchange.brokering.queries import WHOLE
from exchange.kernel.actor import Actor
from exchange.listings.kinds import Side

DUE_DAYS = 3


@dataclass(frozen=True)
class Task:
    """One match and the reason why it is here today."""

    match: Match
    code: str
    due_on: date | None = None


def tasks_of(session: Session, actor: Actor, today: date) -> tuple[Task, ...]:
    """The live matches of a broker that wait for them, the pressing ones first; three queries.

    Those of whom they stand in for are among them; what rests until a later day is not.
    """
    query = (
        sa.select(Match)
        .where(Match.broker_id.in_(actor.hands), Match.state.in_(LIVE_STATES), is_awake(today))
        .options(*WHOLE)
        .order_by(Match.updated_at, Match.id)
    )
    matches = session.scalars(query).unique().all()
    due = _due_dates(session, [match.id for match in matches])
    tasks = [task for match in matches if (task := task_of(match, due.get(match.id), today))]
    order = ("due", "answer_arrived", "agree_amount", "to_propose")
    return tuple(sorted(tasks, key=lambda task: order.index(task.code)))


def task_of(match: Match, due_on: date | None, today: date) -> Task | None:
    """Why a match waits for its broker, or None when it waits for somebody else."""
    if due_on is not None and due_on <= today + timedelta(days=DUE_DAYS):
        return Task(match, "due", due_on)
    if match.state is MatchState.CLAIMED:
        return Task(match, "to_propose")
    if match.state is MatchState.INTRODUCED:
        return Task(match, "agree_amount")
    answered = any(match.side(side).answer is not Answer.PENDING for side in Side)
    if match.state is MatchState.PROPOSED and answered:
        return Task(match, "answer_arrived")
    return None


def live_count(session: Session, actor: Actor) -> int:
    """How many live matches a broker has in hand."""
    query = sa.select(sa.func.count()).select_from(Match)
    mine = query.where(Match.broker_id == actor.person_id, Match.state.in_(LIVE_STATES))
    return session.scalar(mine) or 0


def _due_dates(session: Session, match_ids: Sequence[int]) -> dict[int, date]:
    """The next day on which something undelivered is due, by match."""
    if not match_ids:
        return {}
    rows = session.execute(
        sa.select(Commitment.match_id, sa.func.min(Commitment.due_on))
        .where(
            Commitment.match_id.in_(match_ids),
            Commitment.released_at.is_(None),
            Commitment.due_on.is_not(None),
            Commitment.delivered_milli < Commitment.taken_milli,
        )
        .group_by(Commitment.match_id)
    )
    return {match_id: due_on for match_id, due_on in rows if due_on}
