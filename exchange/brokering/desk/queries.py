"""What stands on a worker's desk today, in a fixed number of queries whatever the number of cases.

First every case is placed from a few columns; whole matches are loaded for the shown ones alone.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.kinds import MembershipState
from exchange.accounts.models import Membership, Person
from exchange.brokering.board.postponing_queries import is_awake
from exchange.brokering.centre.escalation_queries import patience_of
from exchange.brokering.centre.escalation_rules import day_after
from exchange.brokering.centre.settings import all_centre_settings
from exchange.brokering.deeds.kinds import FollowUpState
from exchange.brokering.deeds.models import Delivery, FollowUp
from exchange.brokering.deeds.rules import UNDER_WAY
from exchange.brokering.desk.promise_queries import OpenQuestion, due_followups, open_questions
from exchange.brokering.desk.rules import (
    KEPT_AFTER_END,
    OF_MATCHES,
    SIDES,
    Case,
    Group,
    Place,
    in_order,
    place,
)
from exchange.brokering.kinds import LIVE_STATES, MatchState
from exchange.brokering.models import Commitment, Match, MatchSide, Outcome, TimelineEntry
from exchange.brokering.queries import WHOLE
from exchange.brokering.rules import Party
from exchange.kernel.actor import Actor
from exchange.kernel.clock import civil_date
from exchange.listings.kinds import OPEN_STATES, Side
from exchange.listings.models import Listing

ENDED = (MatchState.DECLINED, MatchState.LAPSED)


@dataclass(frozen=True)
class Day:
    """A moment and the civil day it falls on, where the site is."""

    now: datetime
    time_zone: str

    @property
    def today(self) -> date:
        """The civil day."""
        return civil_date(self.now, self.time_zone)


@dataclass(frozen=True)
class _Promise:
    """Of one match: the first day on which something open is due; whether all has come."""

    due_on: date | None
    all_came: bool


def places_today(session: Session, actor: Actor, day: Day) -> dict[Group, list[Place]]:
    """Every match of the actor, and of those they stand in for, that waits for them; by group, the
    most pressing first. Eight queries.
    """
    settings = all_centre_settings(session)
    groups: dict[Group, list[Place]] = defaultdict(list)
    for case, division_code in _cases(session, actor, day):
        patience = patience_of(settings.of(division_code))
        found = place(case, day.now, day.today, patience)
        if found is not None:
            groups[found.group].append(found)
    return {group: in_order(groups[group]) for group in OF_MATCHES if groups[group]}


def matches_with_ids(session: Session, ids: Collection[int]) -> dict[int, Match]:
    """Whole matches by id; four queries, and none for none."""
    if not ids:
        return {}
    query = sa.select(Match).where(Match.id.in_(sorted(ids))).options(*WHOLE)
    return {match.id: match for match in session.scalars(query).unique()}


def _cases(session: Session, actor: Actor, day: Day) -> list[tuple[Case, str | None]]:
    rows = session.execute(_rows(actor, day)).all()
    hands = actor.hands
    promises = _promises(session, hands)
    questions: dict[int, OpenQuestion] = {}
    for one in open_questions(session, hands):
        questions.setdefault(one.match_id, one)
    looks = {one.match_id: one.due_on for one in reversed(due_followups(session, hands, day.today))}
    without = _without_account(session, hands)
    return [
        (_case(row, day, promises, questions, looks, without), row.division_code) for row in rows
    ]


def _case(
    row: sa.Row[Any],
    day: Day,
    promises: Mapping[int, _Promise],
    questions: Mapping[int, OpenQuestion],
    looks: Mapping[int, date],
    without: Collection[int],
) -> Case:
    promise = promises.get(row.id, _Promise(None, all_came=False))
    question = questions.get(row.id)
    owners = {Party.NEED: row.need_owner, Party.OFFER: row.offer_owner}
    return Case(
        match_id=row.id,
        state=row.state,
        answers={Party.NEED: row.need_answer, Party.OFFER: row.offer_answer},
        touched=row.updated_at,
        remind_at=row.remind_at,
        lapses_on=civil_date(row.lapses_at, day.time_zone) if row.lapses_at else None,
        due_on=promise.due_on,
        overdue_from=_overdue_from(promise.due_on, day.time_zone),
        all_came=promise.all_came,
        has_outcome=row.has_outcome,
        unreachable=frozenset(side for side in SIDES if owners[side] in without),
        question=question.code if question else "",
        follow_up_on=looks.get(row.id),
        happened=question.since if question else _happened(row),
    )


def _happened(row: sa.Row[Any]) -> datetime | None:
    """When the match came to stand where it stands; what is written about it since moves no day."""
    if row.state is MatchState.CLAIMED:
        found = row.created_at
    elif row.state is MatchState.PROPOSED:
        found = max((at for at in (row.need_at, row.offer_at) if at), default=row.proposed_at)
    elif row.state is MatchState.INTRODUCED:
        found = row.introduced_at
    else:
        found = row.came_at if row.state in UNDER_WAY else row.closed_at
    return cast("datetime | None", found)


def _overdue_from(due_on: date | None, time_zone: str) -> datetime | None:
    if due_on is None:
        return None
    return datetime.combine(day_after(due_on), time.min, tzinfo=ZoneInfo(time_zone))


def _rows(actor: Actor, day: Day) -> sa.Select[*tuple[Any, ...]]:
    """A few columns of each match that may wait for the actor."""
    need, offer = aliased(MatchSide), aliased(MatchSide)
    outcome = sa.exists().where(Outcome.match_id == Match.id)
    came = sa.select(sa.func.max(Delivery.recorded_at)).where(
        Delivery.match_id == Match.id, Delivery.struck_at.is_(None)
    )
    return (
        sa.select(
            Match.id, Match.state, Match.updated_at, Match.remind_at, Match.lapses_at,
            Match.created_at, Match.proposed_at, Match.introduced_at, Match.closed_at,
            Listing.division_code, outcome.label("has_outcome"),
            came.scalar_subquery().label("came_at"),
            need.answer.label("need_answer"), offer.answer.label("offer_answer"),
            need.answered_at.label("need_at"), offer.answered_at.label("offer_at"),
            need.organisation_id.label("need_owner"), offer.organisation_id.label("offer_owner"),
        )
        .join(Listing, Listing.id == Match.need_id)
        .join(need, sa.and_(need.match_id == Match.id, need.side == Side.NEED))
        .join(offer, sa.and_(offer.match_id == Match.id, offer.side == Side.OFFER))
        .where(Match.broker_id.in_(actor.hands), _may_wait(day), is_awake(day.today))
        .order_by(Match.id)
    )  # fmt: skip


def _may_wait(day: Day) -> ColumnElement[bool]:
    """What goes on; what is completed until its file is closed and the last look was taken; a no
    or a lapse that waits for what comes next.
    """
    open_look = sa.exists().where(
        FollowUp.match_id == Match.id, FollowUp.state == FollowUpState.OPEN
    )
    due_look = sa.exists().where(
        FollowUp.match_id == Match.id,
        FollowUp.state == FollowUpState.OPEN,
        FollowUp.due_on <= day.today,
    )
    return sa.or_(
        Match.state.in_(LIVE_STATES),
        due_look,
        sa.and_(Match.state == MatchState.COMPLETED, sa.not_(open_look)),
        waits_for_next(day.now),
    )


def waits_for_next(now: datetime) -> ColumnElement[bool]:
    """As a condition on Match and its need, a Listing: a no or a lapse of these days while nobody
    has taken anything else up for the need.
    """
    another = aliased(Match)
    goes_on = sa.exists().where(
        another.need_id == Match.need_id, another.state.in_(LIVE_STATES)
    )
    gone_on = sa.exists().where(
        TimelineEntry.match_id == Match.id, TimelineEntry.code == "next_taken_up"
    )
    return sa.and_(
        Match.state.in_(ENDED),
        Match.closed_at >= now - KEPT_AFTER_END,
        Listing.state.in_(OPEN_STATES),
        Listing.held_at.is_(None),
        sa.not_(goes_on),
        sa.not_(gone_on),
    )


def _promises(session: Session, hands: Sequence[int]) -> dict[int, _Promise]:
    """What is agreed in matches under way."""
    is_open = Commitment.delivered_milli < Commitment.taken_milli
    query = (
        sa.select(
            Commitment.match_id,
            sa.func.min(sa.case((is_open, Commitment.due_on))),
            sa.func.sum(sa.case((is_open, 1), else_=0)),
        )
        .join(Match, Match.id == Commitment.match_id)
        .where(
            Match.broker_id.in_(hands), Match.state.in_(UNDER_WAY), Commitment.released_at.is_(None)
        )
        .group_by(Commitment.match_id)
    )
    return {
        match_id: _Promise(due_on, all_came=not still_open)
        for match_id, due_on, still_open in session.execute(query)
    }


def _without_account(session: Session, hands: Sequence[int]) -> frozenset[int]:
    """Owners that were asked and have not answered, none of whose people can sign in: no message
    reaches them.
    """
    has_account = sa.exists().where(
        Membership.organisation_id == MatchSide.organisation_id,
        Membership.state == MembershipState.ACTIVE,
        Person.id == Membership.person_id,
        Person.closed_at.is_(None),
        Person.password_hash.is_not(None),
    )
    query = (
        sa.select(MatchSide.organisation_id)
        .join(Match, Match.id == MatchSide.match_id)
        .where(
            Match.broker_id.in_(hands), Match.state == MatchState.PROPOSED, sa.not_(has_account)
        )
        .distinct()
    )
    return frozenset(session.scalars(query))
