"""Which cases are in a worker's hands, whatever they are, and how each passes to somebody else.

Another subject of work adds its source to ``SOURCES``. A completed match counts as open until its
file is closed and nothing is left to look at again, a no or a lapse while the day's page asks what
comes next: whatever that page counts passes on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.absence.queries import stand_ins_of
from exchange.accounts.models import Assignment
from exchange.brokering.centre.caseload_models import NeedAssignment
from exchange.brokering.centre.caseload_queries import is_unclaimed, worker_with_id, workers
from exchange.brokering.centre.caseload_rules import Worker
from exchange.brokering.centre.caseload_service import least_loaded_at, pass_match, pass_need
from exchange.brokering.deeds.kinds import FollowUpState
from exchange.brokering.deeds.models import FollowUp
from exchange.brokering.desk.queries import waits_for_next
from exchange.brokering.kinds import LIVE_STATES, MatchState
from exchange.brokering.models import Match
from exchange.kernel.act import Act
from exchange.kernel.errors import Conflict
from exchange.listings.models import Listing

MATCH, NEED = "match", "need"


@dataclass(frozen=True)
class OpenCase:
    """One case: what it is, and where its need lies."""

    kind: str
    subject_id: int
    division_code: str | None
    need_id: int
    match_id: int | None = None

    @property
    def key(self) -> str:
        """As forms name it."""
        return f"{self.kind}-{self.subject_id}"


class CaseSource(Protocol):
    """A kind of work that is in one worker's hands."""

    kind: str

    def cases_of(self, session: Session, person_id: int, now: datetime) -> Iterable[OpenCase]:
        """What is open in somebody's hands."""
        ...

    def pass_on(self, act: Act, case: OpenCase, to: Worker, code: str) -> None:
        """Put one case into other hands; the listings of all cases are locked."""
        ...


class _Matches:
    kind = MATCH

    def cases_of(self, session: Session, person_id: int, now: datetime) -> list[OpenCase]:
        to_do = sa.or_(is_open_match(), waits_for_next(now))
        query = (
            sa.select(Match.id, Listing.division_code, Match.need_id)
            .join(Listing, Listing.id == Match.need_id)
            .where(Match.broker_id == person_id, to_do)
            .order_by(Match.id)
        )
        return [OpenCase(MATCH, k, code, need, k) for k, code, need in session.execute(query)]

    def pass_on(self, act: Act, case: OpenCase, to: Worker, code: str) -> None:
        match = act.session.scalars(
            sa.select(Match)
            .where(Match.id == case.subject_id)
            .with_for_update(of=Match)
            .execution_options(populate_existing=True)
        ).one()
        pass_match(act, match, to, code)


class _Needs:
    kind = NEED

    def cases_of(self, session: Session, person_id: int, now: datetime) -> list[OpenCase]:  # noqa: ARG002 - needs do not end by themselves
        query = (
            sa.select(NeedAssignment.need_id, Listing.division_code)
            .join(Listing, Listing.id == NeedAssignment.need_id)
            .where(NeedAssignment.person_id == person_id, is_unclaimed())
            .order_by(NeedAssignment.need_id)
        )
        return [OpenCase(NEED, key, code, key) for key, code in session.execute(query)]

    def pass_on(self, act: Act, case: OpenCase, to: Worker, code: str) -> None:  # noqa: ARG002 - needs have no timeline
        need = act.session.get_one(Listing, case.subject_id)
        kept = act.session.get(NeedAssignment, need.id, populate_existing=True)
        pass_need(act, need, kept, to)


SOURCES: dict[str, CaseSource] = {MATCH: _Matches(), NEED: _Needs()}


def is_open_match() -> ColumnElement[bool]:
    """As a condition on Match: there is something left to do, be it the judgement at its end or
    a day on which it is looked at again.
    """
    follow_up = sa.exists().where(
        FollowUp.match_id == Match.id, FollowUp.state == FollowUpState.OPEN
    )
    return sa.or_(Match.state.in_((*LIVE_STATES, MatchState.COMPLETED)), follow_up)


def open_cases_of(session: Session, person_id: int, now: datetime) -> list[OpenCase]:
    """Everything in a worker's hands, in a fixed number of queries."""
    return [case for one in SOURCES.values() for case in one.cases_of(session, person_id, now)]


def lock_cases(act: Act, cases: Iterable[OpenCase]) -> None:
    """Lock the listings of the cases in the order of their ids, as everybody does."""
    cases = list(cases)
    matches = sorted({case.match_id for case in cases if case.match_id is not None})
    offers = sa.select(Match.offer_id).where(Match.id.in_(matches))
    needs = sorted({case.need_id for case in cases})
    lock = sa.select(Listing.id).where(sa.or_(Listing.id.in_(needs), Listing.id.in_(offers)))
    act.session.execute(lock.order_by(Listing.id).with_for_update(of=Listing)).all()


def keep_duty_with_cases(act: Act, person_id: int) -> None:
    """A duty that ends leaves no case behind that the worker then serves nowhere.

    Raises Conflict "duty_open_cases" with ``count``. The duty's row is locked by its end, and
    whoever gives a case holds that row, so that none comes in between.
    """
    worker = worker_with_id(act.session, person_id)
    left = [
        case
        for case in open_cases_of(act.session, person_id, act.now)
        if worker is None or not worker.serves(case.division_code)
    ]
    if left:
        raise Conflict("duty_open_cases", count=len(left))


def take_in_work_of(act: Act, point_id: int, parent_id: int) -> None:
    """A point has closed: its open work goes to the parent.

    Who serves the place elsewhere keeps their cases; the others' go to those at the parent with
    the fewest. Raises Conflict where nobody there can take them.
    """
    here = workers_of_closed(act.session, point_id)
    cases = [case for one in here for case in open_cases_of(act.session, one, act.now)]
    lock_cases(act, cases)
    for person_id in here:
        stays = worker_with_id(act.session, person_id)
        for case in open_cases_of(act.session, person_id, act.now):
            if stays is not None and stays.serves(case.division_code):
                to: Worker | None = stays
            else:
                to = least_loaded_at(act, parent_id, case.division_code)
            if to is None:
                raise Conflict("point_without_workers")
            SOURCES[case.kind].pass_on(act, case, to, "assigned")
    _move_rest(act, point_id, parent_id)


def _move_rest(act: Act, point_id: int, parent_id: int) -> None:
    """Whatever else was at the point is at its parent; row by row, as the audit keeps it."""
    matches = sa.select(Match).where(Match.service_point_id == point_id)
    needs = sa.select(NeedAssignment).where(NeedAssignment.service_point_id == point_id)
    rows: list[Match | NeedAssignment] = [
        *act.session.scalars(
            matches.order_by(Match.id)
            .with_for_update(of=Match)
            .execution_options(populate_existing=True)
        ),
        *act.session.scalars(
            needs.order_by(NeedAssignment.need_id)
            .with_for_update(of=NeedAssignment)
            .execution_options(populate_existing=True)
        ),
    ]
    for row in rows:
        row.service_point_id = parent_id
    act.session.flush()


def workers_of_closed(session: Session, point_id: int) -> list[int]:
    """Ids of those whose duties at a point have not ended yet."""
    query = sa.select(Assignment.person_id).where(
        Assignment.service_point_id == point_id, Assignment.ended_at.is_(None)
    )
    return sorted(set(session.scalars(query)))


def receivers_for(session: Session, cases: Iterable[OpenCase], but: int) -> list[Worker]:
    """Who is there and serves the place of at least one of the cases, by id; two queries."""
    codes = {case.division_code for case in cases}
    found = [one for one in workers(session) if one.person_id != but]
    away = stand_ins_of(session, [one.person_id for one in found])
    return [
        one
        for one in found
        if one.person_id not in away and any(one.serves(code) for code in codes)
    ]
