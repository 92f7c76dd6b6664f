"""Reading matches."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.elements import ColumnElement

from exchange.accounts.absence.queries import stand_ins_of, with_stand_ins
from exchange.accounts.models import Assignment, ServicePoint, ServicePointDivision
from exchange.brokering.kinds import LIVE_STATES, Answer, EndCause, MatchState
from exchange.brokering.models import ContactReveal, Match, MatchSide, TimelineEntry
from exchange.brokering.permissions import can_see, visible_to
from exchange.kernel.actor import WHOLE_COUNTRY, Actor, Duty, ancestors
from exchange.kernel.errors import NotFound
from exchange.listings.models import Listing

WHOLE = (
    joinedload(Match.need, innerjoin=True).joinedload(Listing.organisation, innerjoin=True),
    joinedload(Match.offer, innerjoin=True).joinedload(Listing.organisation, innerjoin=True),
    joinedload(Match.need, innerjoin=True).selectinload(Listing.coverage),
    joinedload(Match.offer, innerjoin=True).selectinload(Listing.coverage),
    joinedload(Match.broker, innerjoin=True),
    selectinload(Match.sides),
)


def match_by_public_id(session: Session, public_id: str) -> Match | None:
    """A match with both listings, its broker and its sides."""
    return session.scalar(sa.select(Match).where(Match.public_id == public_id).options(*WHOLE))


def seen_match(session: Session, actor: Actor, public_id: str) -> Match:
    """The same for whoever may know of it. Raises NotFound for everybody else."""
    match = match_by_public_id(session, public_id)
    if match is None or not can_see(actor, match):
        raise NotFound
    return match


def timeline_of(session: Session, match_id: int, *, internal: bool) -> Sequence[TimelineEntry]:
    """Everything that happened, newest first; internal entries only for brokers."""
    query = sa.select(TimelineEntry).where(TimelineEntry.match_id == match_id)
    if not internal:
        query = query.where(TimelineEntry.is_internal.is_(False))
    query = query.options(joinedload(TimelineEntry.person)).order_by(TimelineEntry.id.desc())
    return session.scalars(query).all()


def own_match_of(session: Session, actor: Actor, need_id: int, offer_id: int) -> Match | None:
    """The match of a pair that goes on in the actor's own hands, or in those they stand in for."""
    query = sa.select(Match).where(
        Match.need_id == need_id,
        Match.offer_id == offer_id,
        Match.state.in_(LIVE_STATES),
        Match.broker_id.in_(actor.hands),
    )
    return session.scalars(query.limit(1)).first()


def ended_with(session: Session, match_id: int) -> EndCause | None:
    """What happened to one of the two sides, where a match ended by that."""
    query = (
        sa.select(TimelineEntry)
        .where(TimelineEntry.match_id == match_id, TimelineEntry.code == "lapsed")
        .order_by(TimelineEntry.id.desc())
    )
    last = session.scalars(query.limit(1)).first()
    cause = last.params.get("cause") if last else None
    return EndCause(cause) if cause else None


def is_proposer(session: Session, match: Match, person_id: int | None) -> bool:
    """Whether the person took the match up or asked the sides: they answer for none of them."""
    if person_id is None or person_id == match.broker_id:
        return person_id is not None
    query = sa.select(TimelineEntry.id).where(
        TimelineEntry.match_id == match.id,
        TimelineEntry.code == "proposed",
        TimelineEntry.person_id == person_id,
    )
    return session.execute(query.limit(1)).first() is not None


def brokers_in_charge(session: Session, match: Match) -> set[int]:
    """The broker while they serve the need's place, else the supervisors of the place.

    In place of those who are away, whoever stands in for them.
    """
    duties = _duties_at(session, match.need.division_code)
    in_charge = stand_ins_of(session, (match.broker_id,)).get(match.broker_id, match.broker_id)
    if any(person_id == in_charge for person_id, _duty in duties):
        return {in_charge}
    return with_stand_ins(
        session, {person_id for person_id, duty in duties if duty is Duty.SUPERVISOR}
    )


def supervisors_of(session: Session, division_code: str | None) -> set[int]:
    """Ids of those who supervise a place."""
    duties = _duties_at(session, division_code)
    return {person_id for person_id, duty in duties if duty is Duty.SUPERVISOR}


def _duties_at(session: Session, division_code: str | None) -> list[tuple[int, Duty]]:
    """Who serves or supervises a place."""
    query = (
        sa.select(Assignment.person_id, Assignment.duty)
        .join(ServicePoint, ServicePoint.id == Assignment.service_point_id)
        .join(ServicePointDivision, ServicePointDivision.service_point_id == ServicePoint.id)
        .where(
            ServicePointDivision.prefix.in_(ancestors(division_code or WHOLE_COUNTRY)),
            Assignment.ended_at.is_(None),
            ServicePoint.closed_at.is_(None),
        )
    )
    return [(person_id, duty) for person_id, duty in session.execute(query)]


def reveal_of(
    session: Session, match_id: int, shown_to_id: int, contact_id: int
) -> ContactReveal | None:
    """The record that somebody was shown a contact in a match."""
    return session.scalar(
        sa.select(ContactReveal).where(
            ContactReveal.match_id == match_id,
            ContactReveal.shown_to_id == shown_to_id,
            ContactReveal.contact_id == contact_id,
        )
    )


def matches_visible(
    session: Session,
    actor: Actor,
    *,
    states: Sequence[MatchState] = LIVE_STATES,
    mine_only: bool = False,
    as_side: bool = False,
    before_id: int | None = None,
    limit: int = 30,
) -> Sequence[Match]:
    """Matches that the actor may see, newest first. ``mine_only``: those they broker themselves;
    ``as_side``: those of which one of their organisations is a side.
    """
    conditions: list[ColumnElement[bool]] = [visible_to(actor), Match.state.in_(states)]
    if mine_only:
        conditions.append(Match.broker_id == actor.person_id)
    if as_side:
        sides = sa.exists().where(
            MatchSide.match_id == Match.id,
            MatchSide.organisation_id.in_(sorted(actor.organisation_ids)),
        )
        conditions.append(sides)
    if before_id is not None:
        conditions.append(Match.id < before_id)
    query = sa.select(Match).where(*conditions).options(*WHOLE)
    return session.scalars(query.order_by(Match.id.desc()).limit(limit)).unique().all()


def live_of_listing(
    session: Session, actor: Actor, listing_id: int, limit: int = 20
) -> Sequence[Match]:
    """What goes on with a listing, as far as the actor may see it, the newest first."""
    query = (
        sa.select(Match)
        .where(
            visible_to(actor),
            Match.state.in_(LIVE_STATES),
            sa.or_(Match.need_id == listing_id, Match.offer_id == listing_id),
        )
        .options(*WHOLE)
        .order_by(Match.id.desc())
        .limit(limit)
    )
    return session.scalars(query).unique().all()


def waiting_for_answer(session: Session, actor: Actor, limit: int = 20) -> Sequence[Match]:
    """Proposals that one of the actor's organisations has not answered yet, oldest first."""
    pending = sa.exists().where(
        MatchSide.match_id == Match.id,
        MatchSide.organisation_id.in_(sorted(actor.organisation_ids)),
        MatchSide.answer == Answer.PENDING,
    )
    query = (
        sa.select(Match)
        .where(Match.state == MatchState.PROPOSED, pending)
        .options(*WHOLE)
        .order_by(Match.proposed_at, Match.id)
        .limit(limit)
    )
    return session.scalars(query).unique().all()
