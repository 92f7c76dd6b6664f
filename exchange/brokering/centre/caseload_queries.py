"""Who works where and how much each has in hand."""

from collections.abc import Collection, Iterable, Sequence
from enum import Enum

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.models import Assignment, Person, ServicePoint, ServicePointDivision
from exchange.brokering.centre.caseload_models import NeedAssignment
from exchange.brokering.centre.caseload_rules import Post, Worker
from exchange.brokering.kinds import LIVE_STATES
from exchange.brokering.models import Match
from exchange.kernel.actor import Duty
from exchange.listings.kinds import OPEN_STATES, Side
from exchange.listings.models import Listing


class Lock(Enum):
    """How duties are held until an act ends."""

    SHARED = "shared"
    ALONE = "alone"


def is_open_need() -> ColumnElement[bool]:
    """As a condition on Listing: a need that is published and not used up."""
    return sa.and_(Listing.side == Side.NEED, Listing.state.in_(OPEN_STATES))


def has_live_match() -> ColumnElement[bool]:
    """As a condition on Listing: somebody has taken a pair of this need up."""
    live = sa.exists().where(Match.need_id == Listing.id, Match.state.in_(LIVE_STATES))
    return live.correlate(Listing)


def is_unclaimed() -> ColumnElement[bool]:
    """As a condition on Listing: an open need that nobody has taken up."""
    return sa.and_(is_open_need(), sa.not_(has_live_match()))


def is_waiting() -> ColumnElement[bool]:
    """As a condition on Listing: an open need that somebody could take up now. Not one that is
    being looked into.
    """
    return sa.and_(is_unclaimed(), Listing.held_at.is_(None))


def is_in_nobodys_hands() -> ColumnElement[bool]:
    """As a condition on Listing: an open need that nobody has taken up or has in hand."""
    in_hand = sa.exists().where(NeedAssignment.need_id == Listing.id).correlate(Listing)
    return sa.and_(is_waiting(), sa.not_(in_hand))


def workers(
    session: Session, where: ColumnElement[bool] | None = None, *, lock: Lock | None = None
) -> list[Worker]:
    """Who has an open duty at an open point, by id, in one query. ``where``: on Assignment.

    With a ``lock`` nobody ends these duties before the act ends: a case is given only to somebody
    who stays. With ``Lock.ALONE`` nobody else holds them meanwhile, either: what one has in hand
    can be counted before more is taken.
    """
    query = (
        sa.select(
            Person.id, Person.public_id, Person.name, Assignment.service_point_id,
            Assignment.duty, ServicePointDivision.prefix,
        )
        .select_from(Assignment)
        .join(Person, Person.id == Assignment.person_id)
        .join(ServicePoint, ServicePoint.id == Assignment.service_point_id)
        .join(ServicePointDivision, ServicePointDivision.service_point_id == ServicePoint.id)
        .where(
            Assignment.ended_at.is_(None), ServicePoint.closed_at.is_(None),
            Person.closed_at.is_(None), sa.true() if where is None else where,
        )
        .order_by(Person.id, Assignment.id, ServicePointDivision.prefix)
    )  # fmt: skip
    if lock is not None:
        alone = lock is Lock.ALONE
        query = query.with_for_update(of=Assignment, read=not alone, key_share=alone)
    people: dict[int, tuple[str, str]] = {}
    posts: dict[int, dict[tuple[int, bool], list[str]]] = {}
    for person_id, public_id, name, point_id, duty, prefix in session.execute(query):
        people[person_id] = (public_id, name)
        key = point_id, duty is Duty.SUPERVISOR
        posts.setdefault(person_id, {}).setdefault(key, []).append(prefix)
    return [
        Worker(
            person_id, *who,
            tuple(Post(point, tuple(p), boss) for (point, boss), p in posts[person_id].items()),
        )
        for person_id, who in people.items()
    ]  # fmt: skip


def worker_with_id(session: Session, person_id: int, *, lock: Lock | None = None) -> Worker | None:
    """One of them."""
    found = workers(session, Assignment.person_id == person_id, lock=lock)
    return found[0] if found else None


def person_called(session: Session, public_id: str) -> Person | None:
    """Whoever has this public id."""
    return session.scalar(sa.select(Person).where(Person.public_id == public_id))


def cases_in_hand(
    session: Session, person_ids: Collection[int], *, but_need: int | None = None
) -> dict[int, int]:
    """Live matches and assigned needs by person, in two queries; whoever has none is left out.

    ``but_need`` is left out of the needs: it is about to become a match, or to change hands.
    """
    wanted = sorted(set(person_ids))
    counts: dict[int, int] = {}
    for query in (
        sa.select(Match.broker_id, sa.func.count())
        .where(Match.broker_id.in_(wanted), Match.state.in_(LIVE_STATES))
        .group_by(Match.broker_id),
        sa.select(NeedAssignment.person_id, sa.func.count())
        .join(Listing, Listing.id == NeedAssignment.need_id)
        .where(
            NeedAssignment.person_id.in_(wanted),
            NeedAssignment.need_id.is_distinct_from(but_need),
            is_unclaimed(),
        )
        .group_by(NeedAssignment.person_id),
    ):
        for person_id, count in session.execute(query):
            counts[person_id] = counts.get(person_id, 0) + count
    return counts


def assignments_of(session: Session, need_ids: Iterable[int]) -> dict[int, NeedAssignment]:
    """In whose hands these needs are, with the people, in one query."""
    query = (
        sa.select(NeedAssignment)
        .options(joinedload(NeedAssignment.person, innerjoin=True))
        .where(NeedAssignment.need_id.in_(sorted(set(need_ids))))
    )
    return {one.need_id: one for one in session.scalars(query)}


def brokers_of_needs(session: Session, need_ids: Iterable[int]) -> dict[int, list[str]]:
    """The names of those who broker the live matches of these needs, each once, in one query."""
    query = (
        sa.select(Match.need_id, Person.name)
        .join(Person, Person.id == Match.broker_id)
        .where(Match.need_id.in_(sorted(set(need_ids))), Match.state.in_(LIVE_STATES))
        .group_by(Match.need_id, Person.id, Person.name)
        .order_by(Match.need_id, Person.id)
    )
    found: dict[int, list[str]] = {}
    for need_id, name in session.execute(query):
        found.setdefault(need_id, []).append(name)
    return found


def assigned_needs(session: Session, person_ids: Sequence[int]) -> Sequence[NeedAssignment]:
    """Open needs in these people's hands that nobody has taken up, the oldest first."""
    query = (
        sa.select(NeedAssignment)
        .join(Listing, Listing.id == NeedAssignment.need_id)
        .options(
            sa.orm.contains_eager(NeedAssignment.need).joinedload(
                Listing.organisation, innerjoin=True
            )
        )
        .where(NeedAssignment.person_id.in_(person_ids), is_unclaimed())
        .order_by(NeedAssignment.assigned_at, NeedAssignment.need_id)
    )
    return session.scalars(query).all()
