"""Counting how an organisation's introductions as a giver went, after each step of one."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.brokering.kinds import DONE_STATES, Answer, CloseReason, MatchState
from exchange.brokering.models import Match, MatchSide
from exchange.brokering.rules import BROKEN
from exchange.jobs.registry import Payload, Run, job
from exchange.jobs.service import enqueue
from exchange.kernel.act import Act
from exchange.listings.kinds import Side
from exchange.matching.records import keep_record
from exchange.matching.values import Record


@job("brokering.keep_record")
def keep_record_job(run: Run, payloads: Sequence[Payload]) -> None:
    """Count anew for these organisations; a second run finds the same."""
    for payload in payloads:
        with run.act() as act:
            organisation_id = payload["organisation_id"]
            keep_record(act, organisation_id, record_of(act.session, organisation_id))


def request_record(act: Act, match: Match) -> None:
    """Have the giver's record counted after this act commits."""
    giver = match.offer.organisation_id
    enqueue(act, keep_record_job, {"organisation_id": giver}, key=str(giver))


def record_of(session: Session, organisation_id: int) -> Record:
    """From the matches in which it is the giver.

    Asked: answered, or let lapse without an answer. A proposal that ended otherwise, or still
    waits, says nothing. Broken: failed because nothing or something bad was delivered.
    """
    answered = MatchSide.answer != Answer.PENDING
    ignored = (MatchSide.answer == Answer.PENDING) & (
        (Match.state == MatchState.LAPSED) & (Match.close_reason == CloseReason.NO_ANSWER)
    )
    broken = (Match.state == MatchState.FAILED) & Match.close_reason.in_(BROKEN)
    counts = (_count(answered | ignored), _count(answered), _count(Match.state.in_(DONE_STATES)))
    query = (
        sa.select(*counts, _count(broken))
        .join(Match, Match.id == MatchSide.match_id)
        .where(MatchSide.organisation_id == organisation_id, MatchSide.side == Side.OFFER)
    )
    return Record(*session.execute(query).one())


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
