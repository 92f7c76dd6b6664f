"""What a desk asks: promises and follow-ups whose day is near or past, disputes that wait.

All for the brokers given, who may be one worker or all of a centre.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.brokering.deeds.kinds import ChangeState, FollowUpKind, FollowUpState
from exchange.brokering.deeds.models import CommitmentChange, Delivery, FollowUp
from exchange.brokering.deeds.rules import DUE_DAYS, UNDER_WAY
from exchange.brokering.models import Commitment, Match


@dataclass(frozen=True)
class DueCommitment:
    """Something promised and not all delivered, in thousandths of the offer's unit."""

    match_id: int
    match_public_id: str
    broker_id: int
    commitment_id: int
    commitment_public_id: str
    due_on: date
    open_milli: int
    is_overdue: bool


@dataclass(frozen=True)
class DueFollowUp:
    """A completed match that is to be looked at again."""

    match_id: int
    match_public_id: str
    broker_id: int
    kind: FollowUpKind
    due_on: date
    is_overdue: bool


@dataclass(frozen=True)
class OpenQuestion:
    """A delivery that a side contradicts, or a change that waits for an answer; since when."""

    match_id: int
    match_public_id: str
    broker_id: int
    since: datetime | None
    code: str


def due_commitments(
    session: Session, broker_ids: Collection[int], today: date, days: int = DUE_DAYS
) -> Sequence[DueCommitment]:
    """What is promised until so many days ahead and has not all come, the longest due first."""
    if not broker_ids:
        return ()
    query = (
        sa.select(Commitment, Match.public_id, Match.broker_id)
        .join(Match, Match.id == Commitment.match_id)
        .where(
            Match.broker_id.in_(sorted(broker_ids)),
            Match.state.in_(UNDER_WAY),
            Commitment.released_at.is_(None),
            Commitment.due_on <= today + timedelta(days=days),
            Commitment.delivered_milli < Commitment.taken_milli,
        )
        .order_by(Commitment.due_on, Commitment.id)
    )
    return [
        DueCommitment(
            item.match_id,
            public_id,
            broker_id,
            item.id,
            item.public_id,
            item.due_on,
            item.taken_milli - item.delivered_milli,
            is_overdue=item.due_on < today,
        )
        for item, public_id, broker_id in session.execute(query)
        if item.due_on is not None
    ]


def due_followups(
    session: Session, broker_ids: Collection[int], today: date, days: int = 0
) -> Sequence[DueFollowUp]:
    """Follow-ups whose day has come, or comes within so many days, the longest due first."""
    if not broker_ids:
        return ()
    query = (
        sa.select(FollowUp, Match.public_id, Match.broker_id)
        .join(Match, Match.id == FollowUp.match_id)
        .where(
            Match.broker_id.in_(sorted(broker_ids)),
            FollowUp.state == FollowUpState.OPEN,
            FollowUp.due_on <= today + timedelta(days=days),
        )
        .order_by(FollowUp.due_on, FollowUp.id)
    )
    return [
        DueFollowUp(row.match_id, public_id, broker_id, row.kind, row.due_on, row.due_on < today)
        for row, public_id, broker_id in session.execute(query)
    ]


def open_questions(session: Session, broker_ids: Collection[int]) -> Sequence[OpenQuestion]:
    """Disputed deliveries and changes that wait, by match: "disputed" before "change"."""
    if not broker_ids:
        return ()
    mine = sa.and_(Match.broker_id.in_(sorted(broker_ids)), Match.state.in_(UNDER_WAY))
    columns = (Match.id, Match.public_id, Match.broker_id)
    disputed = (
        sa.select(*columns, sa.func.min(Delivery.disputed_at))
        .join(Delivery, Delivery.match_id == Match.id)
        .where(
            mine,
            Delivery.disputed_at.is_not(None),
            Delivery.settled_at.is_(None),
            Delivery.struck_at.is_(None),
        )
        .group_by(*columns)
        .order_by(Match.id)
    )
    changes = (
        sa.select(*columns, sa.func.min(CommitmentChange.proposed_at))
        .join(CommitmentChange, CommitmentChange.match_id == Match.id)
        .where(mine, CommitmentChange.state == ChangeState.OPEN)
        .group_by(*columns)
        .order_by(Match.id)
    )
    return [
        *(OpenQuestion(*row, "disputed") for row in session.execute(disputed)),
        *(OpenQuestion(*row, "change") for row in session.execute(changes)),
    ]
